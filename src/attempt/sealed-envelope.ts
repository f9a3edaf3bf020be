/**
 * A sealed body before it is opened: a JWE in general JSON serialization (RFC 7516, section 7.2.1) for two recipients, with
 * exactly the members that are read. What the JOSE specifications leave open, two openers could take differently.
 */
import { decodeBody } from './body.ts';
import { type Json, readJson } from './json-body.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

export const KEY_MANAGEMENT = 'ECDH-ES+A256KW';
export const CONTENT_ENCRYPTION = 'A256GCM';

/** A public point of P-256 as a JWK (RFC 7518, section 6.2.1). */
export interface PublicPoint {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface Recipient {
  readonly kid: string;
  /** The ephemeral public key; whether it is on its curve is seen when it is imported. */
  readonly epk: PublicPoint;
  readonly encryptedKey: string;
}

/** Everything in base64url, in the one spelling that it has (RFC 4648, section 3.5). */
export interface Envelope {
  readonly protectedHeader: string;
  readonly recipients: readonly [Recipient, Recipient];
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

// The spare bits of a last character are zero.
const HALF = /^[\w-]{42}[AEIMQUYcgkosw048]$/;
const IV = /^[\w-]{16}$/;
const TAG = /^[\w-]{21}[AQgw]$/;
const ENCRYPTED_KEY = /^[\w-]{53}[AQgw]$/;
const ANY = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;
const KID = /^[\w.:-]{1,128}$/;
/** Twice what the header takes with its members in any order and a few spaces. */
const HEADER_CHARS = 128;

const MALFORMED = unreadable({ because: 'sealed_card', fault: 'malformed' });
const OTHER_HEADER = unreadable({ because: 'sealed_card', fault: 'header' });

/** Reads the text of a body; names that occur twice are refused, in the protected header too. */
export function readEnvelope(text: string): Read<Envelope> {
  const json = readJson(text);
  if (!json.ok) return json;
  const jwe = exactly(json.value, ['protected', 'recipients', 'iv', 'ciphertext', 'tag']);
  if (jwe === null || !Array.isArray(jwe.recipients)) return MALFORMED;
  const { protected: header, iv, ciphertext, tag } = jwe;
  const isWell = fits(iv, IV) && fits(ciphertext, ANY) && ciphertext !== '' && fits(tag, TAG);
  if (!isWell || !fits(header, ANY) || header.length > HEADER_CHARS) return MALFORMED;
  const [first, second, ...more] = (jwe.recipients as readonly Json[]).map(readRecipient);
  if (!first || !second || more.length > 0) return MALFORMED;
  return isPinned(header)
    ? readable({ protectedHeader: header, recipients: [first, second], iv, ciphertext, tag })
    : OTHER_HEADER;
}

function readRecipient(json: Json): Recipient | null {
  const recipient = exactly(json, ['header', 'encrypted_key']);
  const header = exactly(recipient?.header, ['kid', 'epk']);
  const epk = readPoint(header?.epk);
  const { kid } = header ?? {};
  const encryptedKey = recipient?.encrypted_key;
  return fits(kid, KID) && epk !== null && fits(encryptedKey, ENCRYPTED_KEY) ? { kid, epk, encryptedKey } : null;
}

function readPoint(json: Json | undefined): PublicPoint | null {
  const point = exactly(json, ['kty', 'crv', 'x', 'y']);
  if (point?.kty !== 'EC' || point.crv !== 'P-256') return null;
  const { x, y } = point;
  return isHalf(x) && isHalf(y) ? { kty: 'EC', crv: 'P-256', x, y } : null;
}

/** Whether it is 32 bytes in base64url: a coordinate, or a private scalar. */
export function isHalf(value: Json | undefined): value is string {
  return fits(value, HALF);
}

/** No `zip`, no `crit`, no `jku`: no member but these two. */
function isPinned(header: string): boolean {
  const bytes = Uint8Array.fromBase64(header, { alphabet: 'base64url' });
  const text = decodeBody(bytes);
  const json = text.ok ? readJson(text.value) : text;
  const pinned = json.ok ? exactly(json.value, ['alg', 'enc']) : null;
  return pinned?.alg === KEY_MANAGEMENT && pinned.enc === CONTENT_ENCRYPTION;
}

function fits(value: Json | undefined, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

/** An object with these members and no others; null for anything else. */
export function exactly<N extends string>(
  value: Json | undefined,
  names: readonly N[],
): Readonly<Record<N, Json>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const object = value as Readonly<Record<N, Json>>;
  return Object.keys(object).length === names.length && names.every((name) => Object.hasOwn(object, name))
    ? object
    : null;
}
