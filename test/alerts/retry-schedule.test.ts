/**
 * When a message is tried again.
 */
import { expect, it } from 'vitest';
import { delayAfter, TRIES } from '../../src/alerts/retry-schedule.ts';

const HOUR = 3_600_000;
const delays = (chance: number) => Array.from({ length: TRIES }, (_, index) => delayAfter(index + 1, chance));

it('eight tries within about a day, ever further apart, and then no more', () => {
  const all = delays(0.5);
  expect(all.at(-1)).toBeNull();
  const some = all.slice(0, -1).map(Number);
  expect(some).toHaveLength(7);
  expect(some.toSorted((a, b) => a - b)).toEqual(some);
  expect(some.reduce((sum, delay) => sum + delay, 0) / HOUR).toBeCloseTo(24.6, 1);
});

it('never all at the same time, and never far from it', () => {
  for (const [index, delay] of delays(0.5).slice(0, -1).entries()) {
    expect(delays(0)[index]).toBe(Math.round(Number(delay) * 0.85));
    expect(delays(1)[index]).toBe(Math.round(Number(delay) * 1.15));
  }
});

it.each([
  [null, 10_000],
  [1_000, 10_000],
  [60_000, 60_000],
  [9_000_000_000, 24 * HOUR],
])('a receiver that asks for %s ms waits %i ms', (asked, waited) => {
  expect(delayAfter(1, 0.5, asked)).toBe(waited);
});

it('what a receiver asks for gives it no further try', () => {
  expect(delayAfter(TRIES, 0.5, 1_000)).toBeNull();
});
