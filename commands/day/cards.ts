// Cards of the day: made-up numbers under made-up BINs, one BIN a country, so that a BIN table can be imported.

import { checkDigitOf } from '../../examples/shop/src/issued-cards.ts';
import type { Chance } from './chance.ts';

/** The first eight digits of the cards of a country. */
const bins: Readonly<Record<string, string>> = {
  NL: '45100101',
  DE: '45100102',
  FR: '45100103',
  US: '45100104',
  GB: '45100105',
  JP: '45100106',
  AU: '45100107',
  BR: '45100108',
  IN: '45100109',
  MX: '45100110',
};

export const cardCountries: readonly string[] = Object.keys(bins);

export function drawCard(country: string, chance: Chance): string {
  const digits = `${bins[country]}${String(chance.upTo(10 ** 7)).padStart(7, '0')}`;
  return digits + checkDigitOf(digits);
}

/** As `npm run cordon -- feed add … --kind bins` takes it. */
export function writeBinTable(): string {
  return Object.entries(bins)
    .map(([country, bin]) => `${bin},${country}\n`)
    .join('');
}
