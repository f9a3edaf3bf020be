/**
 * How much work is posed: it grows with the risk, and with whatever else asks for more, and has an end.
 */
import { expect, it } from 'vitest';
import { derivationsFor } from '../../src/step-up/proof-of-work.ts';

const settings = { least: 200, most: 2_000 };

it.each([
  [0, 1, 200],
  [50, 1, 1_100],
  [71, 1, 1_550],
  [75, 1, 1_550],
  [76, 1, 2_000],
  [100, 1, 2_000],
  [0, 3, 600],
  [100, 3, 6_000],
  [100, 1_000, 100_000],
])('at the risk %d, %d times as hard: %d derivations', (riskScore, effort, derivations) => {
  expect(derivationsFor({ riskScore, effort }, settings)).toBe(derivations);
});

it('tells nobody his score: of a hundred there are five', () => {
  const scores = Array.from({ length: 101 }, (_, riskScore) => riskScore);
  expect(new Set(scores.map((riskScore) => derivationsFor({ riskScore, effort: 1 }, settings))).size).toBe(5);
});
