/**
 * What is asked again is a share of what came and a floor, in every stretch of time; payments stand before pages.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  FLOOR_A_SLICE,
  KEPT_FOR_PAYMENTS,
  REQUESTS_A_RETRY,
  type Retry,
  RetryBudget,
  SLICE_MS,
} from '../../src/origin/retry-budget.ts';

const NOW = 1_000 * SLICE_MS;
/** Of an isolate's first moment: this slice's floor and that of the one before. */
const AT_FIRST = 2 * FLOOR_A_SLICE;

let budget: RetryBudget;
beforeEach(() => {
  budget = new RetryBudget();
});

function come(requests: number, now = NOW): void {
  for (let n = 0; n < requests; n++) budget.note(now);
}
/** How many of so many are asked again. */
function granted(retry: Retry, { of = 1_000, now = NOW } = {}): number {
  return Array.from({ length: of }, () => budget.take(retry, now)).filter(Boolean).length;
}

it('is what docs/origin.md says: one for five, one a second, the last three for payments', () => {
  expect([REQUESTS_A_RETRY, (FLOOR_A_SLICE * 1000) / SLICE_MS, KEPT_FOR_PAYMENTS]).toEqual([5, 1, 3]);
});

describe('the budget', () => {
  it('has a floor for a shop where nobody comes, and keeps the last of it for payments', () => {
    expect(granted('page')).toBe(AT_FIRST - KEPT_FOR_PAYMENTS);
    expect(granted('payment')).toBe(KEPT_FOR_PAYMENTS);
    expect(granted('payment')).toBe(0);
  });

  it('grows by one for every five requests', () => {
    come(99);
    expect(granted('page')).toBe(AT_FIRST - KEPT_FOR_PAYMENTS + 19);
    come(1);
    expect(granted('page')).toBe(1);
  });

  it.each([
    ['of the slice before still counts', SLICE_MS, FLOOR_A_SLICE + FLOOR_A_SLICE + 20],
    ['of two slices before counts no more', 2 * SLICE_MS, 2 * FLOOR_A_SLICE],
    ['of an hour before counts no more', 3_600_000, 2 * FLOOR_A_SLICE],
  ])('what came %s', (_, laterMs, expected) => {
    come(100);
    expect(granted('payment', { now: NOW + laterMs })).toBe(expected);
  });

  it('has the floor again each five seconds, and not before', () => {
    expect(granted('payment')).toBe(AT_FIRST);
    expect(granted('payment', { now: NOW + SLICE_MS - 1 })).toBe(0);
    expect(granted('payment', { now: NOW + SLICE_MS })).toBe(FLOOR_A_SLICE);
    expect(granted('payment', { now: NOW + SLICE_MS })).toBe(0);
  });

  it('lets go on what changes something and has not left, spent or not; pages stand back for it', () => {
    expect(granted('unsent', { of: 200 })).toBe(200);
    expect([granted('page'), granted('payment')]).toEqual([0, 0]);
    // Nothing is owed for it.
    come((KEPT_FOR_PAYMENTS + 1) * REQUESTS_A_RETRY);
    expect(granted('page')).toBe(1);
  });

  it('goes on where the clock was set back', () => {
    expect(granted('payment')).toBe(AT_FIRST);
    expect(granted('payment', { now: NOW - 3_600_000 })).toBe(AT_FIRST);
    expect(granted('payment', { now: NOW - 3_600_000 + SLICE_MS })).toBe(FLOOR_A_SLICE);
  });
});

describe('who was not asked again', () => {
  it('is counted, and told at once, then every ten seconds at most', () => {
    expect(budget.takeDenied(NOW)).toBeNull();
    granted('payment', { of: AT_FIRST + 1 });
    expect(budget.takeDenied(NOW)).toBe(1);
    granted('payment', { of: 7 });
    expect(budget.takeDenied(NOW + 9_999)).toBeNull();
    expect(budget.takeDenied(NOW + 10_000)).toBe(7);
    expect(budget.takeDenied(NOW + 30_000)).toBeNull();
  });
});

