/**
 * What a visit says of its caller, and how often it asks the edge.
 */
import { expect, it } from 'vitest';
import { readUrl } from '../../src/attempt/request-url.ts';
import { Visit } from '../../src/proxy/visit.ts';

function visit(cf: Record<string, unknown> | undefined, ip = '203.0.113.9') {
  const request = new Request('https://shop.acme.example/api/pay', { headers: { 'cf-connecting-ip': ip } });
  let asked = 0;
  const get = () => {
    asked++;
    return cf;
  };
  Object.defineProperty(request, 'cf', { get });
  return { visit: new Visit(request, readUrl(request.url)), asked: () => asked };
}

const SEEN = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3', timezone: 'Europe/Amsterdam' };

it('asks the edge once, and only when somebody wants to know', () => {
  const { visit: one, asked } = visit(SEEN);
  expect([one.secure, one.whence?.ip.text, asked()]).toEqual([true, '203.0.113.9', 0]);
  expect([one.tlsVersion, one.timeZone, one.whence?.country, one.whence?.asn]).toEqual([
    'TLSv1.3',
    'Europe/Amsterdam',
    'NL',
    1136,
  ]);
  expect(asked()).toBe(1);
});

it.each<[string, Record<string, unknown> | undefined]>([
  ['nothing', undefined],
  ['nothing of it', {}],
  ['what is no answer', { country: '', asn: 0, tlsVersion: 3, timezone: '' }],
  ['a country that it does not know', { country: 'XX', asn: '1136' }],
])('knows nothing where the edge says %s', (_, cf) => {
  const { visit: one } = visit(cf);
  expect([one.tlsVersion, one.timeZone, one.whence?.country, one.whence?.asn]).toEqual([null, null, null, null]);
});

it('is nobody’s without an address', () => {
  expect(visit(SEEN, 'unknown').visit.whence).toBeNull();
});
