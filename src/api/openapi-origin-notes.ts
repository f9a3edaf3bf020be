/**
 * What the fields of a merchant's origin mean, for the description of the API.
 */
export const ORIGIN_NOTES: Readonly<Record<string, string>> = {
  origin: "The shop's own servers, behind Cordon.",
  'origin.pool': 'The first that is well is asked; no server is named twice.',
  'origin.pool.[].url': 'https at a public name, on port 443 or 8443, without a path; no host of Cordon itself.',
  'origin.pool.[].country': 'Where it stands.',
  'origin.pool.[].priority': 'The lower is asked first.',
  'origin.pool.[].weight': 'Its share of the requests among servers of one priority.',
  'origin.sign': 'Whether requests are signed (RFC 9421), so that the origin can tell that they are Cordon’s.',
  'origin.mtls': 'The `mtls_certificates` binding whose certificate the origin is shown; without it none.',
  'origin.hide_headers': 'Headers of answers that no client sees, beside those that tell of servers anyhow.',
  'origin.keep_headers': 'Of those that are hidden anyhow, the ones that clients are to see.',
  'origin.health': 'Checks by the clock. Absent: only a server at which something failed is looked at.',
  'origin.health.path':
    'What Cordon asks for with GET. Anything but 200 to 399 means that the whole server is not well.',
  'origin.health.interval_seconds': 'How often, in whole minutes.',
  'origin.shared_idempotency':
    'A header by which all servers together know a payment that they had before. A request that carries it may be sent to another server although it may have reached one; absent: never.',
  'origin.timeout_seconds': 'Until an answer begins, where nothing is paid.',
};
