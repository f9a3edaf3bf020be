/**
 * What networks are for: by the table that ships, by imported ones, and which of the two is believed.
 */
import { describe, expect, it } from 'vitest';
import type { Whence } from '../../src/attempt/attempt.ts';
import { classHeard, classOf, isShared } from '../../src/network/asn-classes.ts';
import { OPERATORS } from '../../src/network/asn-table.ts';
import { NETWORK_CLASSES, type NetworkClass, NO_TABLES, type Tables } from '../../src/network/tables.ts';
import { NL } from './reputation-baseline.ts';

const from = (asn: number | null, ip = NL.ip.text): Whence => ({ ...NL, ip: { text: ip, counted: ip }, asn });
const imported = (kind: NetworkClass | null): Tables => ({ ...NO_TABLES, classOf: () => kind });

describe('the table that ships', () => {
  it('has every network once, with a number that a network can have', () => {
    const all = OPERATORS.flatMap(({ asns }) => asns);
    expect(all.filter((asn, index) => all.indexOf(asn) !== index)).toEqual([]);
    expect(all.filter((asn) => !Number.isInteger(asn) || asn < 1 || asn > 4_199_999_999)).toEqual([]);
  });

  it('knows nothing of networks that documentation and private use are given (RFC 5398, RFC 6996)', () => {
    const isReserved = (asn: number) => (asn >= 64_496 && asn <= 65_551) || asn >= 4_200_000_000;
    expect(OPERATORS.flatMap(({ asns }) => asns).filter(isReserved)).toEqual([]);
  });

  it.each<[string, number, ReturnType<typeof classOf>]>([
    ['Amazon Web Services', 16509, 'hosting'],
    ['Google Cloud', 396982, 'hosting'],
    ['Azure', 8075, 'hosting'],
    ['DigitalOcean', 14061, 'hosting'],
    ['Hetzner', 24940, 'hosting'],
    ['Hetzner Cloud', 213230, 'hosting'],
    ['OVH', 16276, 'hosting'],
    ['Linode', 63949, 'hosting'],
    ['Vultr', 20473, 'hosting'],
    ['Contabo', 51167, 'hosting'],
    ['Leaseweb', 60781, 'hosting'],
    ['Alibaba', 45102, 'hosting'],
    ['Oracle', 31898, 'hosting'],
    ['Scaleway', 12876, 'hosting'],
    ['M247', 9009, 'vpn'],
    ['Datacamp', 212238, 'vpn'],
    ['Mullvad', 39351, 'vpn'],
    ['iCloud Private Relay at Akamai', 36183, 'relay'],
    ['iCloud Private Relay at Cloudflare', 13335, 'relay'],
    ['iCloud Private Relay at Fastly', 54113, 'relay'],
    ['Zscaler', 22616, 'gateway'],
    ['Zscaler in Europe', 62044, 'gateway'],
    ['Netskope', 55256, 'gateway'],
    ['Cisco Umbrella', 36692, 'gateway'],
    ['KPN, where people live', 1136, 'unknown'],
    ['Google’s own services', 15169, 'unknown'],
  ])('%s', (_, asn, kind) => {
    expect(classOf(from(asn), NO_TABLES)).toBe(kind);
  });
});

describe('an imported table', () => {
  it.each(NETWORK_CLASSES)('says of a network that ships with no class that it is %s', (kind) => {
    expect(classOf(from(1136), imported(kind))).toBe(kind);
  });

  it.each(NETWORK_CLASSES)('goes before the shipped class of a data centre: %s', (kind) => {
    expect(classOf(from(16509), imported(kind))).toBe(kind);
  });

  it.each([36183, 13335, 54113, 22616, 55256])('makes no attacker of the relay or gateway AS%d', (asn) => {
    for (const kind of ['hosting', 'vpn', 'residential'] as const) {
      expect(isShared(from(asn), imported(kind))).toBe(true);
    }
  });

  it('may name further relays and gateways', () => {
    expect(isShared(from(1136), imported('gateway'))).toBe(true);
    expect(isShared(from(1136), imported('relay'))).toBe(true);
    expect(isShared(from(1136), imported('residential'))).toBe(false);
  });

  it('that does not know the network changes nothing', () => {
    expect(classOf(from(16509), imported(null))).toBe('hosting');
  });
});

it('other people’s Workers are hosting, in the network that relays ordinary traffic', () => {
  expect(classOf(from(13335, '2a06:98c0:3600::103'), NO_TABLES)).toBe('hosting');
  expect(classOf(from(13335, '2a06:98c0:3601::103'), NO_TABLES)).toBe('relay');
});

it('a network that is not known is unknown, whatever a table says of others', () => {
  expect(classOf(from(null), imported('hosting'))).toBe('unknown');
});

describe('a signal', () => {
  const rules = { hosting: { response: 'score', score: 40 }, vpn: { response: 'block', score: 30 } } as const;
  const ignored = { response: 'ignore', score: 40 } as const;
  const signalsOf = (asn: number | null, change: Partial<Parameters<typeof classHeard>[1]> = {}, tables = NO_TABLES) =>
    classHeard(from(asn), { ...rules, ...change }, tables);

  it.each([
    ['of a data centre', 16509, 'hosting', 40, 'AS16509 (Amazon Web Services) is a hosting network'],
    ['of a VPN operator', 9009, 'vpn', 30, 'AS9009 (M247) is a VPN network'],
  ])('%s', (_, asn, source, score, message) => {
    expect(signalsOf(asn)).toEqual({ asked: 1, signals: [{ source, score, message }], silent: [] });
  });

  it('names no operator where an imported table says otherwise than the one that ships', () => {
    expect(signalsOf(16509, {}, imported('vpn'))?.signals).toMatchObject([{ message: 'AS16509 is a VPN network' }]);
  });

  it.each([
    ['people', 1136],
    ['a relay', 36183],
    ['a gateway', 22616],
  ])('there is none of %s, and none is missing', (_, asn) => {
    expect(signalsOf(asn)).toEqual({ asked: 1, signals: [], silent: [] });
  });

  it('there is none of what is ignored, though the other class is looked at', () => {
    expect(signalsOf(16509, { hosting: ignored })).toEqual({ asked: 1, signals: [], silent: [] });
    expect(signalsOf(9009, { hosting: ignored })?.signals).toHaveLength(1);
  });

  it('is missing where the network is not known', () => {
    expect(signalsOf(null)).toMatchObject({
      asked: 1,
      signals: [],
      silent: [{ source: 'hosting', reason: 'missing' }],
    });
  });

  it('is not asked for where both are ignored', () => {
    expect(signalsOf(16509, { hosting: ignored, vpn: ignored })).toBeNull();
  });
});
