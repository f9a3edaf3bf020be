// The ordinary trade of the day. Every one of these accesses must get through.

import type { Access } from './access.ts';
import { drawCard } from './cards.ts';
import type { Chance } from './chance.ts';
import { abroad, core, holidays, homes, type Place, relays, universities, vpns } from './places.ts';

interface Trade {
  kind: string;
  count: number;
  places: readonly Place[];
  /** Whose card it is, seen from where the payer sits. */
  card: 'of the place' | 'of home';
}

const trade: readonly Trade[] = [
  { kind: 'payers at home', count: 640, places: homes, card: 'of the place' },
  { kind: 'payers abroad, with a card of theirs', count: 120, places: abroad, card: 'of the place' },
  { kind: 'payers on holiday in the Union', count: 90, places: holidays, card: 'of home' },
  { kind: 'universities', count: 40, places: universities, card: 'of the place' },
  { kind: 'private relays and office gateways', count: 80, places: relays, card: 'of the place' },
  { kind: 'payers behind a VPN', count: 30, places: vpns, card: 'of the place' },
];
const charges = 200;
const scans = 20;

/** The address of the risk scanning module today: leased, not on the list. */
export const scannerAddress = '198.18.72.5';

export function makeHonest(chance: Chance): Access[] {
  const payments = trade.flatMap((row) => Array.from({ length: row.count }, () => makePayment(row, chance)));
  const servers = [
    ...Array.from({ length: charges }, () => `198.18.${core.block}.${1 + chance.upTo(14)}`),
    ...Array.from({ length: scans }, () => scannerAddress),
  ];
  return [...payments, ...servers.map((address) => makeCharge(address, chance))];
}

function makePayment({ kind, places, card }: Trade, chance: Chance): Access {
  const place = chance.oneOf(places);
  const country = card === 'of home' ? chance.oneOf(homes).country : place.country;
  return {
    kind,
    isMalicious: false,
    scheme: 'https',
    tlsVersion: chance.share() < 0.9 ? 'TLSv1.3' : 'TLSv1.2',
    place,
    address: `198.18.${place.block}.${1 + chance.upTo(250)}`,
    purpose: { path: 'pay', card: drawCard(country, chance), billingCountry: country },
  };
}

function makeCharge(address: string, chance: Chance): Access {
  const isLeased = address === scannerAddress;
  return {
    kind: isLeased ? 'the scanning module, on a lease' : 'core servers',
    isMalicious: false,
    scheme: 'https',
    tlsVersion: 'TLSv1.3',
    place: core,
    address,
    purpose: { path: 'charge', token: `tok_${chance.upTo(2 ** 31)}`, signature: 'own' },
  };
}
