/**
 * What imported lists say: of addresses and networks (feeds), of the kind of a network, of the country of a card.
 * Look-ups only, in memory, in microseconds; where the lists come from is `config/`'s affair. Pure.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Intelligence } from './risk.ts';
import type { TableKind } from './table.ts';

export const NETWORK_CLASSES = ['hosting', 'vpn', 'residential', 'mobile', 'education', 'relay', 'gateway'] as const;
/** What a network is for; `relay`: a privacy relay such as iCloud's; `gateway`: offices behind a security provider. */
export type NetworkClass = (typeof NETWORK_CLASSES)[number];

/** What a policy asks of the tables. */
export interface Need {
  /** Names of feeds. */
  readonly feeds: readonly string[];
  /** Whether it asks what networks are for (`networks`), and whose a card is (`bins`). */
  readonly kinds: readonly Exclude<TableKind, 'addresses'>[];
}

/** A feed, and how much of what it says counts: 1 is all. */
export interface Listened {
  readonly name: string;
  readonly weight: number;
}

/** What other merchants of this deployment have seen; its score is bounded where it is made and where it is read. */
export const SHARED: Listened = { name: 'shared', weight: 1 };

/** The lists that are at hand, asked about one attempt. */
export interface Tables {
  /**
   * Sees to it that what is needed is at hand: null where it is, or where waiting would not help; otherwise a promise
   * that never rejects and ends within a quarter of a second. `now` in ms since the epoch.
   */
  prepare(need: Need, now: number, afterwards: (work: Promise<unknown>) => void): Promise<void> | null;
  /** What these feeds say of an address and its network. */
  consult(feeds: readonly Listened[], whence: Whence, now: number): Intelligence;
  /** By imported lists; null: in none. */
  classOf(asn: number): NetworkClass | null;
  /** ISO 3166-1 alpha-2 of the issuer, by as many first digits of the card as are known (6 to 8); null: not known. */
  issuerCountry(bin: string): string | null;
}

/** Nothing was imported: every feed is missing. */
export const NO_TABLES: Tables = {
  prepare: () => null,
  consult: (feeds) => ({
    asked: feeds.length,
    signals: [],
    silent: feeds.map(({ name }) => ({ source: `feed:${name}`, reason: 'missing' })),
  }),
  classOf: () => null,
  issuerCountry: () => null,
};
