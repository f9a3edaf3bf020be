/**
 * What differs between two configurations: by path, with both values, and no more than what changed.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/attempt/json-body.ts';
import { type Difference, differencesBetween } from '../../src/config/difference.ts';

const before: Json = {
  id: 'acme',
  mode: 'enforce',
  network: { deny_countries: ['BE', 'NL', 'US'] },
  velocity: [
    { name: 'a', limit: 3 },
    { name: 'b', limit: 4 },
  ],
};
const with_ = (change: { readonly [name: string]: Json }): Json => ({ ...before, ...change });

describe('one change, one difference', () => {
  it.each<[string, Json, readonly Difference[]]>([
    ['nothing', before, []],
    ['the order of names', Object.fromEntries(Object.entries(before).reverse()), []],
    ['a value', with_({ mode: 'shadow' }), [{ path: '/mode', before: 'enforce', after: 'shadow' }]],
    ['a field that came', with_({ key_version: 2 }), [{ path: '/key_version', after: 2 }]],
    ['a field that came as null', with_({ key_version: null }), [{ path: '/key_version', after: null }]],
    ['a name that needs escaping', with_({ 'a/b~c': 1 }), [{ path: '/a~1b~0c', after: 1 }]],
    ['a name that objects have anyway', with_({ constructor: 1 }), [{ path: '/constructor', after: 1 }]],
    [
      'an entry at the front',
      with_({ network: { deny_countries: ['AT', 'BE', 'NL', 'US'] } }),
      [{ path: '/network/deny_countries/0', after: 'AT' }],
    ],
    [
      'an entry that went from the middle',
      with_({ network: { deny_countries: ['BE', 'US'] } }),
      [{ path: '/network/deny_countries/1', before: 'NL' }],
    ],
    [
      'an entry that changed',
      with_({ network: { deny_countries: ['BE', 'FR', 'US'] } }),
      [{ path: '/network/deny_countries/1', before: 'NL', after: 'FR' }],
    ],
    [
      'a field inside an entry that moved',
      with_({
        velocity: [
          { name: 'new', limit: 1 },
          { name: 'a', limit: 3 },
          { name: 'b', limit: 5 },
        ],
      }),
      [
        { path: '/velocity/0', after: { name: 'new', limit: 1 } },
        { path: '/velocity/2/limit', before: 4, after: 5 },
      ],
    ],
    [
      'another kind of value',
      with_({ network: [] }),
      [{ path: '/network', before: { deny_countries: ['BE', 'NL', 'US'] }, after: [] }],
    ],
    ['all of it', null, [{ path: '', before, after: null }]],
  ])('%s', (_, after, differences) => {
    expect(differencesBetween(before, after)).toEqual(differences);
  });

  it('a field that went', () => {
    expect(differencesBetween({ id: 'acme', mode: 'off' }, { id: 'acme' })).toEqual([{ path: '/mode', before: 'off' }]);
  });
});

it('finds one entry among ten thousand', () => {
  const list = Array.from({ length: 10_000 }, (_, i) => `10.0.${Math.floor(i / 256)}.${i % 256}/32`);
  const differences = differencesBetween(list, list.toSpliced(17, 1).toSpliced(9_000, 0, 'x'));
  expect(differences).toEqual([
    { path: '/17', before: list[17] },
    { path: '/9000', after: 'x' },
  ]);
});

it('tells two lists that have nothing in common whole, and soon', () => {
  const [one, other] = ['a', 'b'].map((letter) => Array.from({ length: 10_000 }, (_, i) => `${letter}${i}`));
  expect(differencesBetween(one ?? [], other ?? [])).toEqual([{ path: '', before: one, after: other }]);
});

it('is empty for the same, and for nothing else, and names each place once', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
      const same = JSON.parse(JSON.stringify(one)) as Json;
      expect(differencesBetween(one as Json, same)).toEqual([]);
      const differences = differencesBetween(one as Json, other as Json);
      const isSame = sorted(one) === sorted(other);
      expect(differences.length === 0).toBe(isSame);
      const places = differences.map(({ path, after }) => `${path} ${after === undefined ? 'went' : 'came'}`);
      expect(new Set(places).size).toBe(places.length);
    }),
    { examples: [[{ a: { toString: '' }, b: false }, 0]] },
  );
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
