/**
 * The keys for which a shop's pages seal cards: P-256, derived and never stored, one for each `key_version`. The scalar is
 * 64 bytes of HKDF-SHA-256 (RFC 5869) of the master key, modulo the order of the curve (FIPS 186-5, A.2.1: no bias to speak of).
 */
import { calculateJwkThumbprint } from 'jose';
import type { PublicPoint } from '../attempt/sealed-envelope.ts';
import { deriveSeed, type KeyOwner } from './signing-key.ts';

const PURPOSE = 'cordon sealed card';
/** NIST SP 800-186, 3.2.1.3. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SCALAR_HEX_DIGITS = 64;
/** What stands before the scalar in its PKCS #8 (RFC 5208, RFC 5915): the public half may be left out. */
const PKCS8_HEAD = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420';
const ECDH_P256 = { name: 'ECDH', namedCurve: 'P-256' };

/** How Cordon's own keys are told from the shop's. */
export const OWN_KID = 'cordon.';

export interface SealingKey {
  /** As it is published. */
  readonly kid: string;
  readonly point: PublicPoint;
  /** Not extractable. */
  readonly key: CryptoKey;
}

export async function deriveSealingKey(masterKey: CryptoKey, { merchant, version }: KeyOwner): Promise<SealingKey> {
  const halves = ['a', 'b'].map((half) => deriveSeed(masterKey, `${PURPOSE}|${merchant}|${version}|${half}`));
  const [a, b] = await Promise.all(halves);
  const wide = BigInt(`0x${a?.toHex()}${b?.toHex()}`);
  const scalar = (wide % (ORDER - 1n)) + 1n;
  const pkcs8 = Uint8Array.fromHex(PKCS8_HEAD + scalar.toString(16).padStart(SCALAR_HEX_DIGITS, '0'));
  const point = await publicHalf(pkcs8);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, ECDH_P256, false, ['deriveBits']);
  return { kid: `${OWN_KID}${await calculateJwkThumbprint(point)}`, point, key };
}

async function publicHalf(pkcs8: Uint8Array<ArrayBuffer>): Promise<PublicPoint> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, ECDH_P256, true, ['deriveBits']);
  const { x = '', y = '' } = (await crypto.subtle.exportKey('jwk', key)) as JsonWebKey;
  return { kty: 'EC', crv: 'P-256', x, y };
}
