/**
 * Requests to the origin, signed by RFC 9421 so that it can tell Cordon's from everybody else's: what is covered, and what
 * becomes of signatures that a client sent. The signature base is the library's.
 */
import { appendSignature, createSignature, type Signer } from 'http-message-sig';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { Place } from '../config/origin-policy.ts';
import type { SigningKey } from '../config/signing-key.ts';

const LABEL = 'cordon';
const ALGORITHM = 'ed25519';
/** Long enough for a server whose clock is a little off, short enough that it can remember every nonce. */
const GOOD_FOR_SECONDS = 60;

const DERIVED = ['@method', '@authority', '@path', '@query'] as const;
/** Wherever they stand in a request: all of them are Cordon's own words but the last, by which a judged body was read. */
const FIELDS = [
  'content-digest',
  'cordon-body',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'cordon-evaluation',
  'cordon-decision',
  'cordon-risk-score',
  'cordon-request-3ds',
] as const;
const JUDGED = 'cordon-evaluation';

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
  await sayWhatBodyIs(headers, body);
  const fields = fieldsCovered(headers);
  const message = { kind: 'request', method, targetUri: `${url}${at.pathname}${at.search}`, fields } as const;
  const created = Math.floor(now / 1000);
  const expires = created + GOOD_FOR_SECONDS;
  const { signature, signatureInput } = await createSignature(message, {
    label: LABEL,
    components: [...DERIVED, ...fields.map(({ name }) => name)],
    parameters: { created, expires, nonce: crypto.randomUUID(), keyid: key.id, alg: ALGORITHM, tag: LABEL },
    signer: signerOf(key),
  });
  const theirs = clientsOwn(headers, { signature, signatureInput });
  headers.set('signature', `${signature}${theirs.signature}`);
  headers.set('signature-input', `${signatureInput}${theirs.signatureInput}`);
  return headers;
}

/** Of a stream no digest is known before it has gone: that is said, and the word is signed. */
async function sayWhatBodyIs(headers: Headers, body: BodyInit | null): Promise<void> {
  if (body === null) headers.set('content-digest', EMPTY_DIGEST);
  else if (body instanceof Uint8Array) headers.set('content-digest', await digestOf(body as Uint8Array<ArrayBuffer>));
  else {
    // What the client says of its body is its own word: it goes on, and nobody vouches for it.
    headers.set('cordon-body', 'streamed');
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return `sha-256=:${new Uint8Array(digest).toBase64()}:`;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

function fieldsCovered(headers: Headers): readonly Field[] {
  const isStreamed = headers.has('cordon-body');
  const names = headers.has(JUDGED) ? [...FIELDS, 'content-type'] : FIELDS;
  const fields: Field[] = [];
  for (const name of names) {
    const value = name === 'content-digest' && isStreamed ? null : headers.get(name);
    if (value !== null) fields.push({ name, value });
  }
  return fields;
}

/** Of RFC 9421's `ed25519`. */
export function signerOf({ key }: Pick<SigningKey, 'key'>): Signer {
  const sign = async (base: Uint8Array) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, plain(base)));
  return { algorithm: ALGORITHM, sign };
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
  const signatureInput = headers.get('signature-input') ?? '';
  if (signature === '' || signatureInput === '') return NONE;
  if (signature.length + signatureInput.length > CLIENTS_LIMIT) return NONE;
  try {
    appendSignature(headers, ours);
  } catch {
    return NONE;
  }
  return { signature: `, ${signature}`, signatureInput: `, ${signatureInput}` };
}

function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
