/**
 * Prefixes within prefixes, laid apart, answer as a look at every one of them would.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWords } from '../../src/attempt/ip-address.ts';
import { parsePrefix, textOfPrefix } from '../../src/attempt/ip-prefix.ts';
import { findPrefix } from '../../src/network/address-set.ts';
import { type LaidPrefixes, PrefixPile, type TieRule } from '../../src/network/prefix-layers.ts';
import { prefixesOfRange } from '../../src/network/prefix-ranges.ts';
import {
  type Family,
  type NumericPrefix,
  numberOf,
  numbers,
  prefixes,
  startOf,
  textOfNumber,
} from '../support/addresses.ts';

const NOTHING = new PrefixPile(1).lay('last');

function lay(list: readonly (readonly [string, number])[], tie: TieRule = 'highest'): LaidPrefixes {
  const width = list[0]?.[0].includes(':') ? 4 : 1;
  const pile = new PrefixPile(width);
  for (const [text, value] of list) {
    const reading = parsePrefix(text);
    if (reading.kind !== 'prefix') throw new Error(text);
    pile.add(reading.prefix, value);
  }
  return pile.lay(tie);
}

function valueAt(laid: LaidPrefixes, address: string): number | null {
  const set = address.includes(':') ? { ipv4: NOTHING, ipv6: laid } : { ipv4: laid, ipv6: NOTHING };
  const position = findPrefix(set, parseWords(address) ?? []);
  return position === null ? null : (laid.values[position] ?? null);
}

describe('the most specific counts', () => {
  const laid = lay([
    ['10.0.0.0/8', 10],
    ['10.1.0.0/16', 20],
    ['10.1.2.0/24', 30],
    ['10.1.2.3/32', 40],
    ['10.255.255.0/24', 50],
  ]);
  it.each([
    ['9.255.255.255', null],
    ['10.0.0.0', 10],
    ['10.0.255.255', 10],
    ['10.1.0.0', 20],
    ['10.1.2.2', 30],
    ['10.1.2.3', 40],
    ['10.1.2.4', 30],
    ['10.1.3.0', 20],
    ['10.2.0.0', 10],
    ['10.255.254.255', 10],
    ['10.255.255.255', 50],
    ['11.0.0.0', null],
  ])('%s: %s', (address, value) => {
    expect(valueAt(laid, address)).toBe(value);
  });
});

it('of equal prefixes the higher value counts, or the later one', () => {
  const twice = [
    ['10.0.0.0/8', 50],
    ['10.0.0.0/8', 20],
  ] as const;
  expect(valueAt(lay(twice, 'highest'), '10.0.0.1')).toBe(50);
  expect(valueAt(lay(twice.toReversed(), 'highest'), '10.0.0.1')).toBe(50);
  expect(valueAt(lay(twice, 'last'), '10.0.0.1')).toBe(20);
  expect(valueAt(lay(twice.toReversed(), 'last'), '10.0.0.1')).toBe(50);
});

it('what says the same as the prefix around it takes no place', () => {
  const pieces = lay([
    ['10.0.0.0/8', 50],
    ['10.1.0.0/16', 50],
    ['10.1.2.0/24', 50],
  ]);
  expect(pieces.lengths.length).toBe(1);
});

it('a list that ends with the last address ends there', () => {
  const laid = lay([
    ['255.0.0.0/8', 10],
    ['255.255.255.255/32', 20],
  ]);
  expect(['254.255.255.255', '255.255.255.254', '255.255.255.255'].map((it) => valueAt(laid, it))).toEqual([
    null,
    10,
    20,
  ]);
});

it('a range is the prefixes that make it up, and no address more', () => {
  const any = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n });
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const made = prefixesOfRange([Number(from)], [Number(to)]) ?? [];
      expect(made.length).toBeLessThanOrEqual(62);
      let at = from;
      for (const { words, length } of made) {
        expect(numberOf(words)).toBe(at);
        expect(parsePrefix(textOfPrefix({ words, length })).kind).toBe('prefix');
        at += 1n << BigInt(32 - length);
      }
      expect(at).toBe(to + 1n);
    }),
  );
});

describe('beside a look at every prefix', () => {
  interface Valued extends NumericPrefix {
    readonly value: number;
  }
  const lists = fc.array(
    fc.tuple(prefixes, fc.nat(3)).map(([prefix, value]): Valued => ({ ...prefix, value })),
    { maxLength: 40 },
  );
  // Below ::ffff:0:0/96 IPv6 means IPv4.
  const isPlain = (family: Family, number: bigint) => family === 4 || number >> 32n !== 0xffffn;
  const wordsOf = (number: bigint, family: Family) =>
    family === 4 ? [Number(number)] : [96n, 64n, 32n, 0n].map((shift) => Number((number >> shift) & 0xffffffffn));

  function naive(list: readonly Valued[], number: bigint, family: Family): number | null {
    const holding = list.filter((it) => it.family === family && startOf(number, family, it.length) === it.start);
    const [first] = holding.toSorted((a, b) => b.length - a.length || b.value - a.value);
    return first?.value ?? null;
  }

  it('says the same everywhere, with at most two pieces a prefix', () => {
    fc.assert(
      fc.property(lists, fc.array(numbers, { maxLength: 10 }), (list, asked) => {
        const piles = { 4: new PrefixPile(1), 6: new PrefixPile(4) };
        for (const { family, start, length, value } of list) {
          piles[family].add({ words: wordsOf(start, family), length }, value);
        }
        const laid = { 4: piles[4].lay('highest'), 6: piles[6].lay('highest') };
        expect(laid[4].lengths.length + laid[6].lengths.length).toBeLessThanOrEqual(list.length * 2);
        const edges = list.flatMap(({ family, start, length }) => {
          const size = 1n << BigInt((family === 4 ? 32 : 128) - length);
          return [start, start + size - 1n, start + size, start - 1n].map((number) => ({ family, number }));
        });
        for (const { family, number } of [...asked, ...edges]) {
          const top = 1n << BigInt(family === 4 ? 32 : 128);
          if (number < 0n || number >= top || !isPlain(family, number)) continue;
          const text = textOfNumber(number, family);
          expect(valueAt(laid[family], text), text).toBe(naive(list, number, family));
        }
      }),
      { numRuns: 500 },
    );
  });
});
