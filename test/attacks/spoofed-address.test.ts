/**
 * Choose the address, country or protocol in a header.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
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
  'x.forwarded.for',
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

describe('on a route for the merchant’s own servers', () => {
  const SERVER = '203.0.113.9';
  const putServerRoute = () =>
    putAcme({
      routes: [{ ...payRoute, access: 'server' }],
      network: { allowlist: [{ cidr: `${SERVER}/32`, label: 'core', asn: 1136, country: 'NL' }] },
    });
  const spelt = (name: string, value: string) => (name === 'forwarded' ? `for=${value};by=${value}` : value);

  it.each(spoofs)('%s makes no stranger a server, and no server a stranger', async (name) => {
    await putServerRoute();
    origin.answer(answers.succeed);
    const asServer = await pay({ ip: '192.0.2.7', headers: { [name]: spelt(name, SERVER) } });
    expect([asServer.status, origin.arrived.length]).toEqual([403, 0]);
    expect((await pay({ ip: SERVER, headers: { [name]: spelt(name, '192.0.2.7') } })).status).toBe(200);
    const [arrived] = origin.arrived;
    expect([...(arrived?.headers.values() ?? [])].join(' ')).not.toContain('192.0.2.7');
    expect(arrived?.headers.get('x-forwarded-for')).toBe(SERVER);
  });

  it.each([
    ['cf-ipcountry', 'NL', { country: 'DE', asn: 1136 }],
    ['cf-ipcountry', 'NL', {}],
    ['cf-ipasn', '1136', { country: 'NL', asn: 64500 }],
    ['x-asn', '1136', { country: 'NL' }],
    ['cf-connecting-ipcountry', 'NL', { country: 'DE', asn: 1136 }],
  ])('%s: %s holds no pin', async (name, value, cf) => {
    await putServerRoute();
    expect((await pay({ ip: SERVER, cf, headers: { [name]: value } })).status).toBe(403);
    expect(origin.arrived).toEqual([]);
  });

  it('a second CF-Connecting-IP makes none of the two believable', async () => {
    await putServerRoute();
    expect((await pay({ ip: `192.0.2.7, ${SERVER}` })).status).toBe(403);
    expect((await pay({ ip: `${SERVER}, 192.0.2.7` })).status).toBe(403);
    expect(origin.arrived).toEqual([]);
  });

  it('no header at all is no address', async () => {
    await putServerRoute();
    expect((await pay({ ip: null, headers: { 'x-real-ip': SERVER, 'true-client-ip': SERVER } })).status).toBe(403);
    expect(origin.arrived).toEqual([]);
  });
});
