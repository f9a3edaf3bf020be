/**
 * Who calls: the bearer of the admin key, or of a merchant's key. A key says whose it is and which; whether it is
 * good is the gate's word.
 */
import type { Caller } from '../gate/gate-messages.ts';

export type Bearer =
  | { readonly kind: 'admin'; readonly caller: Caller }
  | { readonly kind: 'merchant'; readonly merchant: string; readonly caller: Caller & { kind: 'key' } };

const ID_BYTES = 8;
const SECRET_BYTES = 20;
const MERCHANT_KEY = /^ck_([0-9a-f]{16})([0-9a-f]{40})([a-z0-9_-]{1,64})$/;
const encoder = new TextEncoder();

/** Null for what is no key at all. */
export async function readBearer(headers: Headers, adminKey: string): Promise<Bearer | null> {
  const token = tokenOf(headers);
  if (token === null) return null;
  if (await isSame(token, adminKey)) return { kind: 'admin', caller: { kind: 'admin' } };
  const [, id, secret, merchant] = MERCHANT_KEY.exec(token) ?? [];
  if (id === undefined || secret === undefined || merchant === undefined) return null;
  return { kind: 'merchant', merchant, caller: { kind: 'key', id, secretHash: await hashSecret(secret) } };
}

/** Whether the request carries this very key. */
export async function bearsKey(headers: Headers, key: string): Promise<boolean> {
  const token = tokenOf(headers);
  return token !== null && (await isSame(token, key));
}

/** A new key: what is handed out once, and what is kept. */
export async function makeKey(merchant: string): Promise<{ id: string; key: string; secretHash: string }> {
  const id = crypto.getRandomValues(new Uint8Array(ID_BYTES)).toHex();
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
  return { id, key: `ck_${id}${secret}${merchant}`, secretHash: await hashSecret(secret) };
}

/** How an audit line names the caller. */
export function nameOf(caller: Caller): string {
  return caller.kind === 'admin' ? 'admin' : `key:${caller.id}`;
}

function tokenOf(headers: Headers): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Hex of SHA-256: 160 random bits need no slow hash. */
export async function hashSecret(secret: string): Promise<string> {
  return new Uint8Array(await digest(secret)).toHex();
}

/** Of our own keys, which are the same from request to request. */
const digests = new Map<string, ArrayBuffer>();

// timingSafeEqual throws on unequal lengths; digests are always of one length.
async function isSame(token: string, key: string): Promise<boolean> {
  return crypto.subtle.timingSafeEqual(await digest(token), digests.get(key) ?? (await keptDigest(key)));
}

async function keptDigest(key: string): Promise<ArrayBuffer> {
  const made = await digest(key);
  digests.set(key, made);
  return made;
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', encoder.encode(text));
}
