/**
 * Opens a sealed body in memory, twice: as Cordon, and as the shop will. The second is possible because the sender gives
 * away, inside, the private half of the shop's ephemeral key, which is good for this one body. So nobody can seal one card
 * for Cordon and another for the shop under a tag that fits both (AES-GCM does not commit to its key).
 */
import { errors, flattenedDecrypt } from 'jose';
import type { Fields } from './fields.ts';
import { readClaims } from './sealed-claims.ts';
import {
  CONTENT_ENCRYPTION,
  type Envelope,
  KEY_MANAGEMENT,
  type PublicPoint,
  type Recipient,
  readEnvelope,
} from './sealed-envelope.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

/** A merchant's keys and terms, ready to use. */
export interface SealedRules {
  /** Cordon's private keys, by the id under which each is published: current, next and previous. */
  readonly ownKeys: ReadonlyMap<string, CryptoKey>;
  /** The shop's public keys by their ids, the one in use first. */
  readonly originKeys: ReadonlyMap<string, PublicPoint>;
  /** Null: the host that is asked. */
  readonly audience: string | null;
  readonly maxAgeMs: number;
}

export interface OpenedBody {
  readonly fields: Fields;
  /** By which it is recognised. */
  readonly jti: string;
  /** ms since the epoch: the first moment at which it is good no more. */
  readonly until: number;
}

interface Here {
  readonly host: string;
  /** ms since the epoch. */
  readonly now: number;
}

const PINNED = { keyManagementAlgorithms: [KEY_MANAGEMENT], contentEncryptionAlgorithms: [CONTENT_ENCRYPTION] };

export async function openSealed(text: string, rules: SealedRules, { host, now }: Here): Promise<Read<OpenedBody>> {
  const envelope = readEnvelope(text);
  if (!envelope.ok) return envelope;
  const parties = partiesOf(envelope.value, rules);
  if (parties === null) return unreadable({ because: 'sealed_card', fault: 'recipients' });
  const { own, ownKey, origin, originKey } = parties;
  const plaintext = await decrypt(envelope.value, own, { key: ownKey, epk: own.epk });
  if (plaintext === null) return unreadable({ because: 'sealed_card', fault: 'unopened' });
  const claims = readClaims(plaintext, { audience: rules.audience ?? host, maxAgeMs: rules.maxAgeMs, now });
  if (!claims.ok) return claims;
  const { jti, until, proof, fields } = claims.value;
  // Their shared secret is the same from either side: here the ephemeral key is the private one, and the shop's the public.
  // That `proof` is the private half of `epk`, and of no other point, the platform checks when it imports both.
  const asOrigin = await decrypt(envelope.value, origin, { key: { ...origin.epk, d: proof }, epk: originKey });
  if (asOrigin === null || !isSame(plaintext, asOrigin))
    return unreadable({ because: 'sealed_card', fault: 'unbound' });
  return readable({ fields, jti, until });
}

interface Parties {
  readonly own: Recipient;
  readonly ownKey: CryptoKey;
  readonly origin: Recipient;
  readonly originKey: PublicPoint;
}

/** One recipient is Cordon and the other is the shop, in either order; null for anything else. */
function partiesOf({ recipients: [first, second] }: Envelope, { ownKeys, originKeys }: SealedRules): Parties | null {
  const [own, origin] = ownKeys.has(first.kid) ? [first, second] : [second, first];
  const ownKey = ownKeys.get(own.kid);
  const originKey = originKeys.get(origin.kid);
  return ownKey === undefined || originKey === undefined ? null : { own, ownKey, origin, originKey };
}

interface Agreement {
  readonly key: CryptoKey | (PublicPoint & { readonly d: string });
  readonly epk: PublicPoint;
}

/** Null where it does not open, or a point is on no curve. */
async function decrypt(
  envelope: Envelope,
  { encryptedKey }: Recipient,
  agreement: Agreement,
): Promise<Uint8Array | null> {
  const { protectedHeader, iv, ciphertext, tag } = envelope;
  const { key, epk } = agreement;
  const jwe = { protected: protectedHeader, iv, ciphertext, tag, encrypted_key: encryptedKey, header: { epk } };
  try {
    return (await flattenedDecrypt(jwe, key, PINNED)).plaintext;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof DOMException) return null;
    throw error;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
