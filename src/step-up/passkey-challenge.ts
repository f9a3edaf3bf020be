/**
 * What an authenticator is given to sign: new each time (WebAuthn level 3, 13.4.3), and of our own making, so that none has
 * to be kept before it is signed. That it is used once the gate alone knows.
 */
import type { SignedChallenge } from './passkey-record.ts';

const EXPIRY_BYTES = 6;
const RANDOM_BYTES = 16;
const BODY_BYTES = EXPIRY_BYTES + RANDOM_BYTES;
const MAC_BYTES = 32;
/** No spare bits: no other spelling is the same challenge. */
const FORM = /^[A-Za-z0-9_-]{72}$/;
const BASE64URL = { alphabet: 'base64url' } as const;
const encoder = new TextEncoder();

export interface Ceremony {
  readonly kind: 'create' | 'get';
  /** What it is for: whoever signs one signs it for these alone. */
  readonly about: readonly string[];
  /** Of the merchant, for this purpose alone. */
  readonly secret: string;
}

export type ChallengeReading =
  | { readonly kind: 'good'; readonly challenge: SignedChallenge }
  | { readonly kind: 'not_ours' | 'expired' };

/** `until`: ms since the epoch. */
export async function writeChallenge(ceremony: Ceremony, until: number): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(BODY_BYTES + MAC_BYTES);
  challenge.set(bytesOfTime(until));
  crypto.getRandomValues(challenge.subarray(EXPIRY_BYTES, BODY_BYTES));
  const input = inputOf(ceremony, challenge.subarray(0, BODY_BYTES));
  challenge.set(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(ceremony), input)), BODY_BYTES);
  return challenge;
}

/** `text`: as it stands in the client's data. `now` in ms since the epoch. */
export async function readChallenge(text: string, ceremony: Ceremony, now: number): Promise<ChallengeReading> {
  if (!FORM.test(text)) return { kind: 'not_ours' };
  const bytes = Uint8Array.fromBase64(text, BASE64URL);
  const input = inputOf(ceremony, bytes.subarray(0, BODY_BYTES));
  const isOurs = await crypto.subtle.verify('HMAC', await keyOf(ceremony), bytes.slice(BODY_BYTES), input);
  if (!isOurs) return { kind: 'not_ours' };
  const until = timeOf(bytes.subarray(0, EXPIRY_BYTES));
  return until > now ? { kind: 'good', challenge: { key: text, until } } : { kind: 'expired' };
}

function keyOf({ secret }: Ceremony): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', encoder.encode(secret), hmac, false, ['sign', 'verify']);
}

function inputOf({ kind, about }: Ceremony, body: Uint8Array): BufferSource {
  return encoder.encode(JSON.stringify([kind, ...about, body.toHex()]));
}

function bytesOfTime(time: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(
    Math.floor(time)
      .toString(16)
      .padStart(2 * EXPIRY_BYTES, '0'),
  );
}

function timeOf(bytes: Uint8Array): number {
  return Number.parseInt(bytes.toHex(), 16);
}
