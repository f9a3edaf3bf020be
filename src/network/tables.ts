/**
 * What imported lists say: of addresses and networks (feeds), of the kind of a network, of the country of a card.
 * Look-ups only, in memory, in microseconds; where the lists come from is `config/`'s affair. Pure.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Intelligence } from './risk.ts';

export const NETWORK_CLASSES = ['hosting', 'vpn', 'residential', 'mobile', 'education', 'relay', 'gateway'] as const;
/** What a network is for; `relay`: a privacy relay such as iCloud's; `gateway`: offices behind a security provider. */
export type NetworkClass = (typeof NETWORK_CLASSES)[number];

/** The lists that are at hand, asked about one attempt. */
export interface Tables {
  /** What the feeds of these names say of an address and its network. */
  consult(feeds: readonly string[], whence: Whence, now: number): Intelligence;
  /** By imported lists; null: in none. */
  classOf(asn: number): NetworkClass | null;
  /** ISO 3166-1 alpha-2 of the issuer, by as many first digits of the card as are known (6 to 8); null: not known. */
  issuerCountry(bin: string): string | null;
}

/** Nothing was imported: every feed is missing. */
export const NO_TABLES: Tables = {
  consult: (feeds) => ({
    asked: feeds.length,
    signals: [],
    silent: feeds.map((name) => ({ source: `feed:${name}`, reason: 'missing' })),
  }),
  classOf: () => null,
  issuerCountry: () => null,
};
