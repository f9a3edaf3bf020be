/**
 * The only file that knows status codes and public wording. Errors are problem details (RFC 9457) with a code from
 * this closed list; a refusal says nothing that a card tester could learn from.
 */
import type { RequestUrl } from './attempt/request-url.ts';
import type { Unreadable } from './attempt/unreadable.ts';
import { describeUnreadable } from './attempt/unreadable-words.ts';

const PROBLEMS = {
  ambiguous_path: [400, 'This path can be read in more than one way'],
  unreadable: [400, 'The request could not be read exactly'],
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'A valid key is needed'],
  not_signed_in: [401, 'A signed-in customer is needed'],
  invalid_signature: [401, 'The signature is not right'],
  invalid_proof: [403, 'The proof is not that of this lease'],
  challenge_required: [403, 'This payment needs one more step'],
  challenge_failed: [403, 'This was not the right answer'],
  forbidden: [403, 'This key may not do that'],
  access_refused: [403, 'This request was refused'],
  payment_refused: [403, 'This payment was refused'],
  https_required: [403, 'Only https is accepted'],
  tls_version: [403, 'A newer TLS version is needed'],
  no_client_address: [403, 'The address of the client is not known'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'This method is not allowed here'],
  conflict: [409, 'Something else has this already'],
  attack_mode_off: [409, 'This merchant watches nothing: see attack_mode of its configuration'],
  leases_off: [409, 'This merchant has no leases: see network.leases of its configuration'],
  alerts_off: [409, 'This merchant has no alerts: see alerts of its configuration'],
  list_limit: [409, 'There are as many items as there may be'],
  lease_limit: [409, 'There are as many leases as there may be'],
  passkeys_off: [409, 'This merchant has no passkeys: see step_up.passkey of its configuration'],
  passkey_limit: [409, 'There are as many passkeys as there may be'],
  lease_spent: [409, 'This lease has all the time that it can have'],
  outcome_conflict: [409, 'Another outcome is on record'],
  challenge_expired: [410, 'This challenge is over'],
  overtaken: [412, 'Another version is in force'],
  too_large: [413, 'The request is too large'],
  unsupported_media_type: [415, 'The body is not in the expected format'],
  invalid_configuration: [422, 'The configuration has faults'],
  invalid_attempt: [422, 'The request has faults'],
  unusable_feed: [422, 'The feed was not taken'],
  passkey_refused: [422, 'This passkey was not taken'],
  idempotency_key_reused: [422, 'This key was used with another request'],
  attempt_in_flight: [429, 'An earlier attempt is still in flight'],
  rate_limited: [429, 'Too many attempts'],
  internal_error: [500, 'Something went wrong here'],
  origin_error: [502, 'The shop could not answer this request'],
  origin_unreachable: [502, 'The shop cannot be reached'],
  not_guarded: [503, 'No payment is taken here at the moment'],
  unhealthy: [503, 'Not ready'],
  challenge_unavailable: [503, 'This challenge cannot be run at the moment'],
  gate_unavailable: [503, 'The gate did not answer'],
  storage_unavailable: [503, 'The storage did not answer'],
  records_off: [503, 'This deployment keeps no record'],
  loop_detected: [508, 'This request came through here before'],
  outcome_unrecorded: [503, 'The outcome of this payment is not known yet'],
  origin_timeout: [504, 'The shop did not answer in time'],
} as const satisfies Record<string, readonly [number, string]>;

/** On everything that Cordon itself answers; the origin's answers keep what they have. */
export const HSTS = { 'strict-transport-security': 'max-age=31536000' } as const;

export type ProblemCode = keyof typeof PROBLEMS;

export interface ProblemExtras {
  readonly detail?: string;
  readonly evaluation?: string;
  readonly challenge?: { readonly url: string; readonly methods: readonly string[]; readonly expires_at: string };
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
  readonly allow?: readonly string[];
  /** In place of the code's own: what the shop's infrastructure said. */
  readonly status?: number;
}

