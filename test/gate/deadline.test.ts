/**
 * The time limits of a request's steps share one timer, and each ends its step in time all the same.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadlines } from '../../src/gate/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

/** What the step came to, and when, in ms from now; null while it goes on. */
function watch(step: Promise<unknown>): () => string | null {
  const startedAt = Date.now();
  let ended: string | null = null;
  void step.then((how) => {
    ended = `${how} after ${Date.now() - startedAt}`;
  });
  return () => ended;
}

it('hands on what the work comes to', async () => {
  const limits = new Deadlines();
  await expect(limits.within(1_000, Promise.resolve('done'), 'late')).resolves.toBe('done');
  await expect(limits.within(1_000, Promise.reject(new Error('broken')), 'late')).rejects.toThrow('broken');
});

it.each([1, 999, 5_000, 5_001, 15_000, 25_000])('ends a step of %i ms then, and not before', async (limitMs) => {
  const ended = watch(new Deadlines().within(limitMs, never, 'late'));
  await vi.advanceTimersByTimeAsync(limitMs - 1);
  expect(ended()).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended()).toBe(`late after ${limitMs}`);
});

it('ends steps that follow each other in their own time each', async () => {
  const limits = new Deadlines();
  await limits.within(15_000, vi.advanceTimersByTimeAsync(3_000), 'late');
  const second = watch(limits.within(5_000, never, 'late'));
  await vi.advanceTimersByTimeAsync(6_000);
  expect(second()).toBe('late after 5000');
  const third = watch(limits.within(25_000, never, 'late'));
  await vi.advanceTimersByTimeAsync(26_000);
  expect(third()).toBe('late after 25000');
});

it('ends a short step that begins under a longer one, and then the longer one', async () => {
  const limits = new Deadlines();
  const long = watch(limits.within(20_000, never, 'late'));
  await vi.advanceTimersByTimeAsync(1_000);
  const short = watch(limits.within(500, never, 'late'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect([short(), long()]).toEqual(['late after 500', 'late after 20000']);
});

it('ends every one of many steps that overlap', async () => {
  const limits = new Deadlines();
  const lengths = [7_000, 30, 12_000, 4_999, 5_000, 11, 2_500];
  const steps = lengths.map((ms) => watch(limits.within(ms, never, 'late')));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(steps.map((ended) => ended())).toEqual(lengths.map((ms) => `late after ${ms}`));
});

it('ends a step in time although the clock stands still, or is set back', async () => {
  const ended = watch(new Deadlines().within(1_000, never, 'late'));
  vi.setSystemTime(Date.now() - 10_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ended()).toContain('late');
});

it('sets one timer for all steps of an attempt, and leaves none behind', async () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const limits = new Deadlines();
  for (const limitMs of [15_000, 5_000, 20_000, 5_000]) await limits.within(limitMs, Promise.resolve(), 'late');
  expect(set).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(vi.getTimerCount()).toBe(0);
});
