/**
 * Velocity, deny and allow lists, attack mode and backtests as the contract words them, over HTTP against the Worker that
 * `wrangler dev` runs.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cards } from '../support/card-numbers.ts';
import { KillableServer } from '../support/killable-server.ts';
import { Caller } from './caller.ts';

const NUMBERS = cards(30);
const payment = (at: number, change: object = {}) => ({
  ip: '203.0.113.9',
  country: 'NL',
  card: { number: NUMBERS[at] ?? '' },
  amount: 1999,
  currency: 'EUR',
  kind: 'payment',
  ...change,
});

let server: KillableServer;
let cordon: Caller;
beforeAll(async () => {
  server = await KillableServer.prepare();
  await server.start();
  cordon = new Caller(server);
}, 120_000);
afterAll(() => server.dispose());

describe('velocity', () => {
  it('shuts an address after so many distinct failed cards, tells of it, and opens it again', async () => {
    const cards_per_ip = { name: 'cards_per_ip', by: ['ip'], count: 'distinct_cards', limit: 3, window_seconds: 3_600 };
    const merchant = await cordon.merchant('counted', { velocity: [cards_per_ip] });
    for (const at of [0, 1, 2]) expect((await cordon.fail(merchant, payment(at))).decision).toBe('allow');
    const refused = await cordon.evaluate(merchant, payment(3));
    expect(refused).toMatchObject({
      decision: 'block',
      reasons: [{ code: 'velocity', rule: 'cards_per_ip', mode: 'enforce' }],
      reservation: null,
    });
    expect(refused.retry_after_seconds ?? null).toBeNull();
    expect((await cordon.evaluate(merchant, payment(4, { ip: '198.51.100.1' }))).decision).toBe('allow');
    const { body } = await cordon.call('GET', `/merchants/${merchant}/blocks`);
    expect(body.blocks).toMatchObject([{ rule: 'cards_per_ip', ip: '203.0.113.9', state: 'shut', failures: 3 }]);
    const lifted = await cordon.call('POST', `/merchants/${merchant}/unblock`, { ip: '203.0.113.9' });
    expect(lifted.body).toMatchObject({ count: 1, lifted: [{ rule: 'cards_per_ip' }], shared_holds: [] });
    expect((await cordon.evaluate(merchant, payment(5))).decision).toBe('allow');
  });

  it('asks by the recommended set, and a pass is for one', async () => {
    const merchant = await cordon.merchant('recommended', {
      velocity: 'recommended',
      step_up: { methods: ['proof_of_work'] },
    });
    for (const at of [0, 1, 2, 3]) expect((await cordon.fail(merchant, payment(at))).decision).toBe('allow');
    const asked = await cordon.evaluate(merchant, payment(4));
    expect(asked).toMatchObject({
      decision: 'challenge',
      reservation: null,
      challenge: { methods: ['proof_of_work'] },
    });
    expect(asked.challenge.url).toMatch(/^https:\/\//);
  });

  it.each([
    ['by what one can write for somebody else', { by: ['email'], then: 'block' }, '/velocity/0/then'],
    ['of what there is not', { by: ['shoe_size'] }, '/velocity/0/by'],
    ['without a limit', { by: ['ip'], limit: undefined }, '/velocity/0/limit'],
  ])('refuses a rule %s, and says where', async (_, change, path) => {
    const rule = { name: 'x', limit: 3, window_seconds: 60, ...change };
    const { status, body } = await cordon.call('PUT', '/merchants/faulty', { id: 'faulty', velocity: [rule] });
    expect([status, body.code]).toEqual([422, 'invalid_configuration']);
    expect(body.errors.some((error: { path: string }) => error.path.startsWith(path))).toBe(true);
  });
});

describe('lists', () => {
  it('refuse whom they deny at the next attempt, and no more once he is off', async () => {
    const merchant = await cordon.merchant('listing', {});
    const item = { type: 'ip', value: '203.0.113.9', reason: 'seen before' };
    const put = await cordon.call('POST', `/merchants/${merchant}/lists/deny`, item);
    expect(put).toMatchObject({ status: 201, body: { ...item, actor: 'admin', expires_at: null } });
    expect(await cordon.evaluate(merchant, payment(0))).toMatchObject({
      decision: 'block',
      reasons: [{ code: 'list', rule: 'ip' }],
    });
    expect((await cordon.call('DELETE', `/merchants/${merchant}/lists/deny/${put.body.id}`)).status).toBe(204);
    expect((await cordon.evaluate(merchant, payment(0))).decision).toBe('allow');
  });

  it('take many as CSV, and say which lines they did not', async () => {
    const merchant = await cordon.merchant('importing', {});
    const csv = 'type,value,reason\nip,198.51.100.7,old list\nip,nowhere,old list\ncountry,SG,old list\n';
    const { status, body } = await cordon.call('POST', `/merchants/${merchant}/lists/deny`, csv);
    expect([status, body]).toMatchObject([200, { added: 2, refused: 1, lines: [{ line: 3 }], is_complete: true }]);
    expect((await cordon.evaluate(merchant, payment(0, { country: 'SG' }))).decision).toBe('block');
  });

  it('let in whom a country shuts out, and never whom a counter does', async () => {
    const merchant = await cordon.merchant('allowing', {
      network: { operating_countries: ['DE'] },
      velocity: [{ name: 'per_ip', by: ['ip'], limit: 1, window_seconds: 3_600 }],
    });
    expect((await cordon.evaluate(merchant, payment(0))).decision).toBe('block');
    const item = { type: 'ip', value: '203.0.113.9', reason: 'our own office' };
    await cordon.call('POST', `/merchants/${merchant}/lists/allow`, item);
    const let_in = await cordon.fail(merchant, payment(0));
    expect([let_in.decision, let_in.reasons[0].mode]).toEqual(['allow', 'shadow']);
    expect(await cordon.evaluate(merchant, payment(1))).toMatchObject({ decision: 'block' });
  });
});

describe('attack mode', () => {
  const config = { attack_mode: { mode: 'auto' }, step_up: { methods: ['proof_of_work'] } };

  it('is turned on by hand, asks strangers at the next attempt, and is turned back', async () => {
    const merchant = await cordon.merchant('attacked', config);
    expect((await cordon.evaluate(merchant, payment(0))).decision).toBe('allow');
    const turned = await cordon.call('POST', `/merchants/${merchant}/switches`, {
      attack_mode: 'on',
      reason: 'declines',
    });
    expect(turned.status).toBe(200);
    expect(await cordon.evaluate(merchant, payment(1))).toMatchObject({
      decision: 'challenge',
      reasons: [{ code: 'attack_mode' }],
    });
    const { body } = await cordon.call('GET', `/merchants/${merchant}/switches`);
    expect(JSON.stringify(body)).toContain('declines');
    await cordon.call('POST', `/merchants/${merchant}/switches`, { attack_mode: 'auto', reason: 'over' });
    expect((await cordon.evaluate(merchant, payment(2))).decision).toBe('allow');
  });

  it('lets a customer on the allow list pay on, and takes his outcome', async () => {
    const merchant = await cordon.merchant('trusted', config);
    await cordon.call('POST', `/merchants/${merchant}/switches`, { attack_mode: 'on', reason: 'declines' });
    const item = { type: 'customer_id', value: 'cus_1', reason: 'wholesale' };
    await cordon.call('POST', `/merchants/${merchant}/lists/allow`, item);
    const paid = await cordon.evaluate(merchant, payment(3, { customer_id: 'cus_1' }));
    expect(paid).toMatchObject({ decision: 'allow', reservation: { expires_at: expect.any(String) } });
    const told = await cordon.call('POST', `/evaluations/${paid.id}/outcome`, { status: 'succeeded' });
    expect(told.status).toBe(200);
  });
});

describe('a backtest', () => {
  it('answers what it tried, and what it cannot', async () => {
    const merchant = await cordon.merchant('tried', {});
    const config = {
      velocity: [{ name: 'per_ip', by: ['ip'], limit: 3, window_seconds: 60 }],
      reputation: { feeds: ['x'] },
    };
    const { status, body } = await cordon.call('POST', `/merchants/${merchant}/backtests`, {
      config,
      suggestions: true,
    });
    expect([status, body]).toMatchObject([
      200,
      { attempts: 0, is_complete: true, not_replayed: ['feed:x'], suggestions: [{ rule: 'per_ip', suggested: 3 }] },
    ]);
  });
});
