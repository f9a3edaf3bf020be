/**
 * A reservation and its evaluation outlive the gate's memory: evicted, killed, restarted, and after their time.
 */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import { api, attempt, configure, countsOf, decided, evaluated, newKey, newMerchant, tell } from './backend.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const guard = (limit = 1, change = {}) =>
  newMerchant({ card_testing_guard_config: rule('guest_user_card', limit), ...change });
const told = async (id: string) => (await (await api('GET', `/evaluations/${id}`)).json()) as ToldEvaluation;

/** Each takes the gate’s memory away. */
const LOSSES: readonly (readonly [string, (merchant: string) => Promise<void>])[] = [
  [
    'evicted',
    async (merchant) => {
      const now = Date.now();
      await runInDurableObject(gateOf(merchant), () => vi.clearAllTimers()); // what waits for a timer is not evicted
      vi.setSystemTime(now); // clearing turned the clock back
      await evictDurableObject(gateOf(merchant));
    },
  ],
  ['killed', () => abortAllDurableObjects()],
  [
    'written down and killed',
    async (merchant) => {
      passSeconds(10);
      await runDurableObjectAlarm(gateOf(merchant));
      await abortAllDurableObjects();
    },
  ],
];

describe.each(LOSSES)('when the gate is %s', (_, lose) => {
  it('the place is still held, once, and the outcome settles it', async () => {
    const merchant = await guard(2);
    const { id } = await evaluated(merchant);
    for (let i = 0; i < 3; i++) await lose(merchant);
    expect(await decided(merchant)).toEqual(['allow']); // one of two places
    expect(await decided(merchant)).toEqual(['block', 'in_flight:guest_card']);
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['block', 'in_flight:guest_card']);
    expect((await tell(id, { status: 'failed' })).status).toBe(200);
    await lose(merchant);
    expect((await tell(id, { status: 'failed' })).status).toBe(200);
    expect(Object.values(await countsOf(merchant))).toEqual([1]);
  });

  it('the evaluation is told as it was answered', async () => {
    const merchant = await guard();
    const evaluation = await evaluated(merchant);
    const refused = await evaluated(merchant);
    await lose(merchant);
    expect(await told(evaluation.id)).toStrictEqual({ ...evaluation, outcome: null, labels: [] });
    expect(await told(refused.id)).toStrictEqual({ ...refused, outcome: null, labels: [] });
  });

  it('a success frees the place for good', async () => {
    const merchant = await guard();
    const { id } = await evaluated(merchant);
    await lose(merchant);
    await tell(id, { status: 'succeeded' });
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['allow']);
  });

  it('a pending payment holds its place until its time is over, then weighs half', async () => {
    const merchant = await guard();
    const { id } = await evaluated(merchant);
    await tell(id, { status: 'pending' });
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['block', 'in_flight:guest_card']);
    passSeconds(901);
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['allow']);
    expect(Object.values(await countsOf(merchant))).toEqual([0.5]);
    expect((await told(id)).outcome?.status).toBe('unknown');
  });

  it('keys, blocks and a lifted block stay as they were', async () => {
    const merchant = await guard();
    const { key } = await newKey(merchant);
    await tell((await evaluated(merchant)).id, { status: 'failed' });
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['block', 'velocity:guest_card']);
    await api('POST', `/merchants/${merchant}/unblock`, { key, body: { card: attempt.card } });
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['allow']);
  });

  it('a place that was lifted does not come back', async () => {
    const merchant = await guard();
    await evaluated(merchant);
    await api('POST', `/merchants/${merchant}/unblock`, { body: { card: attempt.card } });
    await lose(merchant);
    expect(await decided(merchant)).toEqual(['allow']);
  });
});

// While a timer runs, the object is in memory and is paid for.
it.each([
  ['while it is held', 60_000],
  ['once its time is over', 7_200_000],
])('keeps no timer for what has a row, %s', async (_, ms) => {
  const merchant = await guard();
  await evaluated(merchant);
  await runInDurableObject(gateOf(merchant), () => void vi.advanceTimersByTime(ms));
  expect(vi.getTimerCount()).toBe(0);
});

describe('a reservation whose outcome never comes', () => {
  it.each([
    ['as configured', 120, 119, 121],
    ['as by default', undefined, 899, 901],
  ])('ends after its time, %s', async (_, reservation_seconds, before, after) => {
    const merchant = await guard(1, { reservation_seconds });
    await evaluated(merchant);
    const start = Date.now();
    vi.setSystemTime(start + before * 1000);
    expect(await decided(merchant)).toEqual(['block', 'in_flight:guest_card']);
    vi.setSystemTime(start + after * 1000);
    expect(await decided(merchant)).toEqual(['allow']);
  });

  it('ends in time though an earlier one was given longer', async () => {
    const merchant = await guard(1, { reservation_seconds: 3_600 });
    await evaluated(merchant, { ...attempt, card: { token: 'longer' } });
    await configure(merchant, { card_testing_guard_config: rule('guest_user_card', 1), reservation_seconds: 60 });
    await evaluated(merchant, { ...attempt, card: { token: 'shorter' } });
    passSeconds(61);
    expect(await decided(merchant, { ...attempt, card: { token: 'shorter' } })).toEqual(['allow']);
    expect((await decided(merchant, { ...attempt, card: { token: 'longer' } }))[0]).toBe('block');
  });

  it('counts nothing, is told as unknown, and takes a late word', async () => {
    const merchant = await guard(3);
    const { id } = await evaluated(merchant);
    passSeconds(901);
    await runDurableObjectAlarm(gateOf(merchant));
    expect(await countsOf(merchant)).toEqual({});
    expect((await tell(id, { status: 'failed' })).status).toBe(200);
    expect(Object.values(await countsOf(merchant))).toEqual([1]);
  });

  it('has expired into unknown', async () => {
    const merchant = await guard(3);
    const { id } = await evaluated(merchant);
    passSeconds(901);
    await runDurableObjectAlarm(gateOf(merchant));
    expect((await told(id)).outcome?.status).toBe('unknown');
  });

  it('holds nothing again for a pending that comes too late, as after any unknown', async () => {
    const merchant = await guard(1);
    const { id } = await evaluated(merchant);
    passSeconds(901);
    const next = await evaluated(merchant);
    expect(next.decision).toBe('allow');
    expect((await tell(id, { status: 'pending' })).status).toBe(200);
    await tell(next.id, { status: 'succeeded' });
    expect(await decided(merchant)).toEqual(['allow']);
  });
});
