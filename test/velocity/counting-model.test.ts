/**
 * Random histories of one key against a plain model: a list of failures, walked from the start each time.
 * What must hold: never more than the limit let through at once, and the same answer as the model's, always.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../src/velocity/admission.ts';
import { addFailure, type Counter, mergeLive } from '../../src/velocity/counter.ts';
import type { Touch } from '../../src/velocity/touch.ts';

type Step = { readonly wait: number; readonly what: 'try' | 'fail' | 'succeed' };

/** The model: failures in order, grouped into lives that silence or the longest block ends. */
function modelOf(failures: readonly number[], now: number, { limit, windowSeconds, maxBlockSeconds }: Touch) {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  let shutAt = Number.POSITIVE_INFINITY;
  const endLife = (time: number) => {
    if (time < last + windowSeconds * 1000 && time < shutAt + maxBlockSeconds * 1000) return;
    count = 0;
    shutAt = Number.POSITIVE_INFINITY;
  };
  for (const time of failures) {
    endLife(time);
    count++;
    last = time;
    if (count === limit) shutAt = time;
  }
  endLife(now);
  return count;
}

const touches = fc.record({
  limit: fc.integer({ min: 1, max: 6 }),
  window: fc.integer({ min: 1, max: 50 }),
  block: fc.integer({ min: 1, max: 200 }),
});
const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 30_000 }),
    what: fc.constantFrom<Step['what']>('try', 'try', 'fail', 'fail', 'succeed'),
  }),
  { maxLength: 80 },
);

it('agrees with a list of failures, and holds the line', () => {
  fc.assert(
    fc.property(touches, steps, ({ limit, window, block }, history) => {
      const touch: Touch = {
        rule: 'r',
        key: 'k',
        formerKeys: [],
        limit,
        windowSeconds: window,
        maxBlockSeconds: block,
        part: 'check',
        mode: 'enforce',
      };
      const failures: number[] = [];
      let counter: Counter | null = null;
      let inFlight = 0;
      let now = 1_000;
      for (const { wait, what } of history) {
        now += wait;
        const live: Counter | null = counter === null ? null : mergeLive([counter], touch, now);
        const expected = modelOf(failures, now, touch);
        expect(live?.count ?? 0).toBe(expected);
        const { state } = judge({ touch, counter: live, inFlight });
        expect(state).toBe(expected >= limit ? 'shut' : expected + inFlight >= limit ? 'busy' : 'open');
        if (what === 'try' && state === 'open') inFlight++;
        if (what === 'try' || inFlight === 0) continue;
        inFlight--;
        if (what !== 'fail') continue;
        failures.push(now);
        counter = addFailure(live, 1, { life: touch, now });
      }
    }),
    { numRuns: 1000 },
  );
});

it('never counts more failures in one life than the limit, when only admitted attempts fail', () => {
  fc.assert(
    fc.property(touches, steps, ({ limit, window, block }, history) => {
      const touch: Touch = {
        rule: 'r',
        key: 'k',
        formerKeys: [],
        limit,
        windowSeconds: window,
        maxBlockSeconds: block,
        part: 'check',
        mode: 'enforce',
      };
      let counter: Counter | null = null;
      let inFlight = 0;
      let now = 0;
      for (const { what } of history) {
        now += 1; // within one window: no life ends
        const live: Counter | null = counter === null ? null : mergeLive([counter], touch, now);
        if (what === 'try' && judge({ touch, counter: live, inFlight }).state === 'open') inFlight++;
        else if (what === 'fail' && inFlight > 0) {
          inFlight--;
          counter = addFailure(live, 1, { life: touch, now });
        }
        expect((counter?.count ?? 0) + inFlight).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 500 },
  );
});
