/**
 * A merchant's server that signs its requests, by another implementation of RFC 9421 than the one that verifies them.
 */
import { httpbis, type SignConfig } from 'http-message-signatures';

export type SignedAlgorithm = 'ed25519' | 'ecdsa-p256-sha256' | 'ecdsa-p384-sha384';

const CURVES = {
  ed25519: { made: { name: 'Ed25519' }, signed: { name: 'Ed25519' } },
  'ecdsa-p256-sha256': { made: { name: 'ECDSA', namedCurve: 'P-256' }, signed: { name: 'ECDSA', hash: 'SHA-256' } },
  'ecdsa-p384-sha384': { made: { name: 'ECDSA', namedCurve: 'P-384' }, signed: { name: 'ECDSA', hash: 'SHA-384' } },
} as const;

export interface SigningKey {
  readonly id: string;
  readonly algorithm: SignedAlgorithm;
  readonly pair: CryptoKeyPair;
  /** As a configuration takes it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

export async function makeKey(id: string, algorithm: SignedAlgorithm = 'ed25519'): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey(CURVES[algorithm].made, true, ['sign', 'verify'])) as CryptoKeyPair;
  const exported = await crypto.subtle.exportKey('jwk', pair.publicKey);
  // workerd exports the members that a key has not, too.
  const jwk = JSON.parse(JSON.stringify(exported)) as Record<string, unknown>;
  return { id, algorithm, pair, jwk };
}

/** The key as a merchant writes it down. */
export function written({ id, algorithm, jwk }: SigningKey, change: Record<string, unknown> = {}) {
  return { id, algorithm, public_key: jwk, ...change };
}

export interface Signing {
  readonly method?: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key: SigningKey;
  readonly fields?: readonly string[];
  /** Seconds since the epoch; null: left out. */
  readonly created?: number | null;
  readonly expires?: number;
  readonly nonce?: string | null;
  readonly keyid?: string | null;
  readonly alg?: string;
  readonly label?: string;
  /** Replaces the key's own signature over the base. */
  readonly sign?: (base: Uint8Array) => Promise<Uint8Array>;
}

export const FIELDS = ['@method', '@target-uri', 'content-digest'] as const;

/** The headers of a signed request. */
export async function signedHeaders(signing: Signing): Promise<Record<string, string>> {
  const { method = 'POST', url, body = '', headers = {}, key, fields = FIELDS, label = 'sig1' } = signing;
  const { created = Math.floor(Date.now() / 1000), expires, nonce = newNonce(), keyid = key.id, alg } = signing;
  const values = {
    created: created === null ? null : new Date(created * 1000),
    ...(expires === undefined ? {} : { expires: new Date(expires * 1000) }),
    ...(nonce === null ? {} : { nonce }),
    ...(keyid === null ? {} : { keyid }),
    ...(alg === undefined ? {} : { alg }),
  };
  const message = { method, url, headers: { 'content-digest': await digestOf(body), ...headers } };
  const params = Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [name]));
  const sign = async (base: Buffer) => Buffer.from(await (signing.sign ?? signerOf(key))(base));
  const { headers: signed } = await httpbis.signMessage(
    {
      key: { sign },
      name: label,
      fields: [...fields],
      params,
      paramValues: values as NonNullable<SignConfig['paramValues']>,
    },
    message,
  );
  return Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

export function signerOf({ algorithm, pair }: SigningKey): (base: Uint8Array) => Promise<Uint8Array> {
  return async (base) =>
    new Uint8Array(await crypto.subtle.sign(CURVES[algorithm].signed, pair.privateKey, new Uint8Array(base)));
}

export async function digestOf(body: string, algorithm: 'sha-256' | 'sha-512' = 'sha-256'): Promise<string> {
  const bytes = await crypto.subtle.digest(algorithm.toUpperCase(), new TextEncoder().encode(body));
  return `${algorithm}=:${new Uint8Array(bytes).toBase64()}:`;
}

export function newNonce(): string {
  return crypto.randomUUID();
}
