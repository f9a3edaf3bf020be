/**
 * The public keys by which a merchant's servers sign: read as they are written (a JWK, or PEM), on the curve of their
 * algorithm, and imported once. Nothing secret is taken: a private key is a fault of its own. Pure.
 */
import { isLowOrder, isOnCurve } from './curve-points.ts';

/** As RFC 9421 registers them (section 6.2.2). */
export const EGRESS_ALGORITHMS = ['ed25519', 'ecdsa-p256-sha256', 'ecdsa-p384-sha384'] as const;
export type EgressAlgorithm = (typeof EGRESS_ALGORITHMS)[number];

export interface EgressKey {
  readonly id: string;
  readonly algorithm: EgressAlgorithm;
  readonly key: CryptoKey;
  /** The first moment at which it signs nothing any more, in ms since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** `bytes` is the point as WebCrypto's `raw` has it. `field`: which member of a JWK. */
export type KeyReading =
  | { readonly kind: 'key'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'private'; readonly field?: string }
  | { readonly kind: 'other_curve'; readonly field?: string }
  | { readonly kind: 'unknown_member'; readonly field: string }
  | { readonly kind: 'not_on_curve' }
  | { readonly kind: 'malformed'; readonly field?: string };

interface Curve {
  readonly jwk: { readonly kty: string; readonly crv: string };
  readonly coordinates: readonly ('x' | 'y')[];
  readonly coordinateBytes: number;
  /** What stands before the point in its SubjectPublicKeyInfo (RFC 5480, RFC 8410), in hex. */
  readonly spki: string;
  readonly imported: { readonly name: string; readonly namedCurve?: string };
  readonly verified: { readonly name: string; readonly hash?: string };
  readonly signatureBytes: number;
}

const CURVES: Readonly<Record<EgressAlgorithm, Curve>> = {
  ed25519: {
    jwk: { kty: 'OKP', crv: 'Ed25519' },
    coordinates: ['x'],
    coordinateBytes: 32,
    spki: '302a300506032b6570032100',
    imported: { name: 'Ed25519' },
    verified: { name: 'Ed25519' },
    signatureBytes: 64,
  },
  'ecdsa-p256-sha256': {
    jwk: { kty: 'EC', crv: 'P-256' },
    coordinates: ['x', 'y'],
    coordinateBytes: 32,
    spki: '3059301306072a8648ce3d020106082a8648ce3d03010703420004',
    imported: { name: 'ECDSA', namedCurve: 'P-256' },
    verified: { name: 'ECDSA', hash: 'SHA-256' },
    signatureBytes: 64,
  },
  'ecdsa-p384-sha384': {
    jwk: { kty: 'EC', crv: 'P-384' },
    coordinates: ['x', 'y'],
    coordinateBytes: 48,
    spki: '3076301006072a8648ce3d020106052b8104002203620004',
    imported: { name: 'ECDSA', namedCurve: 'P-384' },
    verified: { name: 'ECDSA', hash: 'SHA-384' },
    signatureBytes: 96,
  },
};

/** Members of a JWK that say nothing about the key itself (RFC 7517, section 4). */
const BESIDE = ['kid', 'use', 'alg', 'key_ops', 'ext'];
const SECRET = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const PEM = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,512})-----END PUBLIC KEY-----\s*$/;
const PRIVATE_PEM = /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/;
/** The form of an uncompressed point. */
const UNCOMPRESSED = 4;

/** Reads a public key for `algorithm`: a JWK, or PEM of its SubjectPublicKeyInfo. */
export function readPublicKey(
  written: string | Readonly<Record<string, unknown>>,
  algorithm: EgressAlgorithm,
): KeyReading {
  const read = typeof written === 'string' ? readPem(written, algorithm) : readJwk(written, algorithm);
  return read.kind !== 'key' || isSound(read.bytes, algorithm) ? read : { kind: 'not_on_curve' };
}

/** Imports what `readPublicKey` read. */
export function importPublicKey(bytes: Uint8Array<ArrayBuffer>, algorithm: EgressAlgorithm): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, CURVES[algorithm].imported, false, ['verify']);
}

/** Whether the signature over `data` is the key's. One of another length is nobody's. */
export async function verifyWith(
  { key, algorithm }: EgressKey,
  signature: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { verified, signatureBytes } = CURVES[algorithm];
  return signature.byteLength === signatureBytes && crypto.subtle.verify(verified, key, signature, data);
}

function readJwk(jwk: Readonly<Record<string, unknown>>, algorithm: EgressAlgorithm): KeyReading {
  const secret = SECRET.find((name) => Object.hasOwn(jwk, name));
  if (secret !== undefined) return { kind: 'private', field: secret };
  const { jwk: expected, coordinates, coordinateBytes } = CURVES[algorithm];
  const known = ['kty', 'crv', ...coordinates, ...BESIDE];
  for (const field of ['kty', 'crv'] as const) {
    if (jwk[field] !== expected[field]) return { kind: 'other_curve', field };
  }
  const unknown = Object.keys(jwk).find((name) => !known.includes(name));
  if (unknown !== undefined) return { kind: 'unknown_member', field: unknown };
  const parts: Uint8Array[] = [];
  for (const field of coordinates) {
    const part = bytesOf(jwk[field]);
    if (part?.byteLength !== coordinateBytes) return { kind: 'malformed', field };
    parts.push(part);
  }
  return {
    kind: 'key',
    bytes: pointOf(
      parts.flatMap((part) => [...part]),
      algorithm,
    ),
  };
}

function readPem(pem: string, algorithm: EgressAlgorithm): KeyReading {
  if (PRIVATE_PEM.test(pem)) return { kind: 'private' };
  const der = bytesOf(
    PEM.exec(pem)?.[1]?.replaceAll(/\s/g, '').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  );
  if (der === null) return { kind: 'malformed' };
  const hex = hexOf(der);
  const found = EGRESS_ALGORITHMS.find((name) => hex.startsWith(CURVES[name].spki));
  if (found === undefined) return { kind: 'malformed' };
  if (found !== algorithm) return { kind: 'other_curve' };
  const { spki, coordinates, coordinateBytes } = CURVES[algorithm];
  const point = der.subarray(spki.length / 2);
  const isWhole = point.byteLength === coordinates.length * coordinateBytes;
  return isWhole ? { kind: 'key', bytes: pointOf([...point], algorithm) } : { kind: 'malformed' };
}

function pointOf(coordinates: readonly number[], algorithm: EgressAlgorithm): Uint8Array<ArrayBuffer> {
  return new Uint8Array(algorithm === 'ed25519' ? coordinates : [UNCOMPRESSED, ...coordinates]);
}

/** Under a key of low order anybody can sign; one beside the curve could not be imported. */
function isSound(bytes: Uint8Array, algorithm: EgressAlgorithm): boolean {
  switch (algorithm) {
    case 'ed25519':
      return !isLowOrder(bytes);
    case 'ecdsa-p256-sha256':
      return isOnCurve(hexOf(bytes.subarray(1)), 'P-256');
    case 'ecdsa-p384-sha384':
      return isOnCurve(hexOf(bytes.subarray(1)), 'P-384');
  }
}

// Not Uint8Array.fromBase64: the schema is read in Node too, whose 24 does not have it.
function bytesOf(base64url: unknown): Uint8Array | null {
  if (typeof base64url !== 'string' || !/^[\w-]{1,512}$/.test(base64url) || base64url.length % 4 === 1) return null;
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  const isCanonical = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === base64url;
  return isCanonical ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : null;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
