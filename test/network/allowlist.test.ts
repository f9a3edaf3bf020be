/**
 * Who is on the allowlist, at which moment, seen from where: one change from a baseline, one standing.
 */
import { describe, expect, it } from 'vitest';
import type { Whence } from '../../src/attempt/attempt.ts';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { parsePrefix } from '../../src/attempt/ip-prefix.ts';
import { type AllowlistEntry, compileAllowlist, standingFindings, standingOf } from '../../src/network/allowlist.ts';
import { NETWORK_CODES, type NetworkRules } from '../../src/network/network-rules.ts';

const NOW = Date.UTC(2026, 10, 22);

function entry(cidr: string, change: Partial<AllowlistEntry> = {}): AllowlistEntry {
  const reading = parsePrefix(cidr);
  if (reading.kind !== 'prefix') throw new Error(cidr);
  return { prefix: reading.prefix, label: `label of ${cidr}`, asn: null, country: null, expiresAt: null, ...change };
}

function from(address: string, { country = 'NL', asn = 1136 }: Partial<Omit<Whence, 'ip'>> = {}): Whence {
  const ip = parseIp(address);
  if (ip === null) throw new Error(address);
  return { ip, country, asn };
}

const LIST = [
  entry('2001:db8:1::/48', { label: 'six', asn: 1136 }),
  entry('203.0.113.16/28', { label: 'pinned', asn: 1136, country: 'NL' }),
  entry('203.0.113.0/28', { label: 'plain' }),
  entry('198.51.100.9/32', { label: 'leaving', expiresAt: NOW }),
];
const allowlist = compileAllowlist(LIST);

function standing(whence: Whence, now = NOW): string {
  const found = standingOf(whence, allowlist, now);
  return 'entry' in found ? `${found.kind} ${found.entry.label}` : found.kind;
}

describe('knows a caller', () => {
  it.each([
    ['by a plain entry', from('203.0.113.9'), 'listed plain'],
    ['by a plain entry, wherever it is seen', from('203.0.113.9', { country: null, asn: null }), 'listed plain'],
    ['by a pinned one, seen from there', from('203.0.113.17'), 'listed pinned'],
    ['by a mapped address', from('::ffff:203.0.113.9'), 'listed plain'],
    ['by IPv6', from('2001:DB8:1::9'), 'listed six'],
    ['from another network', from('203.0.113.17', { asn: 64500 }), 'pin_mismatch pinned'],
    ['from another country', from('203.0.113.17', { country: 'DE' }), 'pin_mismatch pinned'],
    ['from a network that nobody knows', from('203.0.113.17', { asn: null }), 'pin_mismatch pinned'],
    ['from a country that nobody knows', from('203.0.113.17', { country: null }), 'pin_mismatch pinned'],
    ['through Tor', from('203.0.113.17', { country: 'T1' }), 'pin_mismatch pinned'],
    ['from elsewhere, in IPv6', from('2001:db8:1::9', { asn: 1 }), 'pin_mismatch six'],
    ['who is beside an entry', from('203.0.113.32'), 'unlisted'],
    ['who is beside an entry of IPv6', from('2001:db8:2::9'), 'unlisted'],
  ])('%s', (_, whence, expected) => {
    expect(standing(whence)).toBe(expected);
  });

  it.each([
    [NOW - 1, 'listed leaving'],
    [NOW, 'expired leaving'],
    [NOW + 1, 'expired leaving'],
  ])('until the entry expires: at %i %s', (now, expected) => {
    expect(standing(from('198.51.100.9'), now)).toBe(expected);
  });

  it('by nothing when the list is empty', () => {
    expect(standingOf(from('203.0.113.9'), compileAllowlist([]), NOW)).toEqual({ kind: 'unlisted' });
  });
});

describe('says', () => {
  const modes = (change: Partial<NetworkRules['modes']> = {}) => {
    const enforced = Object.fromEntries(NETWORK_CODES.map((code) => [code, 'enforce'])) as NetworkRules['modes'];
    return { ...enforced, ...change };
  };
  const said = (whence: Whence, change: Partial<NetworkRules['modes']> = {}) =>
    standingFindings(standingOf(whence, allowlist, NOW), modes(change)).map(
      ({ code, consequence, mode }) => `${code} ${consequence} ${mode}`,
    );
  const stranger = from('192.0.2.1');
  const elsewhere = from('203.0.113.17', { asn: 64500 });
  const late = from('198.51.100.9');

  it.each([
    ['nothing of a caller who is listed', from('203.0.113.9'), []],
    ['allowlist_miss of a stranger', stranger, ['allowlist_miss block enforce']],
    ['allowlist_miss of one whose entry has expired', late, ['allowlist_miss block enforce']],
    ['allowlist_pin_mismatch of one from elsewhere', elsewhere, ['allowlist_pin_mismatch block enforce']],
  ])('%s', (_, whence, expected) => {
    expect(said(whence)).toEqual(expected);
  });

  it.each([
    ['allowlist_miss', stranger, 'allowlist_pin_mismatch', elsewhere],
    ['allowlist_pin_mismatch', elsewhere, 'allowlist_miss', stranger],
  ] as const)('%s in a mode of its own', (code, whence, otherCode, other) => {
    expect(said(whence, { [code]: 'shadow' })).toEqual([`${code} block shadow`]);
    expect(said(whence, { [code]: 'off' })).toEqual([]);
    expect(said(other, { [code]: 'off' })).toEqual([`${otherCode} block enforce`]);
  });

  it.each([
    [stranger, 'the address is not on the allowlist'],
    [late, 'the allowlist entry "leaving" has expired'],
    [elsewhere, 'the allowlist entry "pinned" is pinned to AS1136 and NL'],
    [from('2001:db8:1::9', { asn: 1 }), 'the allowlist entry "six" is pinned to AS1136'],
  ])('which entry, and why', (whence, message) => {
    expect(standingFindings(standingOf(whence, allowlist, NOW), modes())[0]?.message).toBe(message);
  });
});
