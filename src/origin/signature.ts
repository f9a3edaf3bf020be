/**
 * Requests to the origin, signed by RFC 9421 so that it can tell Cordon's from everybody else's: what is covered, and what
 * becomes of signatures that a client sent. The base is our own: the library's costs a third of a payment (docs/performance.md).
 */
import { appendSignature } from 'http-message-sig';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { Place } from '../config/origin-policy.ts';
import type { SigningKey } from '../config/signing-key.ts';

const LABEL = 'cordon';
const ALGORITHM = 'ed25519';
/** Long enough for a server whose clock is a little off, short enough that it can remember every nonce. */
const GOOD_FOR_SECONDS = 60;

/** Wherever they stand in a request: Cordon's own words. */
const FIELDS = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'cordon-evaluation',
  'cordon-decision',
  'cordon-risk-score',
  'cordon-request-3ds',
  'cordon-loop',
] as const;
/** By it a judged body was read. A client's word: what is no ASCII cannot be signed (RFC 9421, 2.1). */
const TYPE = 'content-type';
const ASCII = /^[\t -~]*$/;
const encoder = new TextEncoder();

/** Of no body at all (RFC 9530; the SHA-256 of nothing). */
const EMPTY_DIGEST = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
/** Longer than any client has reason to sign. */
const CLIENTS_LIMIT = 4_096;

export interface UnsignedRequest {
  readonly method: string;
  readonly at: Pick<RequestUrl, 'pathname' | 'search'>;
  readonly headers: Headers;
  readonly body: BodyInit | null;
}

/**
 * The request's headers with Cordon's signature for one place; the request's own stay as they are, for another place
 * needs another signature. `now` in ms since the epoch.
 */
export async function signedHeaders(
  request: UnsignedRequest,
  { url }: Pick<Place, 'url'>,
  { key, now }: { readonly key: SigningKey; readonly now: number },
): Promise<Headers> {
  const { method, at, body } = request;
  const headers = new Headers(request.headers);
  const told = body === null || body instanceof Uint8Array ? await digestOf(body) : STREAMED;
  headers.set(told.name, told.value);
  const components = [
    { name: '@method', value: method },
    { name: '@authority', value: url.slice(url.indexOf('//') + 2) },
    { name: '@path', value: at.pathname },
    { name: '@query', value: at.search === '' ? '?' : at.search },
    told,
    ...fieldsCovered(headers),
  ];
  const created = Math.floor(now / 1000);
  const parameters =
    `;created=${created};expires=${created + GOOD_FOR_SECONDS};nonce="${crypto.randomUUID()}"` +
    `;keyid="${key.id}";alg="${ALGORITHM}";tag="${LABEL}"`;
  const { base, input } = signatureBase(components, parameters);
  const signature = `${LABEL}=:${(await signBase(base, key)).toBase64()}:`;
  const signatureInput = `${LABEL}=${input}`;
  const theirs = clientsOwn(headers, { signature, signatureInput });
  headers.set('signature', `${signature}${theirs.signature}`);
  headers.set('signature-input', `${signatureInput}${theirs.signatureInput}`);
  return headers;
}

interface Component {
  readonly name: string;
  readonly value: string;
}

/** What is signed (RFC 9421, 2.5), and its `@signature-params`; each component is named once and has no parameters. */
export function signatureBase(
  components: readonly Component[],
  parameters: string,
): { readonly base: string; readonly input: string } {
  let lines = '';
  let names = '';
  for (const { name, value } of components) {
    lines += `"${name}": ${value}\n`;
    names += names === '' ? `"${name}"` : ` "${name}"`;
  }
  const input = `(${names})${parameters}`;
  return { base: `${lines}"@signature-params": ${input}`, input };
}

/** Of RFC 9421's `ed25519`. */
export async function signBase(base: string, { key }: Pick<SigningKey, 'key'>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, encoder.encode(base)));
}

/** Of a stream no digest is known before it has gone: what the client says of it is its own word, and nobody vouches for it. */
const STREAMED: Component = { name: 'cordon-body', value: 'streamed' };

async function digestOf(bytes: Uint8Array | null): Promise<Component> {
  if (bytes === null) return { name: 'content-digest', value: EMPTY_DIGEST };
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return { name: 'content-digest', value: `sha-256=:${new Uint8Array(digest).toBase64()}:` };
}

function fieldsCovered(headers: Headers): readonly Component[] {
  const fields: Component[] = [];
  let isJudged = false;
  for (const name of FIELDS) {
    const value = headers.get(name);
    if (value !== null) fields.push({ name, value });
    if (value !== null && name === 'cordon-evaluation') isJudged = true;
  }
  const type = isJudged ? headers.get(TYPE) : null;
  if (type !== null && ASCII.test(type)) fields.push({ name: TYPE, value: type });
  return fields;
}

interface SignatureFields {
  readonly signature: string;
  readonly signatureInput: string;
}

const NONE: SignatureFields = { signature: '', signatureInput: '' };

/**
 * What follows Cordon's own in both fields: a client's signatures, which a shop may want, where they are well-formed, none
 * of them twice, and none under Cordon's label. Otherwise none of them goes on.
 */
function clientsOwn(headers: Headers, ours: SignatureFields): SignatureFields {
  const signature = headers.get('signature') ?? '';
  const signatureInput = signature === '' ? '' : (headers.get('signature-input') ?? '');
  if (signature === '' || signatureInput === '') return NONE;
  if (signature.length + signatureInput.length > CLIENTS_LIMIT) return NONE;
  try {
    appendSignature(headers, ours);
  } catch {
    return NONE;
  }
  return { signature: `, ${signature}`, signatureInput: `, ${signatureInput}` };
}
