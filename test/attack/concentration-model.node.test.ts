/**
 * What the watch finds of late, against the plain version that keeps everything and counts it anew at each look: the same
 * segments, in the same order, with the same figures, whatever came, went, failed or is explained already.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concentrationsIn } from '../../src/attack/concentration.ts';
import { type Happening, Recent } from '../../src/attack/recent.ts';
import { segmentsOf, type Traits } from '../../src/attack/traits.ts';
import { WINDOWS } from '../../src/attack/windows.ts';
import { PlainLate } from '../support/plain-late.ts';

const SPANS_MS = [60, 300, 2_000];
const BASE: Traits = {
  standing: 'guest',
  kind: 'payment',
  route: null,
  bin: null,
  country: null,
  asn: null,
  network: 'ordinary',
  hasSession: null,
  amountMinor: null,
  isAbroad: null,
};

/** Few of each, so that many segments see the same and tie. */
const traits = fc.record(
  {
    standing: fc.constantFrom('guest', 'newcomer'),
    kind: fc.constantFrom('payment', 'setup'),
    route: fc.constantFrom('pay', 'store'),
    bin: fc.constantFrom('424242', '555555', '400000'),
    country: fc.constantFrom('NL', 'BR'),
    asn: fc.constantFrom(1, 2),
    network: fc.constantFrom('ordinary', 'hosting'),
    amountMinor: fc.constantFrom(100, 900),
    isAbroad: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Traits>>;

const steps = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 120 })),
    traits,
    rarity: fc.record({ bin: fc.boolean(), country: fc.boolean(), asn: fc.boolean() }),
    payer: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    weight: fc.constantFrom(0, 0, 0.5, 1, 2),
  }),
  { minLength: 1, maxLength: 120 },
);

const explained = fc.array(
  fc.tuple(fc.constantFrom('bin:424242', 'payer:guest&bin:555555', 'country:BR', 'all'), fc.integer({ max: 4_000 })),
  { maxLength: 2 },
);

const thresholds = fc.record({
  deviation: fc.constantFrom(0, 0.5, 1.5),
  excess: fc.constantFrom(0.5, 1, 2),
  share: fc.constantFrom(0, 0.25),
});

const usual = (segment: string) => (segment.length % 5) / 12;

it('a look finds what the plain one finds', () => {
  fc.assert(
    fc.property(steps, thresholds, explained, fc.constantFrom(7, 40, 6_000), (all, threshold, over, most) => {
      const recent = new Recent(SPANS_MS, most);
      const plain = SPANS_MS.map((spanMs) => new PlainLate(spanMs, most));
      const search = { usual, threshold, explained: new Map(over) };
      let at = 1_000;
      for (const [index, step] of all.entries()) {
        at += step.waitMs;
        const segments = segmentsOf({ ...BASE, ...step.traits }, step.rarity);
        const happening: Happening = { at, segments, payer: step.payer, weight: step.weight };
        recent.add(happening);
        for (const one of plain) one.add(happening);
        if (index % 7 !== 6 && index < all.length - 1) continue;
        for (const [place, window] of recent.windows.entries()) {
          expect(concentrationsIn(recent, window, search)).toEqual(plain[place]?.concentrations(search));
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('a look leaves everything as it was', () => {
  const recent = new Recent([1_000], 50);
  const search = { usual, threshold: { deviation: 0, excess: 1, share: 0 } };
  for (let at = 1; at < 200; at++) {
    recent.add({ at, segments: ['all', `bin:${at % 9}`, `country:${at % 4}`], payer: `${at}`, weight: at % 2 });
  }
  const [window] = recent.windows;
  if (window === undefined) throw new Error('no window');
  const first = concentrationsIn(recent, window, search);
  expect(first.length).toBeGreaterThan(1);
  expect(concentrationsIn(recent, window, search)).toEqual(first);
});

it('numbers are given back: as many segments are held as there are in the windows', () => {
  const recent = new Recent(
    WINDOWS.map(({ spanMs }) => spanMs),
    100,
  );
  for (let at = 1; at < 5_000; at++) {
    recent.add({ at, segments: ['all', `bin:${at}`, `bin:${at}&payer:guest`], payer: `${at}`, weight: 1 });
  }
  expect(recent.numbers.end).toBeLessThanOrEqual(1 + 2 * 101);
  expect(recent.numbers.numberOf('bin:4999')).toBeDefined();
  expect(recent.numbers.numberOf('bin:4000')).toBeUndefined();
  recent.forget(1e12);
  expect(recent.numbers.numberOf('all')).toBeUndefined();
});
