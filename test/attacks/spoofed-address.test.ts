/**
 * Choose the address, country or protocol in a header.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => vi.unstubAllGlobals());

const spoofs = [
  'x-forwarded-for',
  'x_forwarded_for',
  'forwarded',
  'x-real-ip',
  'true-client-ip',
  'cf-ipcountry',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'x-client-ip',
  'x-cluster-client-ip',
  'client-ip',
  'fastly-client-ip',
  'cordon-evaluation',
  'cordon-decision',
  'x-forwarded-proto',
  'x-forwarded-host',
];

it.each(spoofs)('%s changes nothing and does not reach the origin', async (name) => {
  await putAcme({ card_testing_guard_config: rule('guest_ip', 2) });
  const ip = `198.51.100.${spoofs.indexOf(name) + 1}`;
  const [a, b, c] = cards(3);
  await pay({ ip, card: a ?? '', headers: { [name]: '192.0.2.1' } });
  await pay({ ip, card: b ?? '', headers: { [name]: '192.0.2.2' } });
  expect((await pay({ ip, card: c ?? '', headers: { [name]: '192.0.2.3' } })).status).toBe(403);
  for (const { headers } of origin.arrived) expect([...headers.values()].join(' ')).not.toContain('192.0.2.');
});

it('tells the origin the address that the edge saw, and no other', async () => {
  await putAcme();
  await pay({ ip: '2001:DB8::0:1', headers: { 'x-forwarded-for': '192.0.2.1' } });
  const headers = origin.arrived[0]?.headers;
  expect(headers?.get('x-forwarded-for')).toBe('2001:db8::1');
  expect(headers?.get('x-forwarded-proto')).toBe('https');
  expect(headers?.get('x-forwarded-host')).toBe('shop.acme.example');
  expect(headers?.get('cordon-evaluation')).toMatch(/^ev_/);
});

it('does the same on unprotected paths', async () => {
  await putAcme();
  await pay({
    path: '/cart',
    headers: { 'x-forwarded-for': '192.0.2.1', 'cordon-evaluation': 'ev_1', 'x-real-ip': '192.0.2.1' },
  });
  const headers = origin.arrived[0]?.headers;
  expect([headers?.get('x-forwarded-for'), headers?.get('x-real-ip'), headers?.get('cordon-evaluation')]).toEqual([
    '203.0.113.9',
    null,
    null,
  ]);
});