/** The same, as one would say it: every credit has the slice that it is of, is good in that one and the next, and the oldest goes first. */
class Said {
  #credits: number[] = [];
  #known = -Infinity;

  note(now: number): void {
    this.#credits.push(this.#floorsUntil(now));
  }

  take(retry: Retry, now: number): boolean {
    const slice = this.#floorsUntil(now);
    this.#credits = this.#credits.filter((of) => of >= slice - 1);
    const kept = retry === 'page' ? KEPT_FOR_PAYMENTS * REQUESTS_A_RETRY : 0;
    const isGranted = retry === 'unsent' || this.#credits.length >= kept + REQUESTS_A_RETRY;
    if (isGranted) this.#credits = this.#credits.slice(REQUESTS_A_RETRY);
    return isGranted;
  }

  #floorsUntil(now: number): number {
    const slice = Math.floor(now / SLICE_MS);
    for (let of = Math.max(this.#known + 1, slice - 1); of <= slice; of++) {
      for (let n = 0; n < FLOOR_A_SLICE * REQUESTS_A_RETRY; n++) this.#credits.push(of);
    }
    this.#known = slice;
    return slice;
  }
}

interface Happening {
  readonly afterMs: number;
  readonly what: 'request' | Retry;
  readonly times: number;
}
/** On a busy machine each takes this runtime some 40 ms. */
const RUNS = { numRuns: 40 };
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * SLICE_MS })),
    what: fc.constantFrom<Happening['what']>('request', 'request', 'page', 'payment', 'unsent'),
    times: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 20 },
);

interface Heard extends Omit<Happening, 'afterMs'> {
  readonly at: number;
  /** Retries that were granted. */
  readonly granted: number;
}

function heardOf(script: readonly Happening[], of: Pick<RetryBudget, 'note' | 'take'>): Heard[] {
  let at = NOW;
  return script.map(({ afterMs, what, times }) => {
    at += afterMs;
    const turns = Array.from({ length: times }, () => (what === 'request' ? of.note(at) : of.take(what, at)));
    return { at, what, times, granted: turns.filter((turn) => turn === true).length };
  });
}

describe('whatever happens', () => {
  it('what is granted is what a plain account of the same grants', () => {
    fc.assert(
      fc.property(happenings, (script) => {
        expect(heardOf(script, new RetryBudget())).toEqual(heardOf(script, new Said()));
      }),
      RUNS,
    );
  });

  it('in every stretch of time no more is granted than a share of what came, from ten seconds before it, and the floor', () => {
    fc.assert(
      fc.property(happenings, (script) => {
        const history = heardOf(script, new RetryBudget());
        const total = (from: number, to: number, of: (one: Heard) => number) =>
          history.reduce((sum, one) => (one.at >= from && one.at <= to ? sum + of(one) : sum), 0);
        // What had not left has loaded nobody.
        const retries = ({ what, granted: n }: Heard) => (what === 'unsent' ? 0 : n);
        const requests = ({ what, times }: Heard) => (what === 'request' ? times : 0);
        return history.every(({ at: from }) =>
          history.every(({ at: to }) => {
            if (to < from) return true;
            const slices = Math.floor(to / SLICE_MS) - Math.floor(from / SLICE_MS) + 2;
            const share = total(from - 2 * SLICE_MS, to, requests) / REQUESTS_A_RETRY;
            return total(from, to, retries) <= share + slices * FLOOR_A_SLICE;
          }),
        );
      }),
      RUNS,
    );
  });

  it('what changes something and has not left is never held back', () => {
    fc.assert(
      fc.property(happenings, (script) =>
        heardOf(script, new RetryBudget()).every(({ what, times, granted: n }) => what !== 'unsent' || n === times),
      ),
      RUNS,
    );
  });
});
