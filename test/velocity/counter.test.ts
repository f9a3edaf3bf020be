/**
 * A counter's life: it is renewed by each failure, shut at its limit, and open again when either edge is reached.
 */
import { describe, expect, it } from 'vitest';
import { addFailure, type Counter, endOf, mergeLive } from '../../src/velocity/counter.ts';

const NOW = 1_763_770_000_000;
const life = { limit: 3, windowSeconds: 100, maxBlockSeconds: 250 };
const at = (seconds: number) => NOW + seconds * 1000;

function failAt(times: readonly number[], weight = 1): Counter | null {
  return times.reduce<Counter | null>((before, seconds) => {
    const live = before === null ? null : mergeLive([before], life, at(seconds));
    return addFailure(live, weight, { life, now: at(seconds) });
  }, null);
}

describe('after failures at', () => {
  it.each([
    { times: [0], count: 1, expires: 100, shut: null, end: 100 },
    { times: [0, 90], count: 2, expires: 190, shut: null, end: 190 },
    { times: [0, 90, 180], count: 3, expires: 280, shut: 180, end: 280 },
    { times: [0, 0, 0], count: 3, expires: 100, shut: 0, end: 100 },
    { times: [0, 0, 0, 50], count: 4, expires: 150, shut: 0, end: 150 },
    { times: [0, 0, 0, 90, 180], count: 5, expires: 280, shut: 0, end: 250 },
    { times: [0, 0, 0, 90, 180, 249], count: 6, expires: 349, shut: 0, end: 250 },
    { times: [0, 0, 0, 90, 180, 250], count: 1, expires: 350, shut: null, end: 350 },
    { times: [0, 100], count: 1, expires: 200, shut: null, end: 200 },
    { times: [0, 99.999], count: 2, expires: 199.999, shut: null, end: 199.999 },
  ])('$times seconds: $count, open again at $end', ({ times, count, expires, shut, end }) => {
    const counter = failAt(times);
    expect(counter).toEqual({ count, expiresAt: at(expires), shutAt: shut === null ? null : at(shut) });
    expect(counter && endOf(counter, life)).toBe(at(end));
  });

  it('halves: two of them are one', () => {
    expect(failAt([0, 0, 0, 0, 0], 0.5)).toMatchObject({ count: 2.5, shutAt: null });
    expect(failAt([0, 0, 0, 0, 0, 7], 0.5)).toMatchObject({ count: 3, shutAt: at(7) });
  });

  it('one that is told late does not shorten the life of what came since', () => {
    const before = { count: 1, expiresAt: at(200), shutAt: null };
    expect(addFailure(before, 1, { life, now: at(20) })).toEqual({ count: 2, expiresAt: at(200), shutAt: null });
  });
});

describe('merged, counters of one identity', () => {
  const live = { count: 1, expiresAt: at(50), shutAt: null };
  it.each([
    ['none', [], null],
    ['one that lives', [live], live],
    ['one at its last moment', [{ ...live, expiresAt: NOW }], null],
    ['one a millisecond before it', [{ ...live, expiresAt: NOW + 1 }], { ...live, expiresAt: NOW + 1 }],
    ['two', [live, { count: 2, expiresAt: at(80), shutAt: null }], { count: 3, expiresAt: at(80), shutAt: null }],
    ['one alive, one dead', [live, { count: 9, expiresAt: at(-1), shutAt: at(-50) }], live],
    [
      'one open, one shut',
      [live, { count: 3, expiresAt: at(80), shutAt: at(-5) }],
      { count: 4, expiresAt: at(80), shutAt: at(-5) },
    ],
    [
      'two shut: the earlier block ends first',
      [
        { count: 3, expiresAt: at(70), shutAt: at(-5) },
        { count: 3, expiresAt: at(80), shutAt: at(-9) },
      ],
      { count: 6, expiresAt: at(80), shutAt: at(-9) },
    ],
    ['one whose block has had its longest life', [{ count: 9, expiresAt: at(90), shutAt: at(-250) }], null],
    [
      'one a moment before that',
      [{ count: 9, expiresAt: at(90), shutAt: at(-249) }],
      { count: 9, expiresAt: at(90), shutAt: at(-249) },
    ],
  ] as const)('%s', (_, counters, merged) => {
    expect(mergeLive(counters, life, NOW)).toEqual(merged);
  });
});

it('never lets a block last longer than its longest life, however often it fails on', () => {
  let counter = failAt([0, 0, 0]);
  for (let seconds = 10; seconds < 250; seconds += 10) {
    counter = addFailure(counter, 1, { life, now: at(seconds) });
    expect(endOf(counter, life)).toBeLessThanOrEqual(at(250));
  }
  expect(counter && mergeLive([counter], life, at(250))).toBeNull();
});
