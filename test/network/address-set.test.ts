/**
 * A set of prefixes answers as a look at every one of them would, and looks at a handful.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp, wordsOf } from '../../src/attempt/ip-address.ts';
import { parsePrefix, textOfPrefix } from '../../src/attempt/ip-prefix.ts';
import {
  type AddressSet,
  addressSetOf,
  arrangePrefixes,
  findPrefix,
  type Prefixed,
} from '../../src/network/address-set.ts';
import { type Family, type NumericPrefix, numbers, prefixes, startOf, textOfNumber } from '../support/addresses.ts';

const prefixed = (text: string) => {
  const reading = parsePrefix(text);
  if (reading.kind !== 'prefix') throw new Error(`${text}: ${reading.kind}`);
  return { prefix: reading.prefix };
};
const words = (text: string) => {
  const ip = parseIp(text);
  if (ip === null) throw new Error(text);
  return wordsOf(ip);
};

const textOf = (one: Prefixed | undefined) => (one === undefined ? null : textOfPrefix(one.prefix));

/** Where an address is found, in words. */
function found(list: readonly string[], address: string): string | null {
  const { apart } = arrangePrefixes(list.map(prefixed));
  const position = findPrefix(addressSetOf(apart), words(address));
  return position === null ? null : textOf(apart[position]);
}

const LIST = ['203.0.113.0/28', '203.0.113.32/27', '198.51.100.7/32', '2001:db8::/32', '2001:db9::1/128', '10.0.0.0/8'];

