/**
 * A payment's body that its payer carries while he is challenged: sealed (JWE, RFC 7516: `dir`, A256GCM) under a key of
 * its merchant's, so that Cordon keeps nothing and no card stands in a page. It opens at the URL that it was sent to.
 */
import { CompactEncrypt, compactDecrypt, errors } from 'jose';

const PURPOSE = 'cordon sealed body';
const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const FORM = /^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/;
const NEWLINE = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Sealed, it is a third larger, and must be no larger than a body that is read at all (attempt/body.ts). */
export const SEALED_LIMIT_BYTES = 90 * 1024;

/** Where and for whom it opens. */
export interface Seal {
  readonly merchant: string;
  readonly method: string;
  /** Host, path and query, as they were sent. */
  readonly place: string;
}

export interface SealedBody extends Seal {
  /** That asked for the challenge. */
  readonly evaluation: string;
  readonly contentType: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type Opening =
  | { readonly kind: 'opened'; readonly sealed: SealedBody }
  /** `altered`: not sealed for this merchant; `elsewhere`: for another URL. */
  | { readonly kind: 'expired' | 'altered' | 'elsewhere' };

/** A payment is sealed for the very URL that it came to. */
export function placeOf({ hostname, pathname, search }: Pick<URL, 'hostname' | 'pathname' | 'search'>): string {
  return `${hostname}${pathname}${search}`;
}

export function deriveSealKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  const info = encoder.encode(`${PURPOSE}|${merchant}`);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(hkdf, masterKey, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** Null for a body that is too large. */
export async function sealBody({ body, ...claims }: SealedBody, key: CryptoKey): Promise<string | null> {
  const head = encoder.encode(`${JSON.stringify(claims)}\n`);
  if (head.byteLength + body.byteLength > SEALED_LIMIT_BYTES) return null;
  const whole = new Uint8Array(head.byteLength + body.byteLength);
  whole.set(head);
  whole.set(body, head.byteLength);
  return new CompactEncrypt(whole).setProtectedHeader(HEADER).encrypt(key);
}

/** `now` in ms since the epoch. Sealed by us, so what it holds is what was written. */
export async function openBody(
  token: string,
  key: CryptoKey,
  { now, ...here }: Seal & { now: number },
): Promise<Opening> {
  const whole = FORM.test(token) ? await decrypt(token, key) : null;
  if (whole === null) return { kind: 'altered' };
  const end = whole.indexOf(NEWLINE);
  const claims = JSON.parse(decoder.decode(whole.subarray(0, end))) as Omit<SealedBody, 'body'>;
  const { merchant, method, place, expiresAt } = claims;
  if (merchant !== here.merchant) return { kind: 'altered' };
  if (expiresAt <= now) return { kind: 'expired' };
  if (method !== here.method || place !== here.place) return { kind: 'elsewhere' };
  return { kind: 'opened', sealed: { ...claims, body: whole.slice(end + 1) } };
}

async function decrypt(token: string, key: CryptoKey): Promise<Uint8Array<ArrayBuffer> | null> {
  const options = { keyManagementAlgorithms: [HEADER.alg], contentEncryptionAlgorithms: [HEADER.enc] };
  try {
    return new Uint8Array((await compactDecrypt(token, key, options)).plaintext);
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
