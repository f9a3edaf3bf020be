import { expect, it } from 'vitest';
import { FamiliarNames } from '../../src/attempt/familiar-names.ts';

const MOST = 3;

function namesKept(...names: readonly string[]): readonly string[] {
  const familiar = new FamiliarNames<number>(MOST);
  for (const [index, name] of names.entries()) familiar.keep(name, index);
  return names.filter((name) => familiar.get(name) !== undefined);
}

it('knows what was found of a name', () => {
  const familiar = new FamiliarNames<string>(MOST);
  expect(familiar.get('accept')).toBeUndefined();
  familiar.keep('accept', 'kept');
  expect(familiar.get('accept')).toBe('kept');
});

it('keeps so many, and goes on knowing them', () => {
  expect(namesKept('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'c']);
});

it('keeps no long name', () => {
  expect(namesKept('x'.repeat(64), 'x'.repeat(65))).toEqual(['x'.repeat(64)]);
});

it.each([
  '4242424242424242',
  '4242-4242-4242-4242',
  'x-4242_4242_4242_4242',
  '/a4242/b4242/c4242/4242',
  '/４２４２４２４２４２４２４２４２',
])('keeps no name with digits enough for a card: %s', (name) => {
  expect(namesKept(name)).toEqual([]);
});

it('keeps one with fewer', () => {
  expect(namesKept('/items/12345678901/sku')).toEqual(['/items/12345678901/sku']);
});
