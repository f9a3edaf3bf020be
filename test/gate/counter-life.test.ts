/**
 * The life of a counter: silence for a window ends it, a block ends by itself, and a key rotation loses nothing.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Touch } from '../../src/velocity/touch.ts';
import {
  asking,
  calls,
  counts,
  fail,
  type GateStub,
  newGate,
  outcome,
  START,
  touch,
  WINDOW_SECONDS,
} from './asking.ts';

const WINDOW_MS = WINDOW_SECONDS * 1_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts until one millisecond before the window is over, and starts anew at its end', async () => {
  const gate = newGate();
  await fail(gate, 'a', [touch('card')]);
  vi.setSystemTime(START + WINDOW_MS - 1);
  expect(await countNow(gate, touch('card'))).toBe(1);
  vi.setSystemTime(START + WINDOW_MS);
  expect(await countNow(gate, touch('card'))).toBe(0);
  await fail(gate, 'b', [touch('card')]);
  expect(await counts(gate)).toEqual({ card: 1 });
});

it('lives a window from the last failure, not from the first', async () => {
  const gate = newGate();
  await fail(gate, 'a', [touch('card')]);
  vi.setSystemTime(START + WINDOW_MS - 1);
  await fail(gate, 'b', [touch('card')]);
  vi.setSystemTime(START + 2 * WINDOW_MS - 2);
  expect(await countNow(gate, touch('card'))).toBe(2);
  vi.setSystemTime(START + 2 * WINDOW_MS - 1);
  expect(await countNow(gate, touch('card'))).toBe(0);
});

it('opens a shut key at the end of its window, exactly', async () => {
  const gate = newGate();
  const shut = touch('card', { limit: 1 });
  await fail(gate, 'a', [shut]);
  vi.setSystemTime(START + WINDOW_MS - 1);
  expect((await calls(gate).admit(asking('b', [shut]))).kind).toBe('refused');
  vi.setSystemTime(START + WINDOW_MS);
  expect((await calls(gate).admit(asking('c', [shut]))).kind).toBe('admitted');
});

it('does not prolong a block by attempts that it refuses', async () => {
  const gate = newGate();
  const shut = touch('card', { limit: 1 });
  await fail(gate, 'a', [shut]);
  for (let i = 1; i < 10; i++) {
    vi.setSystemTime(START + (i * WINDOW_MS) / 10);
    await calls(gate).admit(asking(`refused-${i}`, [shut]));
  }
  vi.setSystemTime(START + WINDOW_MS);
  expect((await calls(gate).admit(asking('after', [shut]))).kind).toBe('admitted');
});

it('ends a block after its longest life, however long the window and however often it fails on', async () => {
  const gate = newGate();
  const life = { limit: 1, windowSeconds: 1_000, maxBlockSeconds: 1_500 };
  const shut = touch('card', life);
  const counting = touch('card', { ...life, part: 'count_only' });
  await fail(gate, 'a', [shut]);
  // Customers of this card go on failing and keep its window alive.
  for (const atSeconds of [500, 1_000, 1_400]) {
    vi.setSystemTime(START + atSeconds * 1_000);
    await fail(gate, `customer-${atSeconds}`, [counting]);
  }
  vi.setSystemTime(START + 1_500_000 - 1);
  const refused = await calls(gate).admit(asking('b', [shut]));
  expect(refused).toMatchObject({ kind: 'refused', verdicts: [{ shutUntil: START + 1_500_000, count: 4 }] });
  vi.setSystemTime(START + 1_500_000);
  expect((await calls(gate).admit(asking('c', [shut]))).kind).toBe('admitted');
  expect(await countNow(gate, shut)).toBe(0);
});

it('ends a block after its longest life also where a lower limit shut the key', async () => {
  const gate = newGate();
  const life = { windowSeconds: 30 * 86_400, maxBlockSeconds: 7 * 86_400 };
  for (const evaluation of ['a', 'b']) await fail(gate, evaluation, [touch('card', { ...life, limit: 5 })]);
  const lowered = touch('card', { ...life, limit: 2 });
  expect((await calls(gate).admit(asking('c', [lowered]))).kind).toBe('refused');
  vi.setSystemTime(START + 7 * 86_400_000);
  expect((await calls(gate).admit(asking('d', [lowered]))).kind).toBe('admitted');
});

it('reads the former key beside the new one, and moves the count at the next failure', async () => {
  const gate = newGate();
  await fail(gate, 'old-1', [touch('old')]);
  await fail(gate, 'old-2', [touch('old')]);
  const rotated = touch('new', { formerKeys: ['old'] });
  expect(await countNow(gate, rotated)).toBe(2);
  await fail(gate, 'new-1', [rotated]);
  expect(await counts(gate)).toEqual({ new: 3 });
  expect((await calls(gate).admit(asking('next', [rotated]))).kind).toBe('refused');
});

it('counts places in flight under the former key', async () => {
  const gate = newGate();
  const rotated = touch('new', { limit: 1, formerKeys: ['old'] });
  await calls(gate).admit(asking('in flight', [touch('old', { limit: 1 })]));
  expect((await calls(gate).admit(asking('a', [rotated]))).kind).toBe('refused');
  await calls(gate).settle(outcome('in flight', 'succeeded', [touch('old', { limit: 1 })]));
  expect((await calls(gate).admit(asking('b', [rotated]))).kind).toBe('admitted');
});

it('adds what isolates before and after the rotation count side by side', async () => {
  const gate = newGate();
  const rotated = touch('new', { limit: 9, formerKeys: ['old'] });
  await fail(gate, 'old-1', [touch('old', { limit: 9 })]);
  await fail(gate, 'new-1', [rotated]);
  await fail(gate, 'old-2', [touch('old', { limit: 9 })]);
  expect(await countNow(gate, rotated)).toBe(3);
  await fail(gate, 'new-2', [rotated]);
  expect(await counts(gate)).toEqual({ new: 4 });
});

it('forgets what is over under the former key', async () => {
  const gate = newGate();
  await fail(gate, 'old', [touch('old')]);
  vi.setSystemTime(START + WINDOW_MS);
  await fail(gate, 'new', [touch('new', { formerKeys: ['old'] })]);
  expect(await counts(gate)).toEqual({ new: 1 });
});

let looks = 0;

/** The count as an attempt meets it. */
async function countNow(gate: GateStub, { key, formerKeys, windowSeconds, maxBlockSeconds }: Touch): Promise<number> {
  const looking = touch(key, { formerKeys, windowSeconds, maxBlockSeconds, limit: 1_000 });
  const answer = await calls(gate).admit(asking(`look-${looks++}`, [looking]));
  return answer.kind === 'admitted' ? (answer.verdicts[0]?.count ?? 0) : Number.NaN;
}
