/**
 * A provider's daily budget as the gate hands it out: never more than the limit, whoever asks at the same time.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import { calls, newGate, rowsOf, START } from './asking.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const asking = (limit: number, want = 50, provider = 'abuseipdb') => ({ provider, limit, want });

async function drain(gate: ReturnType<typeof newGate>, limit: number): Promise<number> {
  let sum = 0;
  for (let granted = -1; granted !== 0; sum += granted) ({ granted } = await calls(gate).takeBudget(asking(limit)));
  return sum;
}

it('gives handfuls that grow smaller as less is left, and in the end all of it', async () => {
  const gate = newGate();
  const first = await calls(gate).takeBudget(asking(1_000));
  expect(first).toEqual({ granted: 50, until: (Math.floor(START / DAY_MS) + 1) * DAY_MS });
  expect((await calls(gate).takeBudget(asking(1_000))).granted).toBe(47);
  expect(await drain(gate, 1_000)).toBe(1_000 - 97);
});

it('gives a small budget one by one', async () => {
  const gate = newGate();
  expect((await calls(gate).takeBudget(asking(3))).granted).toBe(1);
  expect(await drain(gate, 3)).toBe(2);
});

it('never gives more than the limit to fifty who ask at once', async () => {
  const gate = newGate();
  const all = await Promise.all(Array.from({ length: 50 }, () => calls(gate).takeBudget(asking(30))));
  expect(all.reduce((sum, { granted }) => sum + granted, 0)).toBe(30);
});

it('begins anew with the day, by UTC', async () => {
  const gate = newGate();
  await drain(gate, 5);
  vi.setSystemTime((Math.floor(START / DAY_MS) + 1) * DAY_MS - 1);
  expect((await calls(gate).takeBudget(asking(5))).granted).toBe(0);
  vi.setSystemTime((Math.floor(START / DAY_MS) + 1) * DAY_MS);
  expect(await drain(gate, 5)).toBe(5);
});

it('counts each provider by itself, in one row', async () => {
  const gate = newGate();
  await drain(gate, 5);
  expect((await calls(gate).takeBudget(asking(5, 50, 'ipqualityscore'))).granted).toBe(1);
  const rows = await rowsOf<{ provider: string; taken: number }>(gate, 'SELECT provider, taken FROM budgets');
  expect(rows).toEqual([
    { provider: 'abuseipdb', taken: 5 },
    { provider: 'ipqualityscore', taken: 1 },
  ]);
});

it('gives nothing where the limit was lowered below what is taken, and the rest where it was raised', async () => {
  const gate = newGate();
  await drain(gate, 10);
  expect((await calls(gate).takeBudget(asking(4))).granted).toBe(0);
  expect(await drain(gate, 12)).toBe(2);
});

it('remembers over an eviction', async () => {
  const gate = newGate();
  await drain(gate, 10);
  await evictDurableObject(gate);
  expect(await drain(gate, 10)).toBe(0);
});

it('writes nothing where it gives nothing', async () => {
  const gate = newGate();
  await drain(gate, 1);
  await runInDurableObject(gate, async (instance, { storage }) => {
    const before = storage.sql.exec('SELECT total_changes() AS n').one();
    (instance as unknown as Gate).takeBudget(asking(1));
    expect(storage.sql.exec('SELECT total_changes() AS n').one()).toEqual(before);
  });
});
