/**
 * A maker's word about an authenticator, with a certificate of his own making (FIDO U2F): good by its form and signature.
 * X.509 in DER (RFC 5280 section 4.1, ITU-T X.690).
 */
import type { Attesting, Cbor } from './authenticator.ts';

const [SEQUENCE, INTEGER, BIT_STRING, UTC_TIME, VERSION] = [0x30, 0x02, 0x03, 0x17, 0xa0];
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const ECDSA_WITH_SHA256 = der(SEQUENCE, Uint8Array.fromHex('06082a8648ce3d040302'));

/** For ES256 alone. */
export async function attestByU2f({ authenticatorData, clientData, id, publicKey, derOf }: Attesting): Promise<Cbor> {
  const maker = (await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])) as CryptoKeyPair;
  const point = new Uint8Array((await crypto.subtle.exportKey('raw', publicKey)) as ArrayBuffer);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', clientData));
  const said = concat([new Uint8Array(1), authenticatorData.slice(0, 32), hash, id, point]);
  const signature = new Uint8Array(await crypto.subtle.sign(ECDSA, maker.privateKey, said));
  return new Map<string, Cbor>([
    ['sig', derOf(signature)],
    ['x5c', [await certificateOf(maker.publicKey)]],
  ]);
}

/** Signed by nobody: who trusts no maker looks at no signature. */
async function certificateOf(key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  const spki = new Uint8Array((await crypto.subtle.exportKey('spki', key)) as ArrayBuffer);
  const time = (text: string) => der(UTC_TIME, new TextEncoder().encode(text));
  const validity = der(SEQUENCE, time('260101000000Z'), time('491231235959Z'));
  const name = der(SEQUENCE);
  const version = der(VERSION, der(INTEGER, new Uint8Array([2])));
  const serial = der(INTEGER, new Uint8Array([1]));
  const body = der(SEQUENCE, version, serial, ECDSA_WITH_SHA256, name, validity, name, spki);
  return der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BIT_STRING, new Uint8Array([0, 0])));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = concat(parts);
  const { length } = content;
  const lengthBytes = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concat([new Uint8Array([tag, ...lengthBytes]), content]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
