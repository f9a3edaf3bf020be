/**
 * The daily budget, as it is spent: by several isolates at once never more look-ups than the limit, and the gate asked
 * once for many.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gates } from '../../src/gate/gate-client.ts';
import { GATES, newAsker, newIsolate, silenceOf } from './asking.ts';
import { StandInProviders, scored, slowly } from './stand-in.ts';

let providers: StandInProviders;
beforeEach(() => {
  providers = new StandInProviders();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const elsewhere = (index: number) => `185.221.${Math.floor(index / 250)}.${(index % 250) + 1}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => elsewhere(index));

/** Gates that count how often they are asked, or do not answer. */
function watched(change: 'counted' | 'silent'): { gates: Gates; asked: () => number } {
  let asked = 0;
  const stub = (name: string) => ({
    takeBudget: (request: unknown) => {
      asked++;
      if (change === 'silent') return Promise.reject(new Error('gone'));
      const gate = env.GATE.getByName(name) as unknown as { takeBudget(request: unknown): Promise<unknown> };
      return gate.takeBudget(request);
    },
  });
  return { gates: { ...GATES, namespace: { getByName: stub } as unknown as Gates['namespace'] }, asked: () => asked };
}

it.each([1, 7, 40])('fifty new addresses at once, over five isolates: %i look-ups and no more', async (limit) => {
  providers.answer(slowly(20, scored(1)));
  const asker = await newAsker({ daily_budget: limit });
  const isolates = Array.from({ length: 5 }, () => newIsolate());
  const all = await Promise.all(many(50).map((address, i) => isolates[i % 5]?.ask(asker, address) ?? null));
  for (const isolate of isolates) await isolate.rest();
  expect(providers.arrived).toHaveLength(limit);
  expect(all.filter((heard) => silenceOf(heard) === 'over_budget')).toHaveLength(50 - limit);
});

it('the gate is asked once for many, and not at all for an address that is known', async () => {
  const { gates, asked } = watched('counted');
  const asker = await newAsker({ daily_budget: 1_000 });
  const isolate = newIsolate(gates);
  await Promise.all(many(40).map((address) => isolate.ask(asker, address)));
  expect(asked()).toBe(1);
  await Promise.all(many(40).map((address) => isolate.ask(asker, address)));
  expect([asked(), providers.arrived.length]).toEqual([1, 40]);
});

it('a gate that does not answer grants nothing, and is not asked with each payment', async () => {
  const { gates, asked } = watched('silent');
  const isolate = newIsolate(gates);
  const asker = await newAsker();
  for (const address of many(5)) expect(silenceOf(await isolate.ask(asker, address))).toBe('over_budget');
  expect(providers.arrived).toEqual([]);
  expect(asked()).toBe(1);
});

it('once it is spent, what the data centre knows is still told', async () => {
  providers.answer(scored(66));
  const asker = await newAsker({ daily_budget: 1 });
  const first = newIsolate();
  await first.ask(asker, elsewhere(1));
  await first.rest();
  const second = newIsolate();
  expect(silenceOf(await second.ask(asker, elsewhere(2)))).toBe('over_budget');
  expect((await second.ask(asker, elsewhere(1)))?.signals[0]?.score).toBe(66);
});

it('once the account is used up, what the data centre knows is still told', async () => {
  providers.answer(scored(66));
  const asker = await newAsker();
  const first = newIsolate();
  await first.ask(asker, elsewhere(1));
  await first.rest();
  const second = newIsolate();
  providers.answer(() => new Response('', { status: 429 }));
  expect(silenceOf(await second.ask(asker, elsewhere(2)))).toBe('over_budget');
  expect((await second.ask(asker, elsewhere(1)))?.signals[0]?.score).toBe(66);
});

it('a new day is a new budget', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2090, 0, 15, 23, 59, 50) });
  const [isolate, asker] = [newIsolate(), await newAsker({ daily_budget: 1 })];
  expect(silenceOf(await isolate.ask(asker, elsewhere(1)))).toBeNull();
  expect(silenceOf(await isolate.ask(asker, elsewhere(2)))).toBe('over_budget');
  vi.setSystemTime(Date.UTC(2090, 0, 16, 0, 2));
  expect(silenceOf(await isolate.ask(asker, elsewhere(3)))).toBeNull();
});

describe('a provider that says its account is used up', () => {
  it.each([
    ['for as long as it says', { 'retry-after': '300' }, 299_000, 301_000],
    ['until the date it says', { 'retry-after': 'Sun, 15 Jan 2090 12:05:00 GMT' }, 299_000, 301_000],
    ['for a minute where it does not say', {}, 59_000, 61_000],
    ['for a minute where it makes no sense', { 'retry-after': 'soon' }, 59_000, 61_000],
    ['for a day at most', { 'retry-after': '999999999' }, 86_399_000, 86_401_000],
  ])('is left alone %s', async (_, headers, before, afterwards) => {
    const now = Date.UTC(2090, 0, 15, 12);
    vi.useFakeTimers({ toFake: ['Date'], now });
    providers.answer(() => new Response('', { status: 429, headers: headers as Record<string, string> }));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    await isolate.ask(asker, elsewhere(1));
    vi.setSystemTime(now + before);
    expect(silenceOf(await isolate.ask(asker, elsewhere(2)))).toBe('over_budget');
    expect(providers.arrived).toHaveLength(1);
    vi.setSystemTime(now + afterwards);
    await isolate.ask(asker, elsewhere(3));
    expect(providers.arrived).toHaveLength(2);
  });
});
