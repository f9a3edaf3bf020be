/**
 * The signature base is Cordon's own: held against RFC 9421's vector, and against what a library signs of the same request.
 */
import { createSignature } from 'http-message-sig';
import { expect, it } from 'vitest';
import { signatureBase, signBase, signedHeaders } from '../../src/origin/signature.ts';
import { type Change, coveredBy, inputOf, JUDGED, key, PLACE, pair, requestOf, TOLD } from './signed-payment.ts';

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

it.each<[string, Change]>([
  ['judged', {}],
  ['judged, with a charset', { headers: { ...JUDGED, 'content-type': 'application/json; charset="utf-8"' } }],
  ['without a query', { at: { pathname: '/', search: '' } }],
  ['without a body', { method: 'GET', body: null, headers: TOLD }],
  ['with a stream', { method: 'PUT', body: new Blob(['x']).stream(), headers: TOLD }],
])('is the very signature that a library makes of the same request: %s', async (_, change) => {
  const request = requestOf(change);
  const { method, at } = request;
  const headers = await signedHeaders(request, PLACE, { key, now: Date.now() });
  const ours = inputOf(headers);
  const [, created = '', expires = '', nonce = ''] = /created=(\d+);expires=(\d+);nonce="([^"]+)"/.exec(ours) ?? [];
  const theirs = await createSignature(
    { kind: 'request', method, targetUri: `${PLACE.url}${at.pathname}${at.search}`, fields: fieldsOf(headers) },
    {
      label: 'cordon',
      components: coveredBy(headers),
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
