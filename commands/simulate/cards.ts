// Cards that there are not: a fingerprint and the first digits of a bank that is made up. Numbers that begin with 9 are
// for national use (ISO/IEC 7812-1), and no scheme of cards has them.

import type { Draws } from './draws.ts';

export interface Card {
  readonly fingerprint: string;
  readonly bin: string;
  readonly country: string;
}

interface Bank {
  readonly bin: string;
  readonly country: string;
  /** Its share of the shop's cards. */
  readonly weight: number;
}

const local = ['NL', 'DE', 'FR', 'BE'] as const;
const foreign = ['US', 'BR', 'GB', 'ES', 'MX', 'IN'] as const;
const banksOfCountry = 12;
const foreignBanks = 200;

/** A few banks have most of the cards: the k-th of a country as many as 1/k (Zipf), the first a third. */
const banks: ReadonlyMap<string, readonly Bank[]> = new Map(
  local.map((country, place) => [
    country,
    Array.from({ length: banksOfCountry }, (_, index) => ({
      bin: String(910_001 + place * 1_000 + index * 11),
      country,
      weight: 1 / (index + 1),
    })),
  ]),
);
const elsewhere: readonly Bank[] = Array.from({ length: foreignBanks }, (_, index) => ({
  bin: String(950_001 + index * 7),
  country: foreign[index % foreign.length] ?? 'US',
  weight: 1,
}));
const [home = 'NL'] = local;

/** A card of somebody who lives there: 6 of 100 are from elsewhere. */
export function buyersCard(draws: Draws, country: string): Card {
  return cardOf(draws.is(0.94) ? bankIn(country, draws) : draws.oneOf(elsewhere), draws);
}

/** A card from a list that was bought: half of it fits the shop's countries. */
export function stolenCard(draws: Draws): Card {
  return cardOf(draws.is(0.5) ? bankIn(draws.oneOf(local), draws) : draws.oneOf(elsewhere), draws);
}

/** Cards by number, one after another, of the bank that most of the shop's buyers have. */
export function sequentialCards(draws: Draws): () => Card {
  const [bank] = banks.get(home) ?? [];
  if (bank === undefined) throw new Error('no bank');
  const { bin, country } = bank;
  let number = draws.upTo(10 ** 8);
  return () => {
    number += 1;
    return { fingerprint: `card_s${number}`, bin, country };
  };
}

function cardOf({ bin, country }: Bank, draws: Draws): Card {
  return { fingerprint: `card_${draws.token(16)}`, bin, country };
}

function bankIn(country: string, draws: Draws): Bank {
  const all = banks.get(country) ?? elsewhere;
  let left = draws.share() * all.reduce((sum, { weight }) => sum + weight, 0);
  const found = all.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? draws.oneOf(all);
}
