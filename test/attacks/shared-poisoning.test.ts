/**
 * Shared observations turned into a weapon: by one merchant, through an API, by many failures at one shop. What is seen
 * by the edge at two shops counts, boundedly, for those who share, and good payments speak against it.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Observatory } from '../../src/observatory/observatory.ts';
import { api, ask, evaluated, tell } from '../api/backend.ts';
import { forgetFeeds } from '../support/feeds.ts';
import { manage, ORIGIN, payRoute, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

const VICTIM = '203.0.113.77';
/** As long as an isolate puts together what it sees. */
const BATCHED_MS = 1_300;
vi.setConfig({ testTimeout: 30_000 });
const SHARED = { reputation: { shared: true, step_up_above: 100 }, card_testing_guard_config: rule('guest_ip', 999) };

let origin: StandInOrigin;
/** Ahead of the real time, and never back: an isolate looks for lists anew when time has gone by. */
let now = Date.now() + 365 * 86_400_000;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
  origin = new StandInOrigin();
  await forgetFeeds();
  await runInDurableObject(observatory(), (_, { storage }) => storage.sql.exec('DELETE FROM sightings'));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const observatory = () => env.OBSERVATORY.getByName('observatory') as unknown as DurableObjectStub<Observatory>;

async function shop(id: string, change: Record<string, unknown> = SHARED): Promise<string> {
  const host = `${id}.example`;
  const answer = await manage('PUT', `/merchants/${id}`, {
    id,
    hosts: [host],
    origin: { pool: [{ url: ORIGIN }] },
    routes: [
      payRoute,
      { ...payRoute, name: 'charge', access: 'server', match: { methods: ['POST'], path: '/charge' } },
    ],
    ...change,
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return `https://${host}`;
}

async function failures(at: string, count: number, ip = VICTIM, path = '/api/pay'): Promise<void> {
  origin.answer(answers.decline);
  for (const card of cards(count)) await pay({ shop: at, ip, card, path });
}

async function goodPayments(at: string, count: number): Promise<void> {
  origin.answer(answers.succeed);
  for (const card of cards(count)) expect((await pay({ shop: at, ip: VICTIM, card })).status).toBe(200);
}

/** What everybody who shares hears of an address, once it is passed on and published. */
async function heardOf(at: string, ip = VICTIM): Promise<number> {
  await scheduler.wait(BATCHED_MS);
  now += 600_000;
  vi.setSystemTime(now);
  await runInDurableObject(observatory(), (it: Observatory) => it.publish(now));
  origin.answer(answers.succeed);
  // One attempt finds out what is new, the next ones know it.
  await pay({ shop: at, ip: '203.0.113.250' });
  await scheduler.wait(100);
  const answer = await pay({ shop: at, ip });
  const told = await api('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`);
  const { risk } = (await told.json()) as { risk: { contributions: { source: string; score: number }[] } | null };
  return risk?.contributions.find(({ source }) => source === 'shared')?.score ?? 0;
}

const rows = () =>
  runInDurableObject(observatory(), (_, { storage }) => [...storage.sql.exec('SELECT * FROM sightings')].length);

it('what two shops saw counts at a third that shares, and is bounded', async () => {
  const [a, b, c] = [await shop('a'), await shop('b'), await shop('c')];
  await failures(a, 20);
  await failures(b, 20);
  expect(await heardOf(c)).toBe(30);
  expect(await heardOf(c, '203.0.113.78')).toBe(0);
});

describe('counts for nothing', () => {
  it('many failures at one shop', async () => {
    const [a, c] = [await shop('a'), await shop('c')];
    await failures(a, 60);
    expect(await heardOf(c)).toBe(0);
  });

  it('what a shop sees that does not share, or is off', async () => {
    const [a, c] = [await shop('a'), await shop('c')];
    const b = await shop('b', { card_testing_guard_config: SHARED.card_testing_guard_config });
    const d = await shop('d', { ...SHARED, mode: 'off' });
    // Its layer is off, though another one still asks the same rules.
    const network = { asn: { hosting: 'score' }, modes: { reputation: 'off' } };
    const e = await shop('e', { ...SHARED, network });
    await failures(a, 5);
    await failures(b, 20);
    await failures(d, 20);
    await failures(e, 20);
    expect(await heardOf(c)).toBe(0);
  });

  it("what merchants' backends type", async () => {
    const c = await shop('c');
    for (const merchant of ['a', 'b']) {
      await shop(merchant);
      for (const card of cards(5)) {
        const { id } = await evaluated(merchant, { ip: VICTIM, card: { number: card } });
        expect((await tell(id, { status: 'failed' })).status).toBe(200);
      }
      await ask(merchant, { ip: VICTIM, card: { number: '4242424242424242' }, country: 'NL' });
    }
    expect(await heardOf(c)).toBe(0);
  });

  it("what comes from merchants' own servers", async () => {
    const network = { allowlist: [{ cidr: `${VICTIM}/32`, label: 'core' }] };
    const [a, b, c] = [
      await shop('a', { ...SHARED, network }),
      await shop('b', { ...SHARED, network }),
      await shop('c'),
    ];
    await failures(a, 10, VICTIM, '/charge');
    await failures(b, 10, VICTIM, '/charge');
    expect(await heardOf(c)).toBe(0);
  });

  it('an outage of a processor', async () => {
    const [a, b, c] = [await shop('a'), await shop('b'), await shop('c')];
    const outage = () =>
      Response.json({ status: 'failed', error: { decline_code: 'processing_error' } }, { status: 402 });
    for (const at of [a, b]) {
      origin.answer(outage);
      for (const card of cards(10)) await pay({ shop: at, ip: VICTIM, card });
      origin.answer(answers.break);
      for (const card of cards(10)) await pay({ shop: at, ip: VICTIM, card });
    }
    expect(await heardOf(c)).toBe(0);
  });

  it('a spoofed address', async () => {
    const [a, b, c] = [await shop('a'), await shop('b'), await shop('c')];
    for (const at of [a, b]) {
      origin.answer(answers.decline);
      const headers = { 'x-forwarded-for': VICTIM, 'true-client-ip': VICTIM, forwarded: `for=${VICTIM}` };
      for (const card of cards(8)) await pay({ shop: at, ip: '198.51.100.9', card, headers });
    }
    expect(await heardOf(c)).toBe(0);
    expect(await heardOf(c, '198.51.100.9')).toBe(30);
  });
});

it('good payments speak for an address', async () => {
  const [a, b, c] = [await shop('a'), await shop('b'), await shop('c')];
  await failures(a, 6);
  await failures(b, 6);
  await goodPayments(a, 3);
  await goodPayments(b, 3);
  expect(await heardOf(c)).toBe(0);
});

it('who does not share hears nothing', async () => {
  const [a, b] = [await shop('a'), await shop('b')];
  const c = await shop('c', { ...SHARED, reputation: {}, network: { country_mismatch: 'score' } });
  await failures(a, 10);
  await failures(b, 10);
  expect(await heardOf(c)).toBe(0);
});

it('nothing at all leaves a deployment in which nobody shares', async () => {
  const a = await shop('a', { card_testing_guard_config: SHARED.card_testing_guard_config });
  await failures(a, 10);
  await scheduler.wait(BATCHED_MS);
  expect(await rows()).toBe(0);
});

it('an attack from a thousand addresses is held in bounded memory and passed on in few calls', async () => {
  const { Sightings } = await import('../../src/proxy/sightings.ts');
  const calls: number[] = [];
  const observe = async (_: string, sightings: readonly unknown[]) => void calls.push(sightings.length);
  const sightings = new Sightings({ observatory: { observe } });
  const work: Promise<unknown>[] = [];
  const afterwards = (one: Promise<unknown>) => void work.push(one);
  for (let index = 0; index < 100_000; index++) {
    const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    sightings.note({ merchant: 'a', address, failures: 1, successes: 0, now, afterwards });
  }
  await Promise.all(work);
  expect([work.length, calls]).toEqual([1, [500, 500, 500, 500]]);
});
