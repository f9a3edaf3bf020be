// One access of the day: what is sent, from where, and whether it means well.

import type { Place } from './places.ts';

export interface Access {
  /** The row of the table that it is counted in. */
  kind: string;
  isMalicious: boolean;
  scheme: 'https' | 'http';
  tlsVersion: string;
  place: Place;
  address: string;
  purpose: Purpose;
}

export type Purpose =
  | { path: 'pay'; card: string; billingCountry: string }
  /** A charge by a server. `signature`: its own, none, one of a key that nobody knows, or one that was seen before. */
  | { path: 'charge'; token: string; signature: 'own' | 'none' | 'forged' | 'replayed' };
