// The 327 malicious accesses of the day, by kind. How many of each, and what each looks like, is an assumption that
// docs/network.md states; residential proxies that no list knows are among them, because they exist.

import type { Access, Purpose } from './access.ts';
import { cardCountries, drawCard } from './cards.ts';
import type { Chance } from './chance.ts';
import { botHomes, core, dataCentres, elsewhere, homes, type Place, tor, vpns } from './places.ts';

interface Menace {
  kind: string;
  count: number;
  places: readonly Place[];
  make?: Partial<Pick<Access, 'scheme' | 'tlsVersion'>>;
  charge?: Extract<Purpose, { path: 'charge' }>['signature'];
}

const everywhere: readonly Place[] = [...dataCentres, ...botHomes, ...homes];

const menaces: readonly Menace[] = [
  { kind: 'payments in plain text', count: 12, places: everywhere, make: { scheme: 'http' } },
  { kind: 'clients of TLS 1.0 and 1.1', count: 10, places: everywhere, make: { tlsVersion: 'TLSv1.1' } },
  { kind: 'strangers at the server route', count: 45, places: everywhere, charge: 'none' },
  { kind: 'a hijacked range of the core', count: 12, places: [elsewhere], charge: 'replayed' },
  { kind: "a neighbour on the core's network", count: 10, places: [core], charge: 'forged' },
  { kind: 'signed requests of the core, sent again', count: 8, places: [core], charge: 'replayed' },
  { kind: 'card tests from data centres', count: 100, places: dataCentres },
  { kind: 'card tests from bots far away', count: 62, places: botHomes },
  { kind: 'card tests through Tor', count: 20, places: [tor] },
  { kind: 'card tests behind VPNs', count: 12, places: vpns },
  { kind: 'residential proxies that a feed knows', count: 31, places: homes },
  { kind: 'residential proxies that nobody knows', count: 5, places: homes },
];

/** What the feed knows of each kind, as a share. */
const known: Readonly<Record<string, number>> = {
  'card tests from data centres': 0.8,
  'card tests from bots far away': 0.7,
  'card tests behind VPNs': 0.8,
  'residential proxies that a feed knows': 1,
};

export interface Menaces {
  accesses: Access[];
  /** As `npm run cordon -- feed add` takes it. */
  feed: string;
}

export function makeMenaces(chance: Chance): Menaces {
  const accesses = menaces.flatMap((row) => Array.from({ length: row.count }, () => makeAccess(row, chance)));
  const listed = accesses.filter(({ kind }) => chance.share() < (known[kind] ?? 0));
  const lines = new Set(listed.map(({ address }) => `${address},${80 + chance.upTo(20)}`));
  return { accesses, feed: ['# made up for a simulated day', ...lines, ''].join('\n') };
}

function makeAccess({ kind, places, make, charge }: Menace, chance: Chance): Access {
  const place = chance.oneOf(places);
  return {
    kind,
    isMalicious: true,
    scheme: 'https',
    tlsVersion: 'TLSv1.3',
    place,
    address: addressOf(place, chance),
    purpose:
      charge === undefined
        ? testCard(place, chance)
        : { path: 'charge', token: `tok_${chance.upTo(2 ** 31)}`, signature: charge },
    ...make,
  };
}

// Apart from honest people: those have the addresses below 251 of 198.18, these all of 198.19.
function addressOf(place: Place, chance: Chance): string {
  if (place === core || place === elsewhere) return `198.18.${core.block}.${1 + chance.upTo(14)}`;
  return `198.19.${place.block}.${1 + chance.upTo(254)}`;
}

// Bought lists hold cards of all the world; half of the testers trouble to name the country that fits the card.
function testCard(place: Place, chance: Chance): Purpose {
  const country = chance.oneOf(cardCountries);
  const billingCountry = chance.share() < 0.5 || place === tor ? country : place.country;
  return { path: 'pay', card: drawCard(country, chance), billingCountry };
}
