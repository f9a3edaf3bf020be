/**
 * A payment as it is when Cordon signs it, and a key to sign it with.
 */
import type { SigningKey } from '../../src/config/signing-key.ts';
import type { UnsignedRequest } from '../../src/origin/signature.ts';

export const PLACE = { url: 'https://nl.origin.acme.example' };
export const BODY = '{"card":{"number":"4242424242424242"}}';

export const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
export const key: SigningKey = { id: 'kid', key: pair.privateKey };

/** What every request tells. */
export const TOLD = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'shop.acme.example',
  'x-forwarded-proto': 'https',
};
/** And one that was judged. */
export const JUDGED = {
  ...TOLD,
  'cordon-evaluation': 'ev_1',
  'cordon-decision': 'review',
  'cordon-risk-score': '66',
  'content-type': 'application/json',
};

export interface Change {
  readonly method?: string;
  readonly at?: UnsignedRequest['at'];
  readonly headers?: Record<string, string>;
  readonly body?: UnsignedRequest['body'];
}

export function requestOf(change: Change = {}): UnsignedRequest {
  const { method = 'POST', at = { pathname: '/api/pay', search: '?a=1' }, headers = JUDGED } = change;
  const body = change.body === undefined ? new TextEncoder().encode(BODY) : change.body;
  return { method, at, headers: new Headers(headers), body };
}

export const inputOf = (headers: Headers): string => headers.get('signature-input') ?? '';

/** What the first signature covers, in its order. */
export function coveredBy(headers: Headers): string[] {
  return [...(inputOf(headers).split(')')[0] ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
}
