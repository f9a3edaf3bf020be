/**
 * The first-party session: a signed cookie that is minted on the pages before a payment and comes with it. Pure: times
 * and random bytes are arguments. It says when the visit began and nothing about the visitor; it is bound to no address,
 * for those of mobile networks change.
 */
import { deriveKey, digest } from './card-fingerprint.ts';
import { cookiesNamed } from './cookie-header.ts';

/** `__Host-`: browsers take it over https alone, for one host and all of it, and from no subdomain (RFC 6265bis, 4.1.3.2). */
export const SESSION_COOKIE = '__Host-cordon-session';
export const SESSION_ID_BYTES = 16;

const PURPOSE = 'cordon session';
const IDENTITY_PURPOSE = 'session';
const VERSION = 'v1.';
// Id, birth, issue and MAC are 60 bytes, a multiple of three: base64 has no spare bits that could be altered unseen.
const FORM = /^v1\.[A-Za-z0-9_-]{80}$/;
const TIME_BYTES = 6;
const SIGNED_BYTES = SESSION_ID_BYTES + 2 * TIME_BYTES;
const IDENTITY_LENGTH = 22;
/** The edge's clocks differ by less. */
const CLOCK_SKEW_MS = 10_000;
const encoder = new TextEncoder();

export interface Session {
  /** Random; a renewed cookie keeps it. */
  readonly id: Uint8Array;
  /** When the visit began and when this cookie of it was made, in ms since the epoch. */
  readonly bornAt: number;
  readonly issuedAt: number;
}

export interface SessionRules {
  readonly key: CryptoKey;
  readonly minAgeMs: number;
  /** From the last issue. */
  readonly maxAgeMs: number;
}

/** What came with a request. Only `young` and `good` are somebody's session. */
export type SessionReading =
  | { readonly kind: 'absent' | 'doubled' | 'malformed' | 'forged' | 'future' | 'stale' }
  | { readonly kind: 'young' | 'good'; readonly session: Session };

/** The merchant's key for its sessions; it signs nothing else. */
export function deriveSessionKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  return deriveKey(masterKey, `${PURPOSE}|${merchant}`, ['sign', 'verify']);
}

/** The cookie's value. */
export async function writeSession(session: Session, key: CryptoKey): Promise<string> {
  const signed = signedBytes(session);
  const mac = await crypto.subtle.sign('HMAC', key, versioned(signed));
  const bytes = new Uint8Array([...signed, ...new Uint8Array(mac)]);
  return `${VERSION}${bytes.toBase64({ alphabet: 'base64url' })}`;
}

/** The session in a `Cookie` header at `now`, in ms since the epoch. */
export async function readSession(header: string | null, rules: SessionRules, now: number): Promise<SessionReading> {
  const [value, ...more] = cookiesNamed(header, SESSION_COOKIE);
  if (value === undefined) return { kind: 'absent' };
  // Which of two is the visitor's own cannot be told: a neighbour may have tossed one in.
  if (more.length > 0) return { kind: 'doubled' };
  if (!FORM.test(value)) return { kind: 'malformed' };
  const session = await verify(value, rules.key);
  return session === null ? { kind: 'forged' } : atTime(session, rules, now);
}

/** What a visit is known by elsewhere: a keyed digest, so that no list or log can be held against a cookie. */
export async function sessionIdentity(id: string, digestKey: CryptoKey): Promise<string> {
  return `se_${(await digest(id, IDENTITY_PURPOSE, digestKey)).slice(0, IDENTITY_LENGTH)}`;
}

// `verify` compares in constant time.
async function verify(value: string, key: CryptoKey): Promise<Session | null> {
  const bytes = Uint8Array.fromBase64(value.slice(VERSION.length), { alphabet: 'base64url' });
  const signed = bytes.subarray(0, SIGNED_BYTES);
  const isOurs = await crypto.subtle.verify('HMAC', key, bytes.subarray(SIGNED_BYTES), versioned(signed));
  if (!isOurs) return null;
  return {
    id: signed.subarray(0, SESSION_ID_BYTES),
    bornAt: timeAt(signed, SESSION_ID_BYTES),
    issuedAt: timeAt(signed, SESSION_ID_BYTES + TIME_BYTES),
  };
}

function atTime(session: Session, { minAgeMs, maxAgeMs }: SessionRules, now: number): SessionReading {
  const { bornAt, issuedAt } = session;
  if (Math.max(bornAt, issuedAt) > now + CLOCK_SKEW_MS) return { kind: 'future' };
  if (now - issuedAt >= maxAgeMs) return { kind: 'stale' };
  return { kind: now - bornAt < minAgeMs ? 'young' : 'good', session };
}

function signedBytes({ id, bornAt, issuedAt }: Session): Uint8Array {
  return new Uint8Array([...id, ...timeBytes(bornAt), ...timeBytes(issuedAt)]);
}

function versioned(signed: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...encoder.encode(VERSION), ...signed]);
}

// 48 bits of milliseconds last for nine thousand years; they are more than bitwise operators take.
function timeBytes(ms: number): Uint8Array {
  return Uint8Array.from({ length: TIME_BYTES }, (_, index) => Math.floor(ms / 256 ** (TIME_BYTES - 1 - index)) % 256);
}

function timeAt(bytes: Uint8Array, offset: number): number {
  return bytes.subarray(offset, offset + TIME_BYTES).reduce((ms, byte) => ms * 256 + byte, 0);
}
