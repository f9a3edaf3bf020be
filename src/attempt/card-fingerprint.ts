/**
 * Cards become keyed fingerprints here: HMAC-SHA-256 of the digits under a key of the merchant's own.
 * Keys are derived, never stored: HKDF-SHA-256 (RFC 5869) of the master key, the merchant's id and the key version.
 * PCI DSS 4.0, 3.5.1.1: a hash of a card number must be keyed.
 */
import type { Card } from './attempt.ts';
import { binOf, issuerDigitsOf } from './card-number.ts';

const PURPOSE = 'cordon card fingerprint';
const DIGEST_PURPOSE = 'cordon digest';
const ISSUER_DIGITS = 8;
const encoder = new TextEncoder();

export type ReferenceKind = 'pf' | 'tk' | 'at';

/** A merchant's fingerprint keys: the current one first, then the one before it, read beside it during a rotation. */
export type FingerprintKeys = readonly [CryptoKey, ...CryptoKey[]];

/** Derives the merchant's keys. `keyVersion` 1 has no predecessor. */
export async function deriveFingerprintKeys(
  masterKey: CryptoKey,
  merchant: string,
  keyVersion: number,
): Promise<FingerprintKeys> {
  const derive = (version: number) => deriveKey(masterKey, `${PURPOSE}|${merchant}|${version}`);
  const current = await derive(keyVersion);
  return keyVersion === 1 ? [current] : [current, await derive(keyVersion - 1)];
}

/** The key of the merchant's other digests; it outlives rotations of the fingerprint key. */
export function deriveDigestKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  return deriveKey(masterKey, `${DIGEST_PURPOSE}|${merchant}`);
}

/** The card behind `digits`, as every later step knows it. */
export function fingerprintCard(digits: string, keys: FingerprintKeys): Promise<Card> {
  return identify('fp', { text: digits, bin: binOf(digits), issuer: issuerDigitsOf(digits) }, keys);
}

/** A card that only its processor's fingerprint (`pf`), a token (`tk`), or the payment it is attached to (`at`) stands for. */
export function fingerprintReference(
  kind: ReferenceKind,
  reference: { readonly value: string; readonly bin: string | null },
  keys: FingerprintKeys,
): Promise<Card> {
  const { value, bin } = reference;
  return identify(
    kind,
    { text: `${kind}|${value}`, bin, issuer: bin?.length === ISSUER_DIGITS ? bin : undefined },
    keys,
  );
}

/** A keyed digest of what must not be kept as it is: `purpose` keeps digests of different things apart. */
export async function digest(text: string, purpose: string, key: CryptoKey): Promise<string> {
  return keyedHash(`${purpose}|${text}`, key);
}

async function identify(
  kind: string,
  { text, bin, issuer }: Known,
  [current, ...former]: FingerprintKeys,
): Promise<Card> {
  const under = async (key: CryptoKey) => `${kind}_${await keyedHash(text, key)}`;
  const formerFingerprints = former.length === 0 ? NONE : await Promise.all(former.map(under));
  const fingerprint = await under(current);
  return issuer === undefined
    ? { fingerprint, formerFingerprints, bin }
    : { fingerprint, formerFingerprints, bin, issuer };
}

interface Known {
  readonly text: string;
  readonly bin: string | null;
  readonly issuer: string | undefined;
}

/** Outside a rotation. */
const NONE: readonly string[] = [];

/** A key of its own for each purpose; `info` names the purpose and the merchant. */
export async function deriveKey(
  masterKey: CryptoKey,
  info: string,
  usages: readonly ('sign' | 'verify')[] = ['sign'],
): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: encoder.encode(info),
    },
    masterKey,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    [...usages],
  );
}

async function keyedHash(text: string, key: CryptoKey): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(text));
  return new Uint8Array(mac).toBase64({ alphabet: 'base64url', omitPadding: true });
}
