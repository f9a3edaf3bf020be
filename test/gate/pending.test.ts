/**
 * A payment that waits for its payer: it holds its places until it is settled or its time is over, and a guest who
 * walked away counts half a failure.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  asking,
  calls,
  counts,
  type GateStub,
  newGate,
  outcome,
  RESERVATION_MS,
  rowsIn,
  START,
  touch,
} from './asking.ts';

const PLACES = [touch('card', { limit: 2 }), touch('ip', { limit: 9 })];

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('holds its places until the last millisecond of its time', async () => {
  const gate = newGate();
  await park(gate, { guest: false });
  await park(gate, { guest: false, evaluation: 'second' });
  vi.setSystemTime(START + RESERVATION_MS - 1);
  expect((await calls(gate).admit(asking('early', PLACES))).kind).toBe('refused');
  vi.setSystemTime(START + RESERVATION_MS);
  expect((await calls(gate).admit(asking('in time', PLACES))).kind).toBe('admitted');
});

it.for([
  { who: 'a guest', guest: true, count: { card: 0.5, ip: 0.5 } },
  { who: 'a customer', guest: false, count: {} },
])('counts $count for $who whose time is over, seen by the next attempt', async ({ guest, count }) => {
  const gate = newGate();
  await park(gate, { guest });
  vi.setSystemTime(START + RESERVATION_MS);
  await calls(gate).admit(asking('next', PLACES));
  expect(await counts(gate)).toEqual(count);
  expect(await leftOver(gate)).toEqual({ reservations: 0, holds: 0 });
});

it('counts the half by the alarm when nobody else comes, and only once', async () => {
  const gate = newGate();
  await park(gate, { guest: true });
  vi.setSystemTime(START + RESERVATION_MS);
  expect(await runDurableObjectAlarm(gate)).toBe(true);
  await calls(gate).admit(asking('next', PLACES));
  await runDurableObjectAlarm(gate);
  expect(await counts(gate)).toEqual({ card: 0.5, ip: 0.5 });
  expect(await leftOver(gate)).toEqual({ reservations: 0, holds: 0 });
});

it.for([
  { word: 'failed', count: { card: 1, ip: 1 } },
  { word: 'succeeded', count: { card: 0.5, ip: 0.5 } },
] as const)('has counted $count when the word after its time is $word', async ({ word, count }) => {
  const gate = newGate();
  await park(gate, { guest: true });
  vi.setSystemTime(START + RESERVATION_MS);
  await runDurableObjectAlarm(gate);
  expect(await calls(gate).settle(outcome('parked', word, PLACES))).toEqual({ kind: 'recorded' });
  expect(await calls(gate).settle(outcome('parked', word, PLACES))).toEqual({ kind: 'exists' });
  expect(await counts(gate)).toEqual(count);
});

it.for([true, false])(
  'counts the half before a late success, whether somebody looked in between (%s) or not',
  async (looked) => {
    const gate = newGate();
    await park(gate, { guest: true });
    vi.setSystemTime(START + RESERVATION_MS);
    if (looked) await runDurableObjectAlarm(gate);
    await calls(gate).settle(outcome('parked', 'succeeded', PLACES));
    expect(await counts(gate)).toEqual({ card: 0.5, ip: 0.5 });
  },
);

it('shuts a card after two guests who walked away, at a limit of one', async () => {
  const gate = newGate();
  const places = [touch('card', { limit: 1 })];
  for (let i = 0; i < 2; i++) {
    const evaluation = `walk-${i}`;
    expect((await calls(gate).admit(asking(evaluation, places))).kind).toBe('admitted');
    await calls(gate).settle(outcome(evaluation, 'pending', places));
    vi.setSystemTime(Date.now() + RESERVATION_MS);
  }
  expect(await calls(gate).admit(asking('third', places))).toMatchObject({ verdicts: [{ state: 'shut', count: 1 }] });
});

it('ends a half from when the time was over, not from when somebody looked', async () => {
  const gate = newGate();
  await park(gate, { guest: true });
  const window = (PLACES[0]?.windowSeconds ?? 0) * 1000;
  vi.setSystemTime(START + RESERVATION_MS + window);
  expect(await calls(gate).admit(asking('late', PLACES))).toMatchObject({ verdicts: [{ count: 0 }, { count: 0 }] });
});

async function park(
  gate: GateStub,
  { guest, evaluation = 'parked' }: { guest: boolean; evaluation?: string },
): Promise<void> {
  await calls(gate).admit(asking(evaluation, PLACES, { guest }));
  await calls(gate).settle(outcome(evaluation, 'pending', PLACES, { guest }));
}

async function leftOver(gate: GateStub): Promise<Record<string, number>> {
  return { reservations: await rowsIn(gate, 'reservations'), holds: await rowsIn(gate, 'holds') };
}
