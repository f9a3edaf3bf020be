/**
 * Names in a replay: of the form that the guard's have, the same for the same, and another for another.
 */
import { expect, it } from 'vitest';
import { cardName, shortName } from '../../src/replay/short-name.ts';

it('have the form of the guard’s own', () => {
  expect(cardName('pf', 'a card')).toMatch(/^pf_[A-Za-z0-9_-]{43}$/);
  expect(shortName('em', 'anna@mail.example')).toMatch(/^em_[A-Za-z0-9_-]{22}$/);
  expect(cardName('tk', '"],["')).toMatch(/^tk_[A-Za-z0-9_-]{43}$/);
});

it('are the same for the same, and another for another, in their first 72 bits too', () => {
  const names = Array.from({ length: 200_000 }, (_, index) => cardName('pf', `card ${index}`));
  expect(new Set(names.map((name) => name.slice(0, 15))).size).toBe(names.length);
  expect(cardName('pf', 'card 7')).toBe(names[7]);
});

it.each([
  ['', 'a'],
  ['a', 'A'],
  ['ab', 'ba'],
  ['card1', 'card1 '],
  ['4', '4\u0000'],
])('tells %j from %j', (one, other) => {
  expect(shortName('de', one)).not.toBe(shortName('de', other));
});
