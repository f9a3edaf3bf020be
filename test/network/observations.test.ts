/**
 * How much of what others saw counts: nothing of one merchant's word, little of a few failures, never more than 30.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, SHARED_SCORE_LIMIT, sharedScore } from '../../src/network/observations.ts';

const seen = (failures: number, successes = 0): Counts => ({ failures, successes });

describe('the score of an address', () => {
  it.each([
    ['seen by nobody', [], 0],
    ['one merchant, one failure', [seen(1)], 0],
    ['one merchant, ten thousand failures', [seen(10_000)], 0],
    ['two merchants, one failure each', [seen(1), seen(1)], 6],
    ['two merchants, half a failure each', [seen(0.5), seen(0.5)], 0],
    ['one merchant that insists beside one that does not', [seen(10_000), seen(1)], 18],
    ['two merchants, ten failures each', [seen(10), seen(10)], 30],
    ['ten merchants, ten failures each', Array.from({ length: 10 }, () => seen(10)), 30],
    ['a good payment at each outweighs two failures', [seen(2, 1), seen(2, 1)], 0],
    ['good payments at the same merchants', [seen(4, 1), seen(4, 1)], 12],
    ['good payments at a third', [seen(3), seen(3), seen(0, 2)], 6],
    ['many good payments at a third', [seen(5), seen(5), seen(0, 50)], 0],
    ['one that whitewashes without end is not believed without end', [...Array(8).fill(seen(5)), seen(0, 1e6)], 30],
    ['a shared office: a thousand good payments, some mistakes', [seen(20, 1_000), seen(15, 500)], 0],
  ] as const)('%s', (_, byMerchant, score) => {
    expect(sharedScore(byMerchant)).toBe(score);
  });

  const counts = fc.record({ failures: fc.nat(10_000), successes: fc.nat(10_000) });

  it('is 0 to the limit, and nothing on the word of one', () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 20 }), counts, (all, one) => {
        expect(sharedScore(all)).toBeGreaterThanOrEqual(0);
        expect(sharedScore(all)).toBeLessThanOrEqual(SHARED_SCORE_LIMIT);
        expect(sharedScore([one])).toBe(0);
        const good = all.map(({ successes }) => seen(0, successes));
        expect(sharedScore([...good, one])).toBe(0);
      }),
    );
  });

  it('never rises with a good payment', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 8 }), fc.nat(7), (all, index) => {
        const at = index % all.length;
        const better = all.map((one, i) => (i === at ? { ...one, successes: one.successes + 1 } : one));
        expect(sharedScore(better)).toBeLessThanOrEqual(sharedScore(all));
      }),
    );
  });
});
