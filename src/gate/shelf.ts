/**
 * What the gate keeps, and how it writes all of a thing or nothing.
 */
import type { AttackDesk } from './attack-desk.ts';
import type { CardNames } from './card-names.ts';
import type { Ledger } from './ledger.ts';
import type { OpenPlaces } from './open-places.ts';
import type { Payments } from './payments.ts';
import type { Reservations } from './reservations.ts';

/** What the book is kept in. */
export interface Shelf {
  readonly ledger: Ledger;
  readonly reservations: Reservations;
  readonly open: OpenPlaces;
  readonly names: CardNames;
  readonly payments: Payments;
  readonly attacks: AttackDesk;
  /** All that `work` writes, or nothing of it. Costs two statements: where one statement is all, it is not needed. */
  readonly atomically: <T>(work: () => T) => T;
}
