/**
 * The only file that knows status codes and public wording. Errors are problem details (RFC 9457) with a code from
 * this closed list; a refusal says nothing that a card tester could learn from.
 */
import { nameable } from './attempt/fields.ts';
import type { RequestUrl } from './attempt/request-url.ts';
import type { GraphqlUnreadable, Unreadable } from './attempt/unreadable.ts';

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
}

/** A problem details answer. */
export function problem(code: ProblemCode, extras: ProblemExtras = {}): Response {
  const { evaluation, retryAfterSeconds, allow } = extras;
  const { anonymous, named, headersOfNamed, text } = beginningOf(code);
  const body = `${text}${furtherOf(extras)}`;
  if (evaluation !== undefined) headersOfNamed.set('cordon-evaluation', evaluation);
  const answer = new Response(body, evaluation === undefined ? anonymous : named);
  if (retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(retryAfterSeconds));
  if (allow !== undefined) answer.headers.set('allow', allow.join(', '));
  return answer;
}

/** What of an answer of the shop's infrastructure its client must hear to go on. */
const KEPT_OF_SHOP = ['retry-after', 'www-authenticate', 'allow'];

/** In the place of an error page that the shop's infrastructure wrote: its status, and none of its words. */
export function shopProblem(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  { evaluation }: Pick<ProblemExtras, 'evaluation'> = {},
): Response {
  const title = PROBLEMS.origin_error[1];
  const body = { type: 'about:blank', title, status, code: 'origin_error', evaluation };
  const answer = Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...HSTS },
  });
  for (const name of KEPT_OF_SHOP) {
    const value = headers.get(name);
    if (value !== null) answer.headers.set(name, value);
  }
  if (evaluation !== undefined) answer.headers.set('cordon-evaluation', evaluation);
  return answer;
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

const SEAL_FAULTS = {
  expired: 'the time to send this payment again is over',
  altered: 'the sealed payment is not what was handed out',
  elsewhere: 'the sealed payment is for another URL, or was sent from another site',
} as const;

/** What could not be read, in words, for the sender and for the record. */
export function describeUnreadable(why: Unreadable): string {
  switch (why.because) {
    case 'ambiguous_path':
      return 'write the path exactly as it is documented';
    case 'method':
      return `the method must be ${why.allowed.join(' or ')}`;
    case 'content_type':
      return `the content type must be ${why.expected}`;
    case 'charset':
      return 'the only parameter of the content type may be charset=utf-8';
    case 'compressed':
      return 'the body must not be compressed';
    case 'too_large':
      return `the body is larger than ${why.limitBytes} bytes`;
    case 'too_many_fields':
      return `the body holds more than ${why.limit} fields`;
    case 'too_long_names':
      return 'the names in the body are too long';
    case 'cut_off':
      return 'the body ended early';
    case 'not_utf8':
      return 'the body is not UTF-8';
    case 'syntax':
      return 'the body is malformed';
    case 'too_deep':
      return `the body is nested more than ${why.limit} deep`;
    case 'duplicate_name':
      return why.field === undefined ? 'a name occurs twice in one object' : `${nameable(why.field)} occurs twice`;
    case 'inexact_number':
      return `${nameable(why.field)} is a number that not every reader reads alike`;
    case 'missing':
      return `${nameable(why.field)} is missing`;
    case 'invalid_card_number':
      return `${nameable(why.field)} must be 12 to 19 digits, with single spaces or hyphens at most`;
    case 'second_card_field':
      return `${nameable(why.field)} could be taken for the card number`;
    case 'second_field':
      return `${nameable(why.field)} could be taken for a field that is read`;
    case 'not_text':
      return `${nameable(why.field)} stands where a text belongs`;
    case 'not_a_pair':
      return `${nameable(why.field)} is no pair of a key and a value`;
    case 'payment_inside':
      return `${nameable(why.field)} names a payment, which must be a request of its own`;
    case 'hidden_card_number':
      return `${nameable(why.field)} holds what looks like a card number`;
    case 'sealed':
      return SEAL_FAULTS[why.fault];
    case 'card_number_in_url':
      return 'a card number must not stand in a URL';
    default:
      return describeGraphql(why);
  }
}

function describeGraphql(why: GraphqlUnreadable): string {
  switch (why.because) {
    case 'graphql_in_url':
      return `${nameable(why.field)} must not stand in the URL: payments are sent in a body`;
    case 'graphql_websocket':
      return 'payments are not taken through a WebSocket';
    case 'graphql_batch':
      return `a batch holds 1 to ${why.limit} requests`;
    case 'graphql_member':
      return `${nameable(why.field)} is no member of a GraphQL request, or of the wrong type`;
    case 'graphql_persisted':
      return 'the text of the document is missing, and its hash is not among the known ones';
    case 'graphql_persisted_mismatch':
      return 'the hash is not that of the document';
    case 'graphql_syntax':
      return 'the GraphQL document is malformed';
    case 'graphql_block_string':
      return 'a block string in the GraphQL document has a quotation mark inside';
    case 'graphql_too_many_tokens':
      return `the GraphQL document has more than ${why.limit} tokens`;
    case 'graphql_not_executable':
      return 'the GraphQL document defines types';
    case 'graphql_operation':
      return 'the request must name exactly one of the operations of its document';
    case 'graphql_defined_twice':
      return `${nameable(why.name)} occurs twice in the GraphQL document`;
    case 'graphql_undefined':
      return `${nameable(why.name)} is not defined in the GraphQL document`;
    case 'graphql_null_or_default':
      return `${nameable(why.name)} is null in the variables, and has a default in the GraphQL document`;
    case 'graphql_too_costly':
      return `the GraphQL document takes more than ${why.limit} steps to read`;
    case 'graphql_not_mutation':
      return `${nameable(why.field)} must be part of a mutation`;
    case 'graphql_conflict':
      return `${nameable(why.field)} stands for different selections`;
    case 'graphql_too_many_payments':
      return `a request makes at most ${why.limit} payments`;
    case 'graphql_directive':
      return `@${nameable(why.name)} must not stand in a document that pays`;
    case 'graphql_untold':
      return `${nameable(why.field)} must be selected in the result of the payment, under no condition`;
    case 'graphql_retold':
      return `${nameable(why.field)} must be selected in the result of the payment as itself: no alias, no arguments`;
  }
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
