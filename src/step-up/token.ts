/**
 * Signed tokens of one merchant: tickets and passes, each under a key of its own. JWTs (RFC 7519) by HS384: its MAC is 48
 * bytes, 64 characters without spare bits, so that no other spelling of a token is the same token.
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';

const ALGORITHM = 'HS384';
const MAC_BITS = 384;
const TOKEN_LIMIT = 4_096;
const SECRETS_PURPOSE = 'cordon step-up secrets';
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{64}$/;
const encoder = new TextEncoder();

export type TokenReading =
  | { readonly kind: 'good' | 'expired'; readonly claims: JWTPayload }
  /** `malformed`: no token of ours by its form; `altered`: not signed for this merchant and purpose. */
  | { readonly kind: 'malformed' | 'altered' };

/** HKDF-SHA-256 of the master key; `info` names purpose and merchant. */
export function deriveTokenKey(masterKey: CryptoKey, info: string): Promise<CryptoKey> {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(info) };
  const hmac = { name: 'HMAC', hash: 'SHA-384', length: MAC_BITS };
  return crypto.subtle.deriveKey(hkdf, masterKey, hmac, false, ['sign', 'verify']);
}

/** Of the secrets that methods need (method.ts). */
export function deriveSecretsKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  return deriveTokenKey(masterKey, `${SECRETS_PURPOSE}|${merchant}`);
}

/** A secret of a merchant's for one purpose, always the same. */
export async function ownSecret(secretsKey: CryptoKey, purpose: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', secretsKey, encoder.encode(purpose));
  return new Uint8Array(mac).toHex();
}

/** `expiresAt` in ms since the epoch; whole seconds count. */
export function writeToken(claims: JWTPayload, expiresAt: number, key: CryptoKey): Promise<string> {
  const exp = Math.floor(expiresAt / 1000);
  return new SignJWT({ ...claims, exp }).setProtectedHeader({ alg: ALGORITHM }).sign(key);
}

/** `now` in ms since the epoch. */
export async function readToken(token: string, key: CryptoKey, now: number): Promise<TokenReading> {
  if (token.length > TOKEN_LIMIT || !FORM.test(token)) return { kind: 'malformed' };
  try {
    const options = { algorithms: [ALGORITHM], currentDate: new Date(now), requiredClaims: ['exp'] };
    return { kind: 'good', claims: (await jwtVerify(token, key, options)).payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { kind: 'expired', claims: error.payload };
    if (error instanceof errors.JOSEError) return { kind: 'altered' };
    throw error;
  }
}
