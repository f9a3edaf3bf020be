/**
 * How methods of step-up fare, told from totals.
 */
import { expect, it } from 'vitest';
import { challengesOf } from '../../src/records/challenge-stats.ts';

const total = (value: string, count: number, what = 'challenge') => ({ what, value, count });

it('tells of each method how often it was asked, passed, failed and left', () => {
  const totals = [
    total('asked/turnstile', 10),
    total('passed/turnstile', 4),
    total('failed/turnstile', 3),
    total('otherwise/turnstile', 2),
    total('asked/proof_of_work', 20),
    total('passed/proof_of_work', 20),
    total('passed/turnstile', 9, 'decision'),
  ];
  expect(challengesOf(totals)).toEqual([
    { method: 'proof_of_work', asked: 20, passed: 20, failed: 0, abandoned: 0, countries: [] },
    { method: 'turnstile', asked: 10, passed: 4, failed: 3, abandoned: 4, countries: [] },
  ]);
});

it('a pass of a challenge that was asked before the time is no negative one', () => {
  const [told] = challengesOf([total('asked/turnstile', 1), total('passed/turnstile', 3)]);
  expect(told).toMatchObject({ asked: 1, passed: 3, abandoned: 0 });
});

it('tells where the challenged come from, those that were asked most', () => {
  const totals = ['NL', 'DE', 'FR', 'BE', 'IT', 'ES'].flatMap((country, index) => [
    total(`asked/turnstile/${country}`, 10 + index, 'challenge_country'),
    total(`passed/turnstile/${country}`, index, 'challenge_country'),
  ]);
  const [told] = challengesOf([total('asked/turnstile', 75), ...totals]);
  expect(told?.countries).toEqual([
    { country: 'ES', asked: 15, passed: 5 },
    { country: 'IT', asked: 14, passed: 4 },
    { country: 'BE', asked: 13, passed: 3 },
    { country: 'FR', asked: 12, passed: 2 },
    { country: 'DE', asked: 11, passed: 1 },
  ]);
});

it('tells of nothing where nobody was challenged', () => {
  expect(challengesOf([])).toEqual([]);
});
