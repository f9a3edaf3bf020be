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
};
