/**
 * What the country and ASN rules say of where a request comes from: one change from a baseline, one finding.
 */
import { describe, expect, it } from 'vitest';
import type { Whence } from '../../src/attempt/attempt.ts';
import { checkNetwork, NETWORK_CODES, NETWORK_RESPONSES, type NetworkRules } from '../../src/network/network-rules.ts';

const OPEN: NetworkRules = {
  operatingCountries: null,
  denyCountries: new Set(),
  payerCountry: false,
  unknownCountry: 'ignore',
  tor: 'ignore',
  allowAsns: null,
  denyAsns: new Set(),
  modes: Object.fromEntries(NETWORK_CODES.map((code) => [code, 'enforce'])) as NetworkRules['modes'],
};
const NL: Whence = { ip: { text: '203.0.113.9', counted: '203.0.113.9' }, country: 'NL', asn: 1136 };

const said = (whence: Partial<Whence>, rules: Partial<NetworkRules>) =>
  checkNetwork({ ...NL, ...whence }, { ...OPEN, ...rules }).map(
    ({ code, consequence, mode }) => `${code} ${consequence} ${mode}`,
  );

const operating = { operatingCountries: new Set(['NL', 'DE']) };
const denied = { denyCountries: new Set(['NL']) };

describe('says', () => {
  it.each([
    ['nothing without rules', {}, {}, []],
    ['nothing of an unknown country without rules', { country: null }, {}, []],
    ['nothing of Tor without rules', { country: 'T1' }, {}, []],
    ['nothing of an unknown network without rules', { asn: null }, {}, []],
    ['nothing of an operating country', {}, operating, []],
    ['nothing of another operating country', { country: 'DE' }, operating, []],
    ['nothing of a country that is not denied', { country: 'DE' }, denied, []],
    ['country of one that is no operating country', { country: 'FR' }, operating, ['country block enforce']],
    [
      'country of one in lower case, which the edge never sends',
      { country: 'nl' },
      operating,
      ['country block enforce'],
    ],
    ['country of a denied one', {}, denied, ['country block enforce']],
    [
      'country once for a country that is denied and operating',
      {},
      { ...operating, ...denied },
      ['country block enforce'],
    ],
    [
      'country_unknown where that matters',
      { country: null },
      { unknownCountry: 'challenge' },
      ['country_unknown challenge enforce'],
    ],
    [
      'country_unknown, not country, with operating countries',
      { country: null },
      { ...operating, unknownCountry: 'review' },
      ['country_unknown review enforce'],
    ],
    [
      'country_unknown, not country, with denied countries',
      { country: null },
      { ...denied, unknownCountry: 'block' },
      ['country_unknown block enforce'],
    ],
    ['nothing of a known country where unknown ones matter', {}, { unknownCountry: 'block' }, []],
    ['tor where that matters', { country: 'T1' }, { tor: 'block' }, ['tor block enforce']],
    ['tor, not country_unknown', { country: 'T1' }, { tor: 'review', unknownCountry: 'block' }, ['tor review enforce']],
    ['nothing of others where Tor matters', {}, { tor: 'block' }, []],
    ['asn of a denied network', {}, { denyAsns: new Set([1136]) }, ['asn block enforce']],
    ['nothing of another network', { asn: 1137 }, { denyAsns: new Set([1136]) }, []],
    ['nothing of an unknown network where some are denied', { asn: null }, { denyAsns: new Set([1136]) }, []],
    ['nothing of an allowed network', {}, { allowAsns: new Set([1136]) }, []],
    ['asn of one that is not among the allowed', { asn: 1 }, { allowAsns: new Set([1136]) }, ['asn block enforce']],
    [
      'asn of an unknown one where some are allowed',
      { asn: null },
      { allowAsns: new Set([1136]) },
      ['asn block enforce'],
    ],
    [
      'asn of one that is denied and allowed',
      {},
      { allowAsns: new Set([1136]), denyAsns: new Set([1136]) },
      ['asn block enforce'],
    ],
    [
      'country and asn, both',
      { country: 'FR', asn: 1 },
      { ...operating, denyAsns: new Set([1]) },
      ['country block enforce', 'asn block enforce'],
    ],
    [
      'asn although the country is an operating one',
      { asn: 1 },
      { ...operating, denyAsns: new Set([1]) },
      ['asn block enforce'],
    ],
  ] as const)('%s', (_, whence, rules, findings) => {
    expect(said(whence, rules)).toEqual(findings);
  });

  it.each(NETWORK_RESPONSES)('what is configured for Tor: %s', (tor) => {
    expect(said({ country: 'T1' }, { tor })).toEqual(tor === 'ignore' ? [] : [`tor ${tor} enforce`]);
  });

  it.each(NETWORK_RESPONSES)('what is configured for an unknown country: %s', (unknownCountry) => {
    const findings = unknownCountry === 'ignore' ? [] : [`country_unknown ${unknownCountry} enforce`];
    expect(said({ country: null }, { unknownCountry })).toEqual(findings);
  });
});

describe('each layer has its own mode', () => {
  const cases = [
    { code: 'country', whence: { country: 'FR' }, rules: operating },
    { code: 'country_unknown', whence: { country: null }, rules: { unknownCountry: 'block' } },
    { code: 'tor', whence: { country: 'T1' }, rules: { tor: 'block' } },
    { code: 'asn', whence: {}, rules: { denyAsns: new Set([1136]) } },
  ] as const;

  it.each(cases)('$code: enforce, shadow, off', ({ code, whence, rules }) => {
    const under = (mode: 'enforce' | 'shadow' | 'off') =>
      said(whence, { ...rules, modes: { ...OPEN.modes, [code]: mode } });
    expect(under('enforce')).toEqual([`${code} block enforce`]);
    expect(under('shadow')).toEqual([`${code} block shadow`]);
    expect(under('off')).toEqual([]);
  });

  it.each(cases)('$code speaks although every other layer is off', ({ code, whence, rules }) => {
    const off = Object.fromEntries(NETWORK_CODES.map((other) => [other, 'off'])) as NetworkRules['modes'];
    expect(said(whence, { ...rules, modes: { ...off, [code]: 'enforce' } })).toEqual([`${code} block enforce`]);
  });
});
