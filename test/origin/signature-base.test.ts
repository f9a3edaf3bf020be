/**
 * The signature base is Cordon's own: held against RFC 9421's vector, and against what a library signs of the same request.
 */
import { createSignature } from 'http-message-sig';
import { expect, it } from 'vitest';
import type { SigningKey } from '../../src/config/signing-key.ts';
import { signatureBase, signBase, signedHeaders, type UnsignedRequest } from '../../src/origin/signature.ts';

const PLACE = { url: 'https://nl.origin.acme.example' };
const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
const key: SigningKey = { id: 'kid', key: pair.privateKey };

const TOLD = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'shop.acme.example',
  'x-forwarded-proto': 'https',
};
const JUDGED = {
  ...TOLD,
  'cordon-evaluation': 'ev_1',
  'cordon-decision': 'review',
  'cordon-risk-score': '66',
  'content-type': 'application/json',
};
const PAYMENT: UnsignedRequest = {
  method: 'POST',
  at: { pathname: '/api/pay', search: '?a=1' },
  headers: new Headers(JUDGED),
  body: new TextEncoder().encode('{"card":{"number":"4242424242424242"}}'),
};

it('signs RFC 9421, B.2.6 as the RFC does', async () => {
  const pkcs8 = Uint8Array.fromBase64('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF');
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const components = [
    { name: 'date', value: 'Tue, 20 Apr 2021 02:07:55 GMT' },
    { name: '@method', value: 'POST' },
    { name: '@path', value: '/foo' },
    { name: '@authority', value: 'example.com' },
    { name: 'content-type', value: 'application/json' },
    { name: 'content-length', value: '18' },
  ];
  const { base, input } = signatureBase(components, ';created=1618884473;keyid="test-key-ed25519"');
  expect(input).toBe(
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  );
  expect((await signBase(base, { key })).toBase64()).toBe(
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  );
});

it.each<[string, Partial<UnsignedRequest>]>([
  ['judged', {}],
  [
    'judged, with a charset',
    { headers: new Headers({ ...JUDGED, 'content-type': 'application/json; charset="utf-8"' }) },
  ],
  ['without a query', { at: { pathname: '/', search: '' } }],
  ['without a body', { method: 'GET', body: null, headers: new Headers(TOLD) }],
  ['with a stream', { method: 'PUT', body: new Blob(['x']).stream(), headers: new Headers(TOLD) }],
])('is the very signature that a library makes of the same request: %s', async (_, change) => {
  const request = { ...PAYMENT, ...change };
  const { method, at } = request;
  const headers = await signedHeaders(request, PLACE, { key, now: Date.now() });
  const ours = headers.get('signature-input') ?? '';
  const [, created = '', expires = '', nonce = ''] = /created=(\d+);expires=(\d+);nonce="([^"]+)"/.exec(ours) ?? [];
  const theirs = await createSignature(
    { kind: 'request', method, targetUri: `${PLACE.url}${at.pathname}${at.search}`, fields: fieldsOf(headers) },
    {
      label: 'cordon',
      components: [...(ours.split(')')[0] ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
      parameters: {
        created: Number(created),
        expires: Number(expires),
        nonce,
        keyid: 'kid',
        alg: 'ed25519',
        tag: 'cordon',
      },
      signer: { algorithm: 'ed25519', sign: async (base) => signBytes(base) },
    },
  );
  expect(theirs.signatureInput).toBe(ours);
  expect(theirs.signature).toBe(headers.get('signature'));
});

async function signBytes(base: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, new Uint8Array(base)));
}

function fieldsOf(headers: Headers): { name: string; value: string }[] {
  return [...headers].map(([name, value]) => ({ name, value }));
}
