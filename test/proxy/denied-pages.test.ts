/**
 * The deny list on the paths where nothing is paid: by address alone, on every path, without a call of the gate a page.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { calls, gateOf } from '../gate/asking.ts';
import { importCsv, listed, unlist } from '../support/lists.ts';
import { acme, manage, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let shops = 0;
let merchant = '';
let shop = SHOP;
beforeEach(async () => {
  origin = new StandInOrigin();
  origin.answer(() => new Response('a page'));
  // One of its own for each test: isolates remember.
  merchant = `pages-${++shops}`;
  shop = `https://${merchant}.example`;
  await configure();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const NL = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' };

async function configure(change: object = {}): Promise<void> {
  const config = { ...acme, id: merchant, hosts: [`${merchant}.example`], ...change };
  expect((await manage('PUT', `/merchants/${merchant}`, config)).status).toBeLessThan(300);
}

function open(change: Try = {}): Promise<Response> {
  return pay({ path: '/cart', method: 'GET', body: null, cf: NL, shop, ...change });
}

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

describe.each([
  ['ip', '203.0.113.9'],
  ['ip', '::ffff:203.0.113.9'],
  ['cidr', '203.0.113.0/24'],
  ['asn', 'AS1136'],
  ['country', 'NL'],
] as const)('a denied %s, %s', (type, value) => {
  it('opens no page, sends no form, and reaches no shop; others do', async () => {
    await listed(merchant, 'deny', { type, value });
    for (const attempt of [{}, { path: '/', method: 'POST', body: 'a=1' }, { path: '/api/pay' }]) {
      const answer = await open(attempt);
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'access_refused']);
    }
    expect(origin.arrived).toEqual([]);
    const other = { ip: '198.51.100.7', cf: { ...NL, country: 'DE', asn: 3320 } };
    expect((await open(other)).status).toBe(200);
  });
});

it('is in force, and gone, a second later at most', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const first = await listed(merchant, 'deny', { type: 'ip', value: '192.0.2.1' });
  expect((await open()).status).toBe(200);
  const { id } = await listed(merchant, 'deny', { type: 'ip', value: '203.0.113.9' });
  passSeconds(1);
  expect((await open()).status).toBe(403);
  await unlist(merchant, 'deny', id);
  passSeconds(1);
  expect((await open()).status).toBe(200);
  await unlist(merchant, 'deny', first.id);
  expect((await open({ ip: '192.0.2.1' })).status).toBe(200);
});

it('ends with its time, whoever asks', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const expires_at = new Date(Date.now() + 60_000).toISOString();
  await listed(merchant, 'deny', { type: 'ip', value: '203.0.113.9', expires_at });
  expect((await open()).status).toBe(403);
  passSeconds(61);
  expect((await open()).status).toBe(200);
});

it('what is no word about an address leaves pages alone, and asks nobody', async () => {
  const asked = [vi.spyOn(Gate.prototype, 'addressChanges'), vi.spyOn(Gate.prototype, 'deniedNames')];
  await listed(merchant, 'deny', { type: 'customer_id', value: 'cus_1' });
  await listed(merchant, 'allow', { type: 'ip', value: '203.0.113.9' });
  expect((await open()).status).toBe(200);
  for (const spy of asked) expect(spy).not.toHaveBeenCalled();
});

it('a merchant in shadow, or switched off, shows every page', async () => {
  await listed(merchant, 'deny', { type: 'ip', value: '203.0.113.9' });
  for (const mode of ['shadow', 'off']) {
    await configure({ mode });
    expect((await open()).status, mode).toBe(200);
  }
});

it('many pages within a second are one call of the gate', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await listed(merchant, 'deny', { type: 'ip', value: '192.0.2.1' });
  await open();
  passSeconds(2);
  const changes = vi.spyOn(Gate.prototype, 'addressChanges');
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => open({ ip: `198.51.100.${n}` })));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(changes).toHaveBeenCalledTimes(1);
});

it('without the gate what is known stands', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await listed(merchant, 'deny', { type: 'ip', value: '203.0.113.9' });
  await open();
  passSeconds(2);
  vi.spyOn(console, 'error').mockReturnValue();
  const away = vi.spyOn(Gate.prototype, 'addressChanges').mockImplementation((): never => {
    throw new Error('away');
  });
  expect((await open()).status).toBe(403);
  expect((await open({ ip: '198.51.100.7' })).status).toBe(200);
  expect(away).toHaveBeenCalled();
});

it('a list too long for a copy is asked about address by address', async () => {
  const lines = Array.from({ length: 60_000 }, (_, n) => `ip,10.${n >> 16}.${(n >> 8) & 255}.${n & 255},many`);
  expect((await importCsv(merchant, 'deny', ['type,value,reason', ...lines].join('\n'))).status).toBe(200);
  expect((await calls(gateOf(merchant)).addressChanges(0, 10)).isComplete).toBe(false);
  for (let round = 0; round < 3; round++) {
    expect((await open({ ip: '10.0.200.5' })).status).toBe(403);
    expect((await open({ ip: '203.0.113.9' })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
});