/** A problem details answer. */
export function problem(code: ProblemCode, extras: ProblemExtras = {}): Response {
  const { evaluation, retryAfterSeconds, allow, status } = extras;
  const { anonymous, named, headersOfNamed, text } = beginningOf(code);
  const body = `${text}${furtherOf(extras)}`;
  if (evaluation !== undefined) headersOfNamed.set('cordon-evaluation', evaluation);
  const like = evaluation === undefined ? anonymous : named;
  const answer = status === undefined ? new Response(body, like) : restated(body, like, status);
  if (retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(retryAfterSeconds));
  if (allow !== undefined) answer.headers.set('allow', allow.join(', '));
  return answer;
}

function restated(body: string, { headers }: Response, status: number): Response {
  return new Response(body.replace(/"status":\d+/, `"status":${status}`), { status, headers });
}

/** The rest of a body. Most refusals name their evaluation and nothing else, whose id has nothing to escape. */
function furtherOf({ detail, evaluation, challenge, errors }: ProblemExtras): string {
  if (detail === undefined && errors === undefined && challenge === undefined)
    return evaluation === undefined ? '}' : `,"evaluation":"${evaluation}"}`;
  return `,${JSON.stringify({ detail, evaluation, challenge, errors }).slice(1)}`;
}

/** What all answers of a code have in common: to copy an answer costs less than to make its headers from text. */
interface Beginning {
  /** Of answers that name no evaluation. */
  readonly anonymous: Response;
  /** Of the others: its headers name one before each copy. An answer's own headers cost as much as the answer. */
  readonly named: Response;
  readonly headersOfNamed: Headers;
  /** The body's first fields, its last brace left out. */
  readonly text: string;
}

const beginnings = new Map<ProblemCode, Beginning>();

function beginningOf(code: ProblemCode): Beginning {
  const known = beginnings.get(code);
  if (known !== undefined) return known;
  const [status, title] = PROBLEMS[code];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...HSTS,
  };
  if (code === 'unauthorized') headers['www-authenticate'] = 'Bearer';
  const text = JSON.stringify({ type: 'about:blank', title, status, code }).slice(0, -1);
  const named = new Response(null, { status, headers });
  const anonymous = new Response(null, { status, headers });
  const beginning = { anonymous, named, headersOfNamed: named.headers, text };
  beginnings.set(code, beginning);
  return beginning;
}

/** Hyperswitch's own refusal, for clients that know it. Source: juspay/hyperswitch, `IR_16`. */
export function hyperswitchRefusal(evaluation: string): Response {
  const error = { type: 'invalid_request', code: 'IR_16', message: 'Blocked due to suspicious activity' };
  return Response.json(
    { error },
    { status: 400, headers: { 'cordon-evaluation': evaluation, 'cache-control': 'no-store', ...HSTS } },
  );
}

/** The answer to a request that could not be read: which field, never which value. */
export function unreadableProblem(why: Unreadable, evaluation: string): Response {
  if (why.because === 'graphql_persisted') return persistedQueryNotFound(why.batch, evaluation);
  const allow = why.because === 'method' ? { allow: why.allowed } : {};
  return problem(codeOf(why), { detail: describeUnreadable(why), evaluation, ...allow });
}

/**
 * Apollo's word for "send me the text", which a client that sent a hash alone does at once. Apollo Server answers 200,
 * and to a batch with as many (source: apollographql/apollo-server, `PersistedQueryNotFoundError`).
 */
function persistedQueryNotFound(batch: number | null, evaluation: string): Response {
  const message = 'PersistedQueryNotFound';
  const answer = { errors: [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
  return Response.json(batch === null ? answer : Array.from({ length: batch }, () => answer), {
    headers: { 'cordon-evaluation': evaluation, 'cache-control': 'no-store', ...HSTS },
  });
}

function codeOf(why: Unreadable): ProblemCode {
  switch (why.because) {
    case 'ambiguous_path':
      return 'ambiguous_path';
    case 'method':
      return 'method_not_allowed';
    case 'content_type':
    case 'charset':
    case 'compressed':
      return 'unsupported_media_type';
    case 'too_large':
    case 'too_many_fields':
    case 'too_long_names':
    case 'graphql_too_many_tokens':
    case 'graphql_too_costly':
      return 'too_large';
    default:
      return 'unreadable';
  }
}

/** Where a plaintext GET belongs. 308 keeps the method (RFC 9110, 15.4.9). */
export function toHttps(url: RequestUrl): Response {
  const secure = new URL(url.href);
  secure.protocol = 'https:';
  return new Response(null, { status: 308, headers: { location: secure.href } });
}
