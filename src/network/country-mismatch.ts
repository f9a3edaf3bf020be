/**
 * Whether the countries agree that an address, a card and a payer's own word name. That they do not is a signal with a
 * size: people travel, and use cards from home. Pure.
 */
import type { Intelligence, Signal, Silence } from './risk.ts';
import { isZoneOf } from './time-zones.ts';

/** How much a disagreement of countries weighs, 0 to 100. */
export interface MismatchSizes {
  readonly cardIp: number;
  readonly cardBilling: number;
  readonly billingIp: number;
  readonly timeZone: number;
}

/** What is known beside the address. ISO 3166-1 alpha-2; null: it is not known. */
export interface Provenance {
  readonly hasCard: boolean;
  /** The issuer's. */
  readonly cardCountry: string | null;
  /** As it was typed: anybody can type any. */
  readonly billingCountry: string | null;
  /** IANA's name; the edge's, of the address, or the payer's device's. */
  readonly timeZone: string | null;
}

export const NO_PROVENANCE: Provenance = { hasCard: false, cardCountry: null, billingCountry: null, timeZone: null };

/** Compares what is known; what should be and is not, is silent. `ipCountry` as the edge says it. */
export function compareCountries(
  ipCountry: string | null,
  { hasCard, cardCountry: card, billingCountry: billing, timeZone: zone }: Provenance,
  sizes: MismatchSizes,
): Intelligence {
  const ip = ipCountry === 'T1' ? null : ipCountry;
  const silent: Silence[] = [];
  if (ip === null) silent.push({ source: 'ip_country', reason: 'missing' });
  if (hasCard && card === null) silent.push({ source: 'card_country', reason: 'missing' });
  const signals: readonly (Signal | null)[] = [
    differ(sizes.cardIp, ['the card', card], ['the address', ip]),
    differ(sizes.cardBilling, ['the card', card], ['the billing address', billing]),
    differ(sizes.billingIp, ['the billing address', billing], ['the address', ip]),
    isElsewhere(zone, ip) ? signal(sizes.timeZone, `the time zone ${zone} is none of ${ip}`) : null,
  ];
  const asked = [true, hasCard, billing !== null, zone !== null].filter(Boolean).length;
  return { asked, signals: signals.filter((one) => one !== null), silent };
}

type Place = readonly [what: string, country: string | null];

function differ(score: number, [what, country]: Place, [other, otherCountry]: Place): Signal | null {
  if (country === null || otherCountry === null || country === otherCountry) return null;
  return signal(score, `${what} is of ${country}, ${other} of ${otherCountry}`);
}

function isElsewhere(zone: string | null, country: string | null): boolean {
  return zone !== null && country !== null && isZoneOf(zone, country) === false;
}

function signal(score: number, message: string): Signal | null {
  return score === 0 ? null : { source: 'country_mismatch', score, message };
}
