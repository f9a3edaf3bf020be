/**
 * What the gate is told of an attempt that it watches: its traits, and by which names it knows who has paid before. It
 * travels with the attempt's other places, so that any word about it, whenever that comes, is noted.
 */
import type { CleanHistoryRule } from './clean-history.ts';
import type { Traits } from './traits.ts';

/** What of a merchant's attempts is watched. */
export interface Watching {
  /** Whether attack mode is watched for; false: clean histories alone. */
  readonly attacks: boolean;
  /** Null: nobody is spared. */
  readonly cleanHistory: CleanHistoryRule | null;
}

export interface Watched extends Watching {
  /** How he stands is the gate's to say. */
  readonly traits: Omit<Traits, 'standing'>;
  /** An address or a customer. */
  readonly payer: string;
  /** Under which name a verified customer's history is kept; null for a guest. */
  readonly customer: string | null;
  /** The same of his card. */
  readonly card: string | null;
  /** Under which the card's was kept before, by earlier fingerprint keys or other names; absent: none. */
  readonly formerCards?: readonly string[];
}

/** Who has paid before, long enough ago. */
export interface Regular {
  readonly customer: boolean;
  readonly card: boolean;
}

export const STRANGER: Regular = { customer: false, card: false };
