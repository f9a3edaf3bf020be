/**
 * The isolate's memory of answers: bounded, whatever arrives.
 */
import { expect, it } from 'vitest';
import { ANSWERS_LIMIT, AnswerCache, type LookedUp } from '../../src/reputation/answer-cache.ts';

const HEARD: LookedUp = { kind: 'score', score: 1, message: '' };
const LATER = 10_000;

it('keeps an answer until it is old', () => {
  const cache = new AnswerCache();
  cache.put('a', HEARD, LATER);
  expect(cache.get('a', LATER - 1)).toBe(HEARD);
  expect(cache.get('a', LATER)).toBeNull();
  expect(cache.get('b', 0)).toBeNull();
});

it('never holds more than its limit, and lets the oldest go first', () => {
  const cache = new AnswerCache();
  for (let i = 0; i < ANSWERS_LIMIT; i++) cache.put(`a${i}`, HEARD, LATER);
  expect(cache.size).toBe(ANSWERS_LIMIT);
  cache.put('a0', HEARD, LATER);
  for (let i = 0; i < 100; i++) cache.put(`b${i}`, HEARD, LATER);
  expect(cache.size).toBe(ANSWERS_LIMIT);
  expect(cache.get('a0', 0)).toBe(HEARD);
  expect(cache.get('a1', 0)).toBeNull();
  expect(cache.get('a100', 0)).toBeNull();
  expect(cache.get('a101', 0)).toBe(HEARD);
});
