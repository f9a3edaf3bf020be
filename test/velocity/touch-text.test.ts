/**
 * Touches as text: what comes out of it is what `JSON.stringify` would have said, whatever is in it.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNTS } from '../../src/velocity/rule.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { textOfTouches } from '../../src/velocity/touch-text.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const number = fc.integer({ min: 0, max: 1_000_000_000 });
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const touch = fc.record({
  rule: text,
  key: text,
  formerKeys: fc.array(text, { maxLength: 2 }),
  limit: number,
  windowSeconds: number,
  maxBlockSeconds: number,
  part: fc.constantFrom('check', 'count_only'),
  mode: fc.constantFrom('enforce', 'shadow'),
  count: maybe(fc.constantFrom(...COUNTS)),
  of: maybe(fc.constant('attempts')),
  items: maybe(fc.array(text, { maxLength: 3 })),
  declineReasons: maybe(fc.array(text, { maxLength: 2 })),
  slides: maybe(fc.constant(true)),
  blockSeconds: maybe(number),
  then: maybe(fc.constantFrom('challenge', 'review')),
  strength: maybe(fc.integer({ min: 1, max: 5 })),
  inFlight: maybe(fc.constant('ignore')),
  spares: maybe(fc.constantFrom('regulars', 'cards')),
  watched: maybe(fc.record({ payer: text, attacks: fc.boolean() })),
}) as unknown as fc.Arbitrary<Touch>;

it('says what JSON.stringify says', () => {
  fc.assert(
    fc.property(fc.array(touch, { maxLength: 6 }), fc.boolean(), (touches, areShared) => {
      const items = touches.find((one) => one.items !== undefined)?.items;
      // As many rules count the same thing.
      const all = areShared ? touches.map((one) => (one.items === undefined ? one : { ...one, items })) : touches;
      expect(JSON.parse(textOfTouches(all as readonly Touch[]))).toEqual(JSON.parse(JSON.stringify(all)));
    }),
    { numRuns: 500 },
  );
});

it('says the same of the same touches again', () => {
  const [touches = []] = fc.sample(fc.array(touch, { minLength: 3, maxLength: 3 }), 1);
  expect(textOfTouches(touches)).toBe(textOfTouches([...touches]));
  expect(textOfTouches(touches)).toBe(textOfTouches(touches));
});
