/**
 * Any spelling of an address that is read at all is read as that address; what a lenient reader would take for one, and
 * another reader for another one, is refused. In every spelling that can be made up.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { numbers, textOfNumber } from '../support/addresses.ts';

const groupsOf = (number: bigint) => textOfNumber(number, 6).split(':');

interface Spelling {
  readonly upper: boolean;
  readonly trimmed: boolean;
  /** From which group on zeros are left out. */
  readonly compressed: number;
  readonly dotted: boolean;
}

/** One of the ways RFC 4291, 2.2 lets an address be written. */
const spelling: fc.Arbitrary<Spelling> = fc.record({
  upper: fc.boolean(),
  trimmed: fc.boolean(),
  compressed: fc.nat(7),
  dotted: fc.boolean(),
});

function spell(number: bigint, { upper, trimmed, compressed, dotted }: Spelling): string {
  const groups = groupsOf(number).map((group) => (trimmed ? group.replace(/^0{1,3}/, '') : group));
  // Of ::a.b.c.d (deprecated, RFC 4291, 2.5.5.1) nothing is read: to some readers it is the mapped address.
  const tail = dotted && number >> 32n !== 0n ? [textOfNumber(number & 0xffffffffn, 4)] : groups.slice(6);
  const parts = [...groups.slice(0, 6), ...tail];
  const zeros = parts.slice(compressed).findIndex((part) => !/^0+$/.test(part));
  const end = compressed + (zeros < 0 ? parts.length - compressed : zeros);
  const isCompressed = end > compressed && compressed < parts.length;
  const text = isCompressed
    ? `${parts.slice(0, compressed).join(':')}::${parts.slice(end).join(':')}`
    : parts.join(':');
  return upper ? text.toUpperCase() : text;
}

it('reads every spelling of an IPv6 address as that address', () => {
  const six = numbers.filter(({ family }) => family === 6);
  fc.assert(
    fc.property(six, spelling, spelling, ({ number }, one, other) => {
      const read = parseIp(spell(number, one));
      expect(read, spell(number, one)).not.toBeNull();
      expect(parseIp(spell(number, other)), spell(number, other)).toEqual(read);
    }),
    { numRuns: 500 },
  );
});

it('reads a mapped address, however it is spelt, as the IPv4 address', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), spelling, (ipv4, how) => {
      const text = textOfNumber(BigInt(ipv4), 4);
      expect(parseIp(spell((0xffffn << 32n) | BigInt(ipv4), how))).toEqual({ text, counted: text });
    }),
  );
});

const parts = (number: number) => textOfNumber(BigInt(number), 4).split('.').map(Number);

it.each<[string, (number: number) => string]>([
  ['one decimal number', String],
  ['one hexadecimal number', (it) => `0x${it.toString(16)}`],
  ['one octal number', (it) => `0${it.toString(8)}`],
  [
    'octal parts',
    (it) =>
      parts(it)
        .map((part) => `0${part.toString(8)}`)
        .join('.'),
  ],
  [
    'hexadecimal parts',
    (it) =>
      parts(it)
        .map((part) => `0x${part.toString(16)}`)
        .join('.'),
  ],
  [
    'parts with leading zeros',
    (it) =>
      parts(it)
        .map((part) => String(part).padStart(4, '0'))
        .join('.'),
  ],
  ['three parts', (it) => [it >>> 24, (it >>> 16) & 255, it & 65535].join('.')],
  ['two parts', (it) => [it >>> 24, it & 0xffffff].join('.')],
  ['a trailing dot', (it) => `${parts(it).join('.')}.`],
  ['a space before', (it) => ` ${parts(it).join('.')}`],
  ['a space behind', (it) => `${parts(it).join('.')} `],
  ['a zone', (it) => `${parts(it).join('.')}%1`],
  ['a port', (it) => `${parts(it).join('.')}:443`],
  ['brackets', (it) => `[${parts(it).join('.')}]`],
  ['a mapped address with a zone', (it) => `::ffff:${parts(it).join('.')}%eth0`],
  [
    'a mapped address with octal parts',
    (it) =>
      `::ffff:${parts(it)
        .map((part) => `0${part.toString(8)}`)
        .join('.')}`,
  ],
  ['a mapped address in brackets', (it) => `[::ffff:${parts(it).join('.')}]`],
])('reads no IPv4 address written as %s', (_, write) => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), (number) => {
      expect(parseIp(write(number)), write(number)).toBeNull();
    }),
    { numRuns: 50 },
  );
});
