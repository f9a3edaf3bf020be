/**
 * Prefixes: one canonical spelling in, or a word about what is wrong; never two readings.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp, parseWords, textOfWords, wordsOf } from '../../src/attempt/ip-address.ts';
import { hostMask, parsePrefix, textOfPrefix } from '../../src/attempt/ip-prefix.ts';
import { numberOf, prefixes, textOfNumber, widthOf } from '../support/addresses.ts';

/** What is read, in words. */
function read(text: string): unknown {
  const reading = parsePrefix(text);
  return reading.kind === 'prefix' ? textOfPrefix(reading.prefix) : reading;
}

describe('reads every spelling of one network as that network', () => {
  it.each([
    ['203.0.113.0/28', '203.0.113.0/28'],
    ['203.0.113.9/32', '203.0.113.9/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['::ffff:203.0.113.0/124', '203.0.113.0/28'],
    ['::FFFF:CB00:7100/124', '203.0.113.0/28'],
    ['0:0:0:0:0:ffff:cb00:7109/128', '203.0.113.9/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:0db8:0000::/48', '2001:db8::/48'],
    ['2001:db8:0:0:0:0:0:1/128', '2001:db8::1/128'],
    ['2001:db8:8000::/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['64:ff9b::203.0.113.0/120', '64:ff9b::cb00:7100/120'],
  ])('%s is %s', (given, text) => {
    expect(read(given)).toBe(text);
    expect(parsePrefix(text)).toEqual(parsePrefix(given));
  });
});

describe('names the network where bits are set beyond the prefix', () => {
  it.each([
    ['203.0.113.9/28', '203.0.113.0/28'],
    ['203.0.113.1/31', '203.0.113.0/31'],
    ['203.0.113.0/0', '0.0.0.0/0'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['::ffff:203.0.113.9/124', '203.0.113.0/28'],
    ['2001:db8::1/64', '2001:db8::/64'],
    ['2001:db8::1/127', '2001:db8::/127'],
    ['2001:db8:1::/32', '2001:db8::/32'],
    ['2001:db8::/0', '::/0'],
    ['2001:DB8:FFFF::/33', '2001:db8:8000::/33'],
  ])('%s lies in %s', (given, network) => {
    expect(parsePrefix(given)).toEqual({ kind: 'host_bits', network });
    expect(read(network)).toBe(network);
  });
});

it.each([
  ['203.0.113.9', '203.0.113.9/32'],
  ['::ffff:203.0.113.9', '203.0.113.9/32'],
  ['2001:DB8::1', '2001:db8::1/128'],
])('%s alone is no prefix; it would be %s', (given, prefix) => {
  expect(parsePrefix(given)).toEqual({ kind: 'bare_address', prefix });
});

describe('reads nothing that two readers could read differently', () => {
  it.each([
    ['nothing', ''],
    ['a slash', '/'],
    ['no address', '/28'],
    ['no length', '203.0.113.0/'],
    ['a length that is too long', '203.0.113.0/33'],
    ['an IPv6 length that is too long', '2001:db8::/129'],
    ['a huge length', '0.0.0.0/4294967296'],
    ['a negative length', '0.0.0.0/-1'],
    ['a signed length', '203.0.113.0/+28'],
    ['a length with a leading zero', '203.0.113.0/028'],
    ['a hexadecimal length', '203.0.113.0/0x1c'],
    ['a length with an exponent', '203.0.113.0/1e1'],
    ['half a length', '203.0.113.0/28.5'],
    ['a netmask', '203.0.113.0/255.255.255.240'],
    ['two lengths', '203.0.113.0/28/28'],
    ['full-width digits', '203.0.113.0/２８'],
    ['spaces around the slash', '203.0.113.0 / 28'],
    ['a leading space', ' 203.0.113.0/28'],
    ['a trailing space', '203.0.113.0/28 '],
    ['a line break', '203.0.113.0/28\n'],
    ['a short form', '127/8'],
    ['another short form', '127.1/32'],
    ['an octal form', '0313.0.113.0/28'],
    ['a leading zero', '203.0.113.00/28'],
    ['a hexadecimal form', '0xcb.0.113.0/28'],
    ['a trailing dot', '203.0.113.0./28'],
    ['a zone id', 'fe80::%eth0/64'],
    ['a zone id after the length', 'fe80::/64%eth0'],
    ['brackets', '[2001:db8::]/32'],
    ['a wildcard', '203.0.113.*'],
    ['a range', '203.0.113.0-203.0.113.15'],
    ['a list', '203.0.113.0/28,198.51.100.0/28'],
    ['more than the mapped addresses', '::ffff:0:0/95'],
    ['a mapped address with an IPv4 length', '::ffff:203.0.113.0/28'],
    ['a name', 'localhost/8'],
  ])('%s', (_, given) => {
    expect(parsePrefix(given)).toEqual({ kind: 'malformed' });
  });
});

describe('means what arithmetic on whole numbers means', () => {
  it('for every prefix', () => {
    fc.assert(
      fc.property(prefixes, ({ family, start, length }) => {
        const reading = parsePrefix(`${textOfNumber(start, family)}/${length}`);
        // In IPv6 the mapped range is IPv4's: nothing of it is left to read as IPv6.
        const isMapped = family === 6 && start >> 32n === 0xffffn;
        expect(reading).toMatchObject({ kind: 'prefix', prefix: { length: isMapped ? length - 96 : length } });
        const { words = [] } = reading.kind === 'prefix' ? reading.prefix : {};
        expect([words.length, numberOf(words)]).toEqual(
          isMapped ? [1, start & 0xffffffffn] : [widthOf(family) / 32, start],
        );
      }),
    );
  });

  it('for every address and length: the network, or the one that it lies in', () => {
    const given = fc.record({ family: fc.constant(4 as const), number: fc.nat(2 ** 32 - 1), length: fc.nat(32) });
    fc.assert(
      fc.property(given, ({ family, number, length }) => {
        const size = 1n << BigInt(32 - length);
        const start = (BigInt(number) / size) * size;
        const network = `${textOfNumber(start, family)}/${length}`;
        expect(read(`${textOfNumber(BigInt(number), family)}/${length}`)).toEqual(
          start === BigInt(number) ? network : { kind: 'host_bits', network },
        );
      }),
    );
  });
});

describe('an address in words', () => {
  it.each([
    ['203.0.113.9', [0xcb007109]],
    ['255.255.255.255', [0xffffffff]],
    ['0.0.0.0', [0]],
    ['2001:db8::1', [0x20010db8, 0, 0, 1]],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]],
  ])('%s is %j, and back', (text, words) => {
    const ip = parseIp(text);
    expect(ip && wordsOf(ip)).toEqual(words);
    expect(textOfWords(words)).toBe(text);
  });

  it('is the same number', () => {
    fc.assert(
      fc.property(prefixes, ({ family, start }) => {
        const text = textOfNumber(start, family);
        const ip = parseIp(text);
        const words = ip === null ? [] : wordsOf(ip);
        expect(parseWords(text)).toEqual(words);
        const isMapped = family === 6 && words.length === 1;
        expect(numberOf(words)).toBe(isMapped ? start & 0xffffffffn : start);
      }),
    );
  });
});

it.each([
  [0, 0, 0xffffffff],
  [1, 0, 0x7fffffff],
  [31, 0, 1],
  [32, 0, 0],
  [32, 1, 0xffffffff],
  [33, 1, 0x7fffffff],
  [128, 3, 0],
  [127, 3, 1],
])('a prefix of %i bits leaves of word %i the bits %i open', (length, word, mask) => {
  expect(hostMask(length, word)).toBe(mask);
});
