/**
 * A line of a feed, of a list of classes or of BINs, is read one way, or is a bad line.
 */
import { describe, expect, it } from 'vitest';
import { textOfPrefix } from '../../src/attempt/ip-prefix.ts';
import { createBinReader, prefixOfBin } from '../../src/network/bin-text.ts';
import { readClassLine } from '../../src/network/class-text.ts';
import { readFeedLine, type TableLine } from '../../src/network/feed-text.ts';

/** What was read, in few words. */
function told(line: TableLine): unknown {
  switch (line.kind) {
    case 'prefixes':
      return [...line.prefixes.map(textOfPrefix), line.value];
    case 'network':
      return [`AS${line.asn}`, line.value];
    default:
      return line.kind;
  }
}

describe('a line of a feed', () => {
  it.each([
    ['203.0.113.9', ['203.0.113.9/32', null]],
    ['  203.0.113.9  ', ['203.0.113.9/32', null]],
    ['203.0.113.0/24', ['203.0.113.0/24', null]],
    ['2001:DB8::/32', ['2001:db8::/32', null]],
    ['2001:db8::1', ['2001:db8::1/128', null]],
    ['::ffff:203.0.113.9', ['203.0.113.9/32', null]],
    ['AS64500', ['AS64500', null]],
    ['as64500 , 40', ['AS64500', 40]],
    ['203.0.113.9,85', ['203.0.113.9/32', 85]],
    ['203.0.113.9;85', ['203.0.113.9/32', 85]],
    ['203.0.113.9\t85', ['203.0.113.9/32', 85]],
    ['203.0.113.9   85', ['203.0.113.9/32', 85]],
    ['203.0.113.9, 0', ['203.0.113.9/32', 0]],
    ['203.0.113.9,100', ['203.0.113.9/32', 100]],
    ['203.0.113.9,84.6', ['203.0.113.9/32', 85]],
    ['203.0.113.9,85,2026-11-21,ssh', ['203.0.113.9/32', 85]],
    ['203.0.113.9,85 # since May', ['203.0.113.9/32', 85]],
    ['203.0.113.9 # since May', ['203.0.113.9/32', null]],
    ['203.0.113.9#85', ['203.0.113.9/32', null]],
    ['203.0.113.9 // 85', ['203.0.113.9/32', null]],
    ['203.0.113.0/24 ; SBL256894', ['203.0.113.0/24', null]],
    ['203.0.113.9,', ['203.0.113.9/32', null]],
    ['203.0.113.8-203.0.113.11', ['203.0.113.8/30', null]],
    ['203.0.113.9 - 203.0.113.12, 30', ['203.0.113.9/32', '203.0.113.10/31', '203.0.113.12/32', 30]],
    ['2001:db8::-2001:db8::3', ['2001:db8::/126', null]],
    ['255.255.255.254-255.255.255.255', ['255.255.255.254/31', null]],
    ['', 'blank'],
    [' \t', 'blank'],
    ['# 203.0.113.9', 'blank'],
    ['; 203.0.113.9', 'blank'],
    ['// 203.0.113.9', 'blank'],
  ])('%j is %j', (line, read) => {
    expect(told(readFeedLine(line))).toEqual(read);
  });

  it.each([
    ['an address in octal', '0177.0.0.1'],
    ['a short address', '127.1'],
    ['an address with a port', '203.0.113.9:443'],
    ['an address with a zone', 'fe80::1%eth0'],
    ['bits beyond the prefix', '203.0.113.9/24'],
    ['no such prefix', '203.0.113.0/33'],
    ['a name', 'tor-exit.example.com'],
    ['HTML', '<p>203.0.113.9</p>'],
    ['a tag', '<html>'],
    ['a score above 100', '203.0.113.9,101'],
    ['a negative score', '203.0.113.9,-5'],
    ['a column that is no score', '203.0.113.9,DE'],
    ['a count as a power', '203.0.113.9,1e1'],
    ['all of IPv4', '0.0.0.0/0'],
    ['half of IPv4', '128.0.0.0/1'],
    ['wider than /8', '10.0.0.0/7'],
    ['all of IPv6', '::/0'],
    ['a range as wide as that', '0.0.0.0-255.255.255.255'],
    ['a range backwards', '203.0.113.9-203.0.113.8'],
    ['a range across families', '203.0.113.9-2001:db8::1'],
    ['network 0', 'AS0'],
    ['a network that is none', 'AS4294967296'],
    ['NUL', '203.0.113.9\0'],
    ['a number', '3405803785'],
  ])('%s is a bad line: %j', (_, line) => {
    expect(readFeedLine(line).kind).toBe('bad');
  });
});

