/**
 * Random histories of one counter of every kind against a plain model: a list of what happened, looked through from the
 * start each time. Exact for idle counts; a sliding one forgets nothing too soon, and a twelfth of its window late at most.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../src/velocity/admission.ts';
import { type Counter, counted, mergeLive } from '../../src/velocity/counter.ts';
import { type Happening, weightOf } from '../../src/velocity/happening.ts';
import type { Touch } from '../../src/velocity/touch.ts';

type Kind = Pick<Touch, 'count' | 'of'>;
const KINDS: readonly Kind[] = [
  {},
  { count: 'weighted_failures' },
  { count: 'attempts' },
  { count: 'distinct_cards' },
  { count: 'distinct_emails' },
  { count: 'distinct_emails', of: 'attempts' },
];

interface Event {
  readonly at: number;
  readonly item: number;
  readonly reason: string | null;
}

const REASONS = ['incorrect_cvc', 'do_not_honor', 'authentication_failed', 'processing_error', null];

const steps = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 40_000 })),
    item: fc.integer({ min: 0, max: 7 }),
    reason: fc.constantFrom(...REASONS),
  }),
  { maxLength: 60 },
);

const cardName = (item: number) => `fp_${String(item).repeat(43)}`;

function touchOf(kind: Kind, limit: number, windowSeconds: number, change: Partial<Touch> = {}): Touch {
  const life = { limit, windowSeconds, maxBlockSeconds: 1e9 };
  return { rule: 'r', key: 'k', formerKeys: [], ...life, part: 'check', mode: 'enforce', ...kind, ...change };
}

function happeningOf({ reason }: Event): Happening {
  if (reason === null) return { failures: 0, weighted: 0, attempts: 1, declineReason: null };
  return { failures: 1, weighted: weightOf(reason), attempts: 1, declineReason: reason };
}

/** What an event adds: an amount, or a thing. */
function addedBy({ count, of }: Kind, event: Event): number {
  if (count === 'attempts' || of === 'attempts') return 1;
  const { failures, weighted } = happeningOf(event);
  return count === undefined ? failures : weighted;
}

function countIn(kind: Kind, events: readonly Event[]): number {
  const counting = events.filter((event) => addedBy(kind, event) > 0);
  if (kind.count?.startsWith('distinct')) return new Set(counting.map(({ item }) => item)).size;
  return counting.reduce((sum, event) => sum + addedBy(kind, event), 0);
}

/** Those that count together by then: each within a window of the one before, and the last within one of now. */
function idle(kind: Kind, events: readonly Event[], windowMs: number, now: number): readonly Event[] {
  const counting = events.filter((event) => addedBy(kind, event) > 0);
  let alive: Event[] = [];
  for (const event of counting) {
    const last = alive.at(-1);
    if (last !== undefined && event.at >= last.at + windowMs) alive = [];
    alive.push(event);
  }
  const last = alive.at(-1);
  return last === undefined || now >= last.at + windowMs ? [] : alive;
}

function play(touch: Touch, history: readonly { wait: number; item: number; reason: string | null }[]) {
  const events: Event[] = [];
  let counter: Counter | null = null;
  let now = 1_763_770_000_000;
  const looks: { now: number; count: number; state: string; until: number | null; events: readonly Event[] }[] = [];
  for (const { wait, item, reason } of history) {
    now += wait;
    const live: Counter | null = counter === null ? null : mergeLive([counter], touch, now);
    const { state, count, shutUntil } = judge({ touch, counter: live, inFlight: 0 });
    looks.push({ now, count, state, until: shutUntil, events: [...events] });
    const event = { at: now, item, reason };
    const own = { ...touch, ...(touch.count?.startsWith('distinct') ? { items: [itemOf(touch, item)] } : {}) };
    counter = counted(live, happeningOf(event), { touch: own, now }) ?? live;
    events.push(event);
  }
  return looks;
}

function itemOf({ count }: Touch, item: number): string {
  return count === 'distinct_cards' ? cardName(item) : `em_${String(item).repeat(22)}`;
}

it.each(KINDS)('an idle count of %o is exact below its limit, and shut from it on', (kind) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), steps, (limit, window, history) => {
      const touch = touchOf(kind, limit, window);
      for (const { now, count, state, events } of play(touch, history)) {
        const expected = countIn(kind, idle(kind, events, window * 1_000, now));
        expect(Math.min(count, limit)).toBe(Math.min(expected, limit));
        expect(state === 'shut').toBe(expected >= limit);
      }
    }),
    { numRuns: 500 },
  );
});

