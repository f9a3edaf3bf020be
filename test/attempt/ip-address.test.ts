/**
 * Addresses: one canonical spelling in, or nothing; and the unit by which they are counted.
 */
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../src/attempt/ip-address.ts';

const octet = fc.oneof(
  fc.integer({ min: -1, max: 999 }).map(String),
  fc.constantFrom('', '00', '01', '007', '0x1', '1e1', ' 1', '1 ', '٣', '255', '256'),
);

it('takes of IPv4 what ipaddr.js takes for four plain decimals, and leaves it as it is', () => {
  fc.assert(
    fc.property(
      fc.array(octet, { minLength: 3, maxLength: 5 }),
      fc.constantFrom('', '.', '\n', '/24'),
      (parts, end) => {
        const text = `${parts.join('.')}${end}`;
        const isPlain = ipaddr.IPv4.isValidFourPartDecimal(text);
        const canonical = isPlain ? ipaddr.IPv4.parse(text).toString() : null;
        expect(parseIp(text)).toEqual(isPlain ? { text: canonical, counted: canonical } : null);
      },
    ),
    { numRuns: 2_000 },
  );
});

const counted = (text: string) => parseIp(text)?.counted;

describe('reads every spelling of one address as that address', () => {
  it.each([
    { given: '203.0.113.9', text: '203.0.113.9' },
    { given: '0.0.0.0', text: '0.0.0.0' },
    { given: '255.255.255.255', text: '255.255.255.255' },
    { given: '::ffff:203.0.113.9', text: '203.0.113.9' },
    { given: '::FFFF:203.0.113.9', text: '203.0.113.9' },
    { given: '::ffff:cb00:7109', text: '203.0.113.9' },
    { given: '0:0:0:0:0:ffff:cb00:7109', text: '203.0.113.9' },
    { given: '2001:DB8::1', text: '2001:db8::1' },
    { given: '2001:0db8:0000:0000:0000:0000:0000:0001', text: '2001:db8::1' },
    { given: '2001:db8:0:0:0::1', text: '2001:db8::1' },
    { given: '2001:db8:0:0:1:0:0:1', text: '2001:db8::1:0:0:1' },
    { given: '2001:db8::1:0:0:0', text: '2001:db8:0:0:1::' },
    { given: '2001:db8::1:1:1:1:1', text: '2001:db8:0:1:1:1:1:1' },
    { given: '::1', text: '::1' },
    { given: '::', text: '::' },
    { given: '64:ff9b::203.0.113.9', text: '64:ff9b::cb00:7109' },
  ])('$given is $text', ({ given, text }) => {
    expect(parseIp(given)?.text).toBe(text);
  });

  it.each(['203.0.113.9', '2001:DB8::1', '::ffff:1.2.3.4', '2001:db8:0:0:1:0:0:1'])(
    'reads %s again from its own text',
    (given) => {
      const once = parseIp(given);
      expect(once).not.toBeNull();
      expect(parseIp(once?.text ?? '')).toEqual(once);
    },
  );
});

describe('reads nothing that two readers could read differently', () => {
  it.each([
    ['octal groups', '0203.0.0113.011'],
    ['one octal group', '203.0.113.09'],
    ['hexadecimal groups', '0xcb.0x0.0x71.0x9'],
    ['one number', '3405803785'],
    ['a hexadecimal number', '0xcb007109'],
    ['a short form', '203.113.9'],
    ['a shorter form', '127.1'],
    ['a trailing dot', '203.0.113.9.'],
    ['a leading dot', '.203.0.113.9'],
    ['five groups', '203.0.113.9.1'],
    ['a group above 255', '203.0.113.256'],
    ['a negative group', '203.0.113.-9'],
    ['a leading space', ' 203.0.113.9'],
    ['a trailing space', '203.0.113.9 '],
    ['a line break', '203.0.113.9\n'],
    ['a port', '203.0.113.9:443'],
    ['a list', '203.0.113.9, 198.51.100.1'],
    ['a prefix', '203.0.113.0/24'],
    ['full-width digits', '２０３.0.113.9'],
    ['nothing', ''],
    ['a name', 'localhost'],
    ['a zone id', 'fe80::1%eth0'],
    ['a numeric zone id', 'fe80::1%1'],
    ['an empty zone id', 'fe80::1%'],
    ['brackets', '[2001:db8::1]'],
    ['brackets and a port', '[2001:db8::1]:443'],
    ['two compressions', '2001::db8::1'],
    ['three colons', '2001:::1'],
    ['a group of five digits', '2001:0db80::1'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['a letter beyond f', '2001:db8::g'],
    ['an IPv6 prefix', '2001:db8::/32'],
    ['an IPv6 with a space', '2001:db8::1 '],
    ['an octal tail', '::ffff:0203.0.0113.011'],
    ['a short tail', '::ffff:127.1'],
    ['a hexadecimal tail', '::ffff:0xcb.0.113.9'],
    ['a tail that is too large', '::ffff:203.0.113.256'],
    ['a single colon', ':'],
  ])('%s', (_, given) => {
    expect(parseIp(given)).toBeNull();
  });
});

describe('counts IPv4 by address and IPv6 by /64', () => {
  it.each([
    { given: '203.0.113.9', unit: '203.0.113.9' },
    { given: '::ffff:203.0.113.9', unit: '203.0.113.9' },
    { given: '2001:db8:1:2:3:4:5:6', unit: '2001:db8:1:2::/64' },
    { given: '2001:db8::1', unit: '2001:db8::/64' },
    { given: '::1', unit: '::/64' },
  ])('$given under $unit', ({ given, unit }) => {
    expect(counted(given)).toBe(unit);
  });

  it('puts a whole /64 under one key', () => {
    expect(counted('2001:db8:1:2::1')).toBe(counted('2001:DB8:1:2:ffff:ffff:ffff:ffff'));
  });

  it.each([
    ['neighbouring /64s', '2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['neighbouring IPv4 addresses', '203.0.113.9', '203.0.113.10'],
    ['an IPv4 address and its deprecated ::a.b.c.d form', '1.2.3.4', '::1.2.3.4'],
    ['an IPv4 address and its NAT64 form', '1.2.3.4', '64:ff9b::1.2.3.4'],
  ])('keeps apart %s', (_, one, other) => {
    expect(counted(one)).not.toBe(counted(other));
  });

  it('does not take ::1.2.3.4 for the mapped address', () => {
    expect(parseIp('::1.2.3.4')).not.toEqual(parseIp('1.2.3.4'));
  });
});