describe('a line of a list of classes', () => {
  it.each([
    ['AS64500,hosting', ['AS64500', 'hosting']],
    ['64500,hosting', ['AS64500', 'hosting']],
    ['as64500\tVPN', ['AS64500', 'vpn']],
    ['AS64500;mobile', ['AS64500', 'mobile']],
    ['AS64500 relay # Private Relay', ['AS64500', 'relay']],
    ['AS64500,hosting,Example Ltd', ['AS64500', 'hosting']],
    ['# AS64500,hosting', 'blank'],
    ['AS64500,nonsense', 'bad'],
    ['AS64500', 'bad'],
    ['203.0.113.0/24,hosting', 'bad'],
    ['AS0,hosting', 'bad'],
    ['asn,class', 'bad'],
  ])('%j is %j', (line, read) => {
    expect(told(readClassLine(line))).toEqual(read);
  });
});

describe('lines of a list of BINs', () => {
  const digits = (line: TableLine): unknown =>
    line.kind === 'prefixes'
      ? [
          ...line.prefixes.map(({ words, length }) =>
            (words[0] ?? 0)
              .toString(16)
              .padStart(8, '0')
              .slice(0, length / 4),
          ),
          line.value,
        ]
      : line.kind;
  const readAll = (lines: readonly string[]) => lines.map(createBinReader()).map(digits);

  it.each([
    [['45717360,DK'], [['45717360', 'DK']]],
    [
      ['457173;dk', '4571736\tNO', '457174 SE'],
      [
        ['457173', 'DK'],
        ['4571736', 'NO'],
        ['457174', 'SE'],
      ],
    ],
    [['457173\tDK'], [['457173', 'DK']]],
    [['457173 DK # Denmark'], [['457173', 'DK']]],
    [
      ['# list', '457173,DK'],
      ['blank', ['457173', 'DK']],
    ],
    [
      ['bin,country', '457173,DK'],
      ['blank', ['457173', 'DK']],
    ],
    [
      ['iin_start,iin_end,number_length,scheme,country,bank_name', '400083,,16,visa,US,"A, B and C"'],
      ['blank', ['400083', 'US']],
    ],
    [
      ['iin_start,iin_end,country', '400083,400085,US'],
      ['blank', ['400083', '400084', '400085', 'US']],
    ],
    [
      ['iin_start,iin_end,country', '40000000,40099999,US'],
      ['blank', ['400', 'US']],
    ],
    [
      ['BIN,Brand,Type,Category,Issuer,IssuerPhone,IssuerUrl,isoCode2', '457173,VISA,DEBIT,,"Bank, of it",,,DK'],
      ['blank', ['457173', 'DK']],
    ],
    [
      ['45717,DK', '457173601,DK', '457173,Denmark', '457173,ZZ', '457173'],
      ['bad', 'bad', 'bad', 'bad', 'bad'],
    ],
    [
      ['iin_start,iin_end,country', '400085,400083,US'],
      ['blank', 'bad'],
    ],
    [['4242424242424242,US'], ['bad']],
  ])('%j', (lines, read) => {
    expect(readAll(lines)).toEqual(read);
  });

  it('a BIN has six to eight digits', () => {
    expect(['45717', '457173', '45717360', '457173601', '4571a3', ''].map((bin) => prefixOfBin(bin)?.length)).toEqual([
      undefined,
      24,
      32,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