describe('finds the prefix of an address', () => {
  it.each([
    ['203.0.113.0', '203.0.113.0/28'],
    ['203.0.113.15', '203.0.113.0/28'],
    ['203.0.113.16', null],
    ['203.0.113.31', null],
    ['203.0.113.32', '203.0.113.32/27'],
    ['203.0.113.63', '203.0.113.32/27'],
    ['203.0.113.64', null],
    ['198.51.100.6', null],
    ['198.51.100.7', '198.51.100.7/32'],
    ['198.51.100.8', null],
    ['10.255.255.255', '10.0.0.0/8'],
    ['9.255.255.255', null],
    ['0.0.0.0', null],
    ['255.255.255.255', null],
    ['2001:db8::', '2001:db8::/32'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::/32'],
    ['2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', null],
    ['2001:db9::', null],
    ['2001:db9::1', '2001:db9::1/128'],
    ['2001:db9::2', null],
    ['::ffff:203.0.113.9', '203.0.113.0/28'],
    // The same bits in the other family are another address.
    ['::cb00:7109', null],
  ])('%s: %s', (address, prefix) => {
    expect(found(LIST, address)).toBe(prefix);
    expect(found(LIST.toReversed(), address)).toBe(prefix);
  });

  it('in none', () => {
    expect(found([], '203.0.113.9')).toBeNull();
    expect(found([], '2001:db8::1')).toBeNull();
  });

  it.each([
    ['0.0.0.0/0', '255.255.255.255', '2001:db8::1'],
    ['::/0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '203.0.113.9'],
  ])('in all of a family: %s', (all, inside, outside) => {
    expect(found([all], inside)).toBe(all);
    expect(found([all], outside)).toBeNull();
  });
});

describe('arranges prefixes', () => {
  const arranged = (list: readonly string[]) => {
    const { apart, nested } = arrangePrefixes(list.map(prefixed));
    return [
      apart.map(({ prefix }) => textOfPrefix(prefix)),
      nested.map(({ inner, outer }) => `${textOf(inner)} in ${textOf(outer)}`),
    ];
  };

  it.each([
    [['203.0.113.0/24', '203.0.113.0/28'], ['203.0.113.0/24'], ['203.0.113.0/28 in 203.0.113.0/24']],
    [['203.0.113.128/25', '203.0.113.0/24'], ['203.0.113.0/24'], ['203.0.113.128/25 in 203.0.113.0/24']],
    [['203.0.113.0/25', '203.0.113.128/25'], ['203.0.113.0/25', '203.0.113.128/25'], []],
    [['203.0.113.9/32', '203.0.113.9/32'], ['203.0.113.9/32'], ['203.0.113.9/32 in 203.0.113.9/32']],
    [['::ffff:203.0.113.9/128', '203.0.113.9/32'], ['203.0.113.9/32'], ['203.0.113.9/32 in 203.0.113.9/32']],
    [['::/0', '0.0.0.0/0'], ['0.0.0.0/0', '::/0'], []],
    [
      ['2001:db8::/32', '2001:db8:1::/48', '2001:db8:1:1::/64', '2001:db9::/32'],
      ['2001:db8::/32', '2001:db9::/32'],
      ['2001:db8:1::/48 in 2001:db8::/32', '2001:db8:1:1::/64 in 2001:db8::/32'],
    ],
  ])('%j', (list, apart, nested) => {
    expect(arranged(list)).toEqual([apart, nested]);
  });
});

describe('beside a look at every prefix', () => {
  const written = ({ family, start, length }: NumericPrefix) => `${textOfNumber(start, family)}/${length}`;
  // Below ::ffff:0:0/96 IPv6 means IPv4, which is tested above.
  const isPlain = (family: Family, number: bigint) => family === 4 || number >> 32n !== 0xffffn;
  const lists = fc.array(
    prefixes.filter(({ family, start }) => isPlain(family, start)),
    { maxLength: 30 },
  );

  it('finds as much, wherever the address lies', () => {
    fc.assert(
      fc.property(lists, fc.array(numbers, { minLength: 1, maxLength: 20 }), (list, addresses) => {
        const { apart, nested } = arrangePrefixes(list.map((one) => prefixed(written(one))));
        const set = addressSetOf(apart);
        expect(apart.length + nested.length).toBe(list.length);
        const edges = list.flatMap(({ family, start, length }) => {
          const size = 1n << BigInt((family === 4 ? 32 : 128) - length);
          return [start, start + size - 1n, start + size, start - 1n].map((number) => ({ family, number }));
        });
        for (const { family, number } of [...addresses, ...edges]) {
          const top = 1n << BigInt(family === 4 ? 32 : 128);
          if (number < 0n || number >= top || !isPlain(family, number)) continue;
          const naive = list.some((it) => it.family === family && startOf(number, family, it.length) === it.start);
          const address = words(textOfNumber(number, family));
          const position = findPrefix(set, address);
          expect(position !== null, textOfNumber(number, family)).toBe(naive);
          const prefix = position === null ? undefined : apart[position]?.prefix;
          if (prefix !== undefined) expect(findPrefix(addressSetOf([{ prefix }]), address)).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a long list', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => prefixed(`${textOfNumber(BigInt(index) * 34_567n * 2n, 4)}/31`));

  /** The same set, which counts how often its numbers are looked at. */
  function counting(set: AddressSet): { readonly set: AddressSet; readonly looks: () => number } {
    let looks = 0;
    const counted = (numbers: ArrayLike<number>) =>
      new Proxy(numbers, {
        get: (target, name) => {
          if (name !== 'length') looks++;
          return Reflect.get(target, name);
        },
      });
    const table = ({ starts, lengths }: AddressSet['ipv4']) => ({ starts: counted(starts), lengths: counted(lengths) });
    return { set: { ipv4: table(set.ipv4), ipv6: table(set.ipv6) }, looks: () => looks };
  }

  it.each([
    [10, 4],
    [10_000, 14],
    [60_000, 16],
  ])('of %i entries takes %i comparisons at most', (count, comparisons) => {
    const entries = many(count);
    const whole = addressSetOf(arrangePrefixes(entries).apart);
    for (let index = 0; index < count; index += Math.ceil(count / 200)) {
      const { set, looks } = counting(whole);
      const address = entries[index]?.prefix.words ?? [];
      expect(findPrefix(set, address)).not.toBeNull();
      // Beside the comparisons: one length, and the start that it belongs to.
      expect(looks()).toBeLessThanOrEqual(comparisons + 2);
      const outside = counting(whole);
      expect(findPrefix(outside.set, [(address[0] ?? 0) + 2])).toBeNull();
      expect(outside.looks()).toBeLessThanOrEqual(comparisons + 2);
    }
  });

  it('of 120,000 addresses takes less than a megabyte', () => {
    const feed = Array.from({ length: 120_000 }, (_, index) => ({
      prefix: { words: [(index * 34_567) >>> 0], length: 32 },
    }));
    const { ipv4, ipv6 } = addressSetOf(arrangePrefixes(feed).apart);
    const tables = [ipv4.starts, ipv4.lengths, ipv6.starts, ipv6.lengths] as unknown as readonly Uint8Array[];
    const bytes = tables.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(bytes).toBeGreaterThanOrEqual(5 * 100_000);
    expect(bytes).toBeLessThan(1_000_000);
  });
});
