/**
 * The allowlist as it is written: each fault under its own path, all of them at once, and lists as long as they may be.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { textOfPrefix } from '../../src/attempt/ip-prefix.ts';
import { CONFIG_LIMIT_BYTES, readConfigText } from '../../src/config/config-text.ts';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { longAllowlist } from '../support/allowlists.ts';
import { deployment, faultsOf } from './deployment.ts';

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

const faults = (allowlist: readonly unknown[]) =>
  faultsOf({ id: 'acme', network: { allowlist } }, here).map(({ path, message }) => `${path} ${message}`);
const cidrs = (...list: readonly unknown[]) => faults(list.map((cidr) => ({ cidr, label: 'x' })));

async function policyOf(network: Record<string, unknown>): Promise<Policy> {
  const result = validateMerchant({ id: 'acme', network }, 'acme', here);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return compilePolicy(result.value, { hash: 'h', writtenAt: 0 }, here);
}

const AT = '/network/allowlist';

describe('a prefix', () => {
  it.each([
    ['203.0.113.9/28', 'has bits set beyond its prefix; the network is 203.0.113.0/28'],
    ['2001:DB8::1/64', 'has bits set beyond its prefix; the network is 2001:db8::/64'],
    ['::ffff:203.0.113.9/124', 'has bits set beyond its prefix; the network is 203.0.113.0/28'],
    ['203.0.113.9', 'must be a prefix such as 203.0.113.0/28 or 2001:db8::/48; one address is 203.0.113.9/32'],
    ['2001:db8::9', 'must be a prefix such as 203.0.113.0/28 or 2001:db8::/48; one address is 2001:db8::9/128'],
    ['127.1/32', 'must be a prefix such as 203.0.113.0/28 or 2001:db8::/48'],
    ['', 'must be a prefix such as 203.0.113.0/28 or 2001:db8::/48'],
  ])('that is wrong is a fault with the right words: %s', (cidr, message) => {
    expect(cidrs(cidr)).toEqual([`${AT}/0/cidr ${message}`]);
  });

  it.each([[undefined], [null], [1], [['203.0.113.0/28']]])('is a text, not %j', (cidr) => {
    expect(cidrs(cidr)).toEqual([expect.stringContaining(`${AT}/0/cidr `)]);
  });
});

describe('entries that overlap', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['none', ['203.0.113.0/28', '203.0.113.16/28', '2001:db8::/48', '2001:db8:1::/48'], []],
    ['one within another', ['203.0.113.0/24', '203.0.113.16/28'], [`${AT}/1/cidr overlaps ${AT}/0`]],
    ['one around another', ['203.0.113.16/28', '203.0.113.0/24'], [`${AT}/0/cidr overlaps ${AT}/1`]],
    ['the same twice', ['203.0.113.0/28', '203.0.113.0/28'], [`${AT}/1/cidr overlaps ${AT}/0`]],
    ['the same in other words', ['203.0.113.0/28', '::FFFF:203.0.113.0/124'], [`${AT}/1/cidr overlaps ${AT}/0`]],
    ['in IPv6', ['2001:db8:1::/48', '2001:DB8::/32'], [`${AT}/0/cidr overlaps ${AT}/1`]],
    ['all of IPv4 and all of IPv6: no overlap', ['0.0.0.0/0', '::/0'], []],
    [
      'two within one',
      ['10.1.0.0/16', '10.0.0.0/8', '10.2.0.0/16'],
      [`${AT}/0/cidr overlaps ${AT}/1`, `${AT}/2/cidr overlaps ${AT}/1`],
    ],
  ])('%s', (_, list, expected) => {
    expect(cidrs(...list).sort()).toEqual([...expected].sort());
  });

  it('are found beside malformed ones, and each is named', () => {
    const written = [
      { cidr: '203.0.113.0/24', label: 'a' },
      { cidr: '203.0.113.9/24', label: '' },
      { cidr: '203.0.113.16/28', label: 'b', asn: 0, x: 1 },
      'nonsense',
      { label: 'c' },
    ];
    expect(
      faults(written)
        .map((fault) => fault.split(' ')[0])
        .sort(),
    ).toEqual(
      [`${AT}/1/cidr`, `${AT}/1/label`, `${AT}/2/asn`, `${AT}/2/cidr`, `${AT}/2/x`, `${AT}/3`, `${AT}/4/cidr`].sort(),
    );
  });

  it('are faults also where one has expired: what is right must not become wrong by waiting', () => {
    const written = [
      { cidr: '203.0.113.0/28', label: 'a', expires_at: '2020-01-01T00:00:00Z' },
      { cidr: '203.0.113.0/28', label: 'b' },
    ];
    expect(faults(written)).toEqual([`${AT}/1/cidr overlaps ${AT}/0`]);
  });
});

it('takes labels that occur twice', () => {
  expect(cidrs('203.0.113.0/28', '203.0.113.16/28')).toEqual([]);
});

describe('a long list', () => {
  it('of 10,000 entries fits, and compiles', async () => {
    const allowlist = longAllowlist(10_000);
    const text = JSON.stringify({ id: 'acme', network: { allowlist } });
    expect(new TextEncoder().encode(text).byteLength).toBeLessThan(CONFIG_LIMIT_BYTES);
    expect(readConfigText(text).ok).toBe(true);
    const { entries, addresses } = (await policyOf({ allowlist })).allowlist;
    expect([entries.length, addresses.ipv4.lengths.length, addresses.ipv6.lengths.length]).toEqual([
      10_000, 5_000, 5_000,
    ]);
  });

  it('of one more does not', () => {
    expect(faults(longAllowlist(10_001))).toEqual([expect.stringContaining(`${AT} `)]);
  });

  it('has each of its faults named', () => {
    const allowlist = longAllowlist(10_000).map((entry) => ({ ...entry, cidr: '203.0.113.9/24' }));
    const found = faults(allowlist);
    expect(found).toHaveLength(10_000);
    expect(found[9_999]).toMatch(/^\/network\/allowlist\/9999\/cidr has bits set/);
  });
});

it('a text that nothing could keep is refused before it is parsed', () => {
  expect(readConfigText(`"${'x'.repeat(CONFIG_LIMIT_BYTES)}"`)).toEqual({
    ok: false,
    why: { because: 'too_large', limitBytes: CONFIG_LIMIT_BYTES },
  });
  expect(readConfigText(`"${'é'.repeat(CONFIG_LIMIT_BYTES / 2)}"`).ok).toBe(false);
});

it('compiles what was written', async () => {
  const { allowlist } = await policyOf({
    allowlist: [
      { cidr: '2001:DB8::/48', label: 'six' },
      { cidr: '203.0.113.0/28', label: 'core 1', asn: 1136, country: 'NL', expires_at: '2026-12-31T23:59:59.5Z' },
    ],
  });
  expect(allowlist.entries.map(({ prefix, ...rest }) => ({ cidr: textOfPrefix(prefix), ...rest }))).toEqual([
    {
      cidr: '203.0.113.0/28',
      label: 'core 1',
      asn: 1136,
      country: 'NL',
      expiresAt: Date.UTC(2026, 11, 31, 23, 59, 59, 500),
    },
    { cidr: '2001:db8::/48', label: 'six', asn: null, country: null, expiresAt: null },
  ]);
});

describe('regions', () => {
  it('become the countries that they name, beside countries', async () => {
    const { network } = await policyOf({
      operating_countries: ['region:eea', 'GB'],
      deny_countries: ['HU', 'continent:AN'],
    });
    const { operatingCountries, denyCountries } = network;
    expect(['NL', 'NO', 'GB', 'CH'].map((code) => operatingCountries?.has(code))).toEqual([true, true, true, false]);
    expect([...denyCountries].sort()).toEqual(['AQ', 'BV', 'GS', 'HM', 'HU', 'TF']);
  });

  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['region:eu'], ['HU'], []],
    [['continent:EU'], ['region:eu'], []],
    [['NL', 'US'], ['continent:EU'], ['/network/deny_countries']],
    [['region:eu'], ['region:eea'], ['/network/deny_countries']],
    [['NL'], ['NL'], ['/network/deny_countries']],
    [['region:nato'], ['NL'], ['/network/operating_countries/0']],
  ])(
    'operating %j, denied %j: a fault only where nothing of an operating one is left',
    (operating, denied, expected) => {
      const network = { operating_countries: operating, deny_countries: denied };
      expect(faultsOf({ id: 'acme', network }, here).map(({ path }) => path)).toEqual(expected);
    },
  );
});
