/**
 * The names of regions, and the countries behind them.
 */
import { describe, expect, it } from 'vitest';
import { countriesOf, isCountry, REGION_NAMES } from '../../src/network/regions.ts';

const CONTINENTS = REGION_NAMES.filter((name) => name.startsWith('continent:'));
const MEMBERS = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

it('every country lies on exactly one continent', () => {
  const all = CONTINENTS.flatMap((name) => countriesOf(name) ?? []);
  expect(new Set(all).size).toBe(all.length);
  // ISO 3166-1 has 249 codes; Kosovo's is not among them.
  expect(all).toHaveLength(250);
  expect(all.every((code) => /^[A-Z]{2}$/.test(code) && isCountry(code))).toBe(true);
});

it.each(REGION_NAMES)('%s names only countries, each once', (name) => {
  const countries = countriesOf(name) ?? [];
  expect(countries.length).toBeGreaterThan(0);
  expect(countries.filter((code) => !isCountry(code))).toEqual([]);
  expect(new Set(countries).size).toBe(countries.length);
});

describe('the Union', () => {
  it('has 27 members, and lands of theirs with codes of their own', () => {
    expect(MEMBERS).toHaveLength(27);
    expect(countriesOf('region:eu')).toEqual(expect.arrayContaining(MEMBERS));
    expect(countriesOf('region:eu')?.filter((code) => !MEMBERS.includes(code))).toEqual([
      'AX',
      'GF',
      'GP',
      'MF',
      'MQ',
      'RE',
      'YT',
    ]);
  });

  it('and three more states make the economic area', () => {
    const union = countriesOf('region:eu') ?? [];
    expect(countriesOf('region:eea')?.filter((code) => !union.includes(code))).toEqual(['IS', 'LI', 'NO']);
  });
});

it.each([
  ['NL', ['NL']],
  ['XK', ['XK']],
  ['continent:AN', ['AQ', 'BV', 'GS', 'HM', 'TF']],
])('%s means %j', (name, countries) => {
  expect(countriesOf(name)).toEqual(countries);
});

it.each([
  '',
  'nl',
  'NLD',
  'UK',
  'EU',
  'XX',
  'T1',
  'AN',
  'CS',
  'continent:eu',
  'continent:',
  'region:EU',
  'region:nato',
  ' NL',
])('"%s" is no name', (name) => {
  expect(countriesOf(name)).toBeNull();
});
