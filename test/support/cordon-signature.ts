/**
 * An origin's look at a request from Cordon, by another implementation of RFC 9421 than the one that signs, with the keys
 * that Cordon publishes.
 */
import { exports } from 'cloudflare:workers';
import { httpbis } from 'http-message-signatures';
import type { Arrived } from './origin.ts';
import { digestOf } from './signer.ts';

export const REQUIRED = ['@method', '@authority', '@path', '@query', 'x-forwarded-host', 'x-forwarded-proto'];

/** What is covered, where the signature and the body are right; null where they are not. */
export async function coverageOf(arrived: Pick<Arrived, 'method' | 'url' | 'headers' | 'body'>, shop: string) {
  const { method, url, headers, body } = arrived;
  const keys = await keysOf(shop);
  let covered: readonly string[] = [];
  const keyLookup = async ({ tag, keyid }: { tag?: unknown; keyid?: unknown }) => {
    const key = tag === 'cordon' ? keys.get(String(keyid)) : undefined;
    if (key === undefined) return null;
    const verify = async (base: Uint8Array, signature: Uint8Array) => {
      const lines = new TextDecoder().decode(base).split('\n').slice(0, -1);
      covered = lines.map((line) => /^"([^"]+)": /.exec(line)?.[1] ?? line);
      return crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(base));
    };
    return { verify };
  };
  const requiredParams = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];
  const rules = { keyLookup, requiredFields: REQUIRED, requiredParams };
  const message = { method, url, headers: Object.fromEntries(headers) };
  const isRight = await httpbis.verifyMessage(rules as never, message as never).catch(() => false);
  const isBody = !covered.includes('content-digest') || headers.get('content-digest') === (await digestOf(body));
  return isRight === true && isBody ? covered : null;
}

/** The shop's published signing keys, by their ids. */
export async function keysOf(shop: string): Promise<ReadonlyMap<string, CryptoKey>> {
  const answer = await exports.default.fetch(`${shop}/.cordon/jwks.json`);
  const { keys } = (await answer.json()) as { keys: readonly (JsonWebKey & { kid: string; use: string })[] };
  const signing = keys.filter(({ use }) => use === 'sig');
  const imported = signing.map(async (jwk): Promise<[string, CryptoKey]> => {
    const { kid, kty, crv, x } = jwk;
    return [kid, await crypto.subtle.importKey('jwk', { kty, crv, x } as JsonWebKey, 'Ed25519', false, ['verify'])];
  });
  return new Map(await Promise.all(imported));
}

/** The parameters of Cordon's signature. */
export function parameterOf({ headers }: Pick<Arrived, 'headers'>, name: string): string | undefined {
  return new RegExp(`^cordon=[^,]*;${name}="?([^";,]*)`).exec(headers.get('signature-input') ?? '')?.[1];
}
