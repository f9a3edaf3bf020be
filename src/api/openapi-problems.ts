/**
 * What each code of a problem means to whoever gets it, and what to do. Status and title are `wire.ts`'s.
 */
import { type ProblemCode, problem } from '../wire.ts';

/** A code that wire.ts gains or loses does not compile here. */
export const PROBLEM_NOTES: Readonly<Record<ProblemCode, string>> = {
  ambiguous_path: 'Proxy only. The path could mean a protected one to a lenient server: write it as documented.',
  unreadable: 'Proxy only. The request of a protected route could not be read exactly; the field is named.',
  invalid_request: 'The body is no JSON, has a name twice, or a header or parameter is malformed.',
  unauthorized: 'No key, a wrong one, or one that was revoked.',
  not_signed_in: "Passkeys on a shop's host only. The customer's token is missing, wrong or over.",
  invalid_signature: 'Webhooks only. Send it as the processor signed it, within its time.',
  invalid_proof: 'Leases only. Renew with the `proof` that was told when this very lease was made.',
  challenge_required: 'Proxy only. Pass the `challenge`, then send the payment again with `Cordon-Pass`.',
  challenge_failed: 'Challenges only. The answer was not right; it counts.',
  challenge_expired: 'Challenges only. Send the payment again to get another.',
  challenge_unavailable: 'Challenges only. What runs or checks it does not answer. Try another method, or later.',
  forbidden: "The key lacks the scope, or the thing is another merchant's, or there is no such thing.",
  access_refused: 'The address is on the deny list. What is no payment hears it so.',
  payment_refused: 'Proxy only. The payment was refused; no reason is given.',
  https_required: 'Send it over https.',
  tls_version: 'Use a newer TLS version.',
  no_client_address: 'Proxy only. The request did not come through the edge.',
  not_found: 'No such call, or no such thing.',
  method_not_allowed: 'Proxy only. This method is not allowed on a protected path.',
  attack_mode_off: 'Switches only. Absent means off: write `attack_mode` into the configuration.',
  leases_off: 'Leases only. Absent means off: write `network.leases` into the configuration.',
  alerts_off: 'Alerts only. Absent means off: write `alerts` into the configuration.',
  list_limit: 'Both lists of a merchant hold 200,000 items together.',
  lease_limit: 'Leases only. Nothing was made: revoke one, wait until one ends, or raise `max_active`.',
  passkeys_off: 'Passkeys only. Absent means off: write `step_up.passkey` into the configuration.',
  passkey_limit: 'Passkeys only. Nothing was made: remove one, or raise `max_per_customer`.',
  lease_spent: 'Leases only. It ends at `expires_at`, and no renewal goes beyond `renewable_until`: make another.',
  conflict: 'A host of the configuration belongs to another merchant; or a feed of this name has another kind.',
  outcome_conflict:
    'Another final outcome is on record, or the attempt was refused. A late failure is counted all the same.',
  overtaken: 'Only with `If-Match`. Nothing was changed: read what is in force now, and write again.',
  too_large: 'The body is larger than 1 MiB.',
  unsupported_media_type: 'Proxy only. The body has another type than the route expects.',
  invalid_configuration: 'Nothing was changed. `errors` lists every fault with its path.',
  invalid_attempt: 'The body does not fit. `errors` lists every fault with its path.',
  unusable_feed: 'The text is none, or its source has none. What was in force before still is; `detail` says why.',
  passkey_refused:
    'Passkeys only. `detail` says why: another origin, a challenge that was used or is over, no user verification.',
  idempotency_key_reused: 'The Idempotency-Key was used with another body. Take a new key.',
  attempt_in_flight: 'Proxy only. An earlier attempt is not settled: try again after Retry-After.',
  rate_limited: 'Too many attempts from one address, answers to one challenge, or messages sent by hand: slow down.',
  internal_error: 'Nobody expected this. Try again; it is on record.',
  origin_error: "Proxy only. The shop's infrastructure answered in its place; the status is what it said.",
  origin_unreachable: "Proxy only. The shop's server cannot be reached.",
  not_guarded: 'Proxy only. The host is unknown, or has no good configuration.',
  unhealthy: 'A secret or a binding of the deployment is missing.',
  gate_unavailable: 'What holds the counters did not answer. Try again.',
  storage_unavailable:
    'What holds the configurations, or the record, did not answer, or was written a second ago. Try again.',
  records_off: 'The record only. The deployment has no binding `RECORDS`; payments do not need it.',
  loop_detected: "Proxy only. The shop's server is a host of Cordon, or sends its requests on to one.",
  outcome_unrecorded: 'Proxy only. The payment was declined, and that could not be recorded.',
  origin_timeout: "Proxy only. The shop's server did not answer in time.",
};

export interface KnownProblem {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly note: string;
  /** The whole answer. */
  readonly body: unknown;
}

export const PROBLEM_CODES = Object.keys(PROBLEM_NOTES) as readonly ProblemCode[];

/** A problem as it goes over the wire. */
export async function knownProblem(code: ProblemCode): Promise<KnownProblem> {
  const answer = problem(code);
  const body = (await answer.json()) as { title: string };
  return { code, status: answer.status, title: body.title, note: PROBLEM_NOTES[code], body };
}