it.each(KINDS)('a sliding count of %o lies between the window and a twelfth more, and opens when it says', (kind) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), steps, (limit, window, history) => {
      const touch = touchOf(kind, limit, window, { slides: true });
      const windowMs = window * 1_000;
      const looks = play(touch, history);
      for (const { now, count, state, until, events } of looks) {
        const within = (ms: number) => events.filter(({ at }) => at > now - ms);
        const least = countIn(kind, within(windowMs));
        const most = countIn(kind, within((windowMs * 13) / 12 + 2));
        expect(Math.min(count, limit)).toBeGreaterThanOrEqual(Math.min(least, limit));
        expect(Math.min(count, limit)).toBeLessThanOrEqual(Math.min(most, limit));
        if (state !== 'shut') continue;
        expect(until).toBeGreaterThan(now);
        expect(until).toBeLessThanOrEqual(now + (windowMs * 13) / 12 + 2);
      }
    }),
    { numRuns: 500 },
  );
});

it('never keeps more things than the limit, nor more than thirteen stretches', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KINDS),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      steps,
      (kind, limit, slides, history) => {
        let counter: Counter | null = null;
        let now = 1_763_770_000_000;
        const touch = touchOf(kind, limit, 20, slides ? { slides: true } : {});
        for (const { wait, item, reason } of history) {
          now += wait;
          const own = { ...touch, items: [itemOf(touch, item)] };
          const live: Counter | null = counter === null ? null : mergeLive([counter], touch, now);
          counter = counted(live, happeningOf({ at: now, item, reason }), { touch: own, now }) ?? live;
          const isOfThings = kind.count?.startsWith('distinct') === true;
          expect(counter?.parts?.size ?? 0).toBeLessThanOrEqual(isOfThings ? limit : 13);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('a block with a time of its own lasts just that, whatever falls out or comes in meanwhile', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.boolean(), fc.integer({ min: 1, max: 90 }), (kind, slides, block) => {
      const touch = touchOf(kind, 2, 20, { blockSeconds: block, ...(slides ? { slides: true } : {}) });
      const start = 1_763_770_000_000;
      let counter: Counter | null = null;
      const add = (item: number, now: number) => {
        const own = { ...touch, items: [itemOf(touch, item)] };
        const live: Counter | null = counter === null ? null : mergeLive([counter], touch, now);
        counter = counted(live, happeningOf({ at: now, item, reason: 'do_not_honor' }), { touch: own, now });
      };
      add(1, start);
      add(2, start);
      // One that was under way when the key was shut fails half-way through the block.
      add(3, start + block * 500);
      const stateAt = (now: number) => {
        const live = counter === null ? null : mergeLive([counter], touch, now);
        return judge({ touch, counter: live, inFlight: 0 });
      };
      expect(stateAt(start + block * 1_000 - 1)).toMatchObject({ state: 'shut', shutUntil: start + block * 1_000 });
      expect(stateAt(start + block * 1_000)).toMatchObject({ state: 'open', count: 0 });
    }),
  );
});

it('two names of one card are one card, whichever came first', () => {
  const touch = touchOf({ count: 'distinct_cards' }, 4, 60);
  const [number, processors] = [cardName(1), `pf_${'p'.repeat(43)}`];
  const now = 1_763_770_000_000;
  const failing = { failures: 1, weighted: 1, attempts: 1, declineReason: 'other' } as const;
  const first = counted(null, failing, { touch: { ...touch, items: [processors] }, now });
  expect(first?.count).toBe(1);
  const joined = counted(first, failing, { touch: { ...touch, items: [number, processors] }, now });
  expect(joined?.count).toBe(1);
  expect(counted(joined, failing, { touch: { ...touch, items: [cardName(2)] }, now })?.count).toBe(2);
});

it('a token that nobody has joined to a card is none', () => {
  const touch = touchOf({ count: 'distinct_cards' }, 1, 60);
  const failing = { failures: 1, weighted: 1, attempts: 1, declineReason: 'other' } as const;
  const items = [`tk_${'t'.repeat(43)}`];
  expect(counted(null, failing, { touch: { ...touch, items }, now: 1_763_770_000_000 })).toBeNull();
});

it('holds nothing by which a card or a customer could be told', () => {
  const touch = touchOf({ count: 'distinct_customers' }, 4, 60);
  const failing = { failures: 1, weighted: 1, attempts: 1, declineReason: 'other' } as const;
  const long = counted(null, failing, { touch: { ...touch, items: ['c'.repeat(256)] }, now: 0 });
  expect([...(long?.parts?.keys() ?? [])][0]?.length).toBeLessThan(44);
  const cards = { ...touch, count: 'distinct_cards' } as const;
  const counter = counted(null, failing, { touch: { ...cards, items: [cardName(7)] }, now: 0 });
  expect([...(counter?.parts?.keys() ?? [])]).toEqual(['fp_777777777777']);
});
