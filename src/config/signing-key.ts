/**
 * The keys by which a merchant's requests to its origin are signed: Ed25519, derived and never stored, one for each
 * `key_version`. The seed is HKDF-SHA-256 (RFC 5869) of the master key; whoever has it has the private key (RFC 8032).
 */
import { calculateJwkThumbprint } from 'jose';

const PURPOSE = 'cordon origin signature';
/** What stands before the seed in its PKCS #8 (RFC 8410, section 7). */
const PKCS8_HEAD = '302e020100300506032b657004220420';
const encoder = new TextEncoder();

export interface SigningKey {
  /** As it stands in the key set and in every signature. */
  readonly id: string;
  /** Not extractable. */
  readonly key: CryptoKey;
}

/** As it is published (RFC 7517, RFC 8037). */
export interface PublicSigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

/** Whose key, and under which `key_version`. */
export interface KeyOwner {
  readonly merchant: string;
  readonly version: number;
}

export async function deriveSigningKey(masterKey: CryptoKey, owner: KeyOwner): Promise<SigningKey> {
  const pkcs8 = pkcs8Of(await deriveSeed(masterKey, infoOf(owner)));
  const { kid } = await publicHalf(pkcs8);
  return { id: kid, key: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']) };
}

export async function derivePublicSigningKey(masterKey: CryptoKey, owner: KeyOwner): Promise<PublicSigningKey> {
  return publicHalf(pkcs8Of(await deriveSeed(masterKey, infoOf(owner))));
}

/** 32 bytes of the master key's, for the purpose and the owner that `info` names. */
export async function deriveSeed(masterKey: CryptoKey, info: string): Promise<Uint8Array<ArrayBuffer>> {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(info) };
  const mac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  // The master key derives keys and no bits: a key that may be taken out again is the same bytes.
  const derived = await crypto.subtle.deriveKey(hkdf, masterKey, mac, true, ['sign']);
  return new Uint8Array((await crypto.subtle.exportKey('raw', derived)) as ArrayBuffer);
}

function infoOf({ merchant, version }: KeyOwner): string {
  return `${PURPOSE}|${merchant}|${version}`;
}

function pkcs8Of(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = Uint8Array.fromHex(PKCS8_HEAD);
  const whole = new Uint8Array(head.byteLength + seed.byteLength);
  whole.set(head);
  whole.set(seed, head.byteLength);
  return whole;
}

async function publicHalf(pkcs8: Uint8Array<ArrayBuffer>): Promise<PublicSigningKey> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x = '' } = (await crypto.subtle.exportKey('jwk', key)) as JsonWebKey;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  // RFC 7638: another key is another name, also where the master key was replaced under the same version.
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'EdDSA' };
}
