/**
 * An evaluation on record that is decided anew: a rule of the merchant's own waited for what the gate counts.
 */
import type { AskedChallenge } from './challenge-messages.ts';

export interface Amendment {
  readonly evaluation: string;
  /** What is put on record in place of what is there; opaque here. */
  readonly record: string;
  /** The attempt goes no further: its place is given up. */
  readonly isRefused: boolean;
  /** The challenge that it is asked for now. */
  readonly challenge?: AskedChallenge;
  /** What is put on record instead where too many challenges are unanswered. */
  readonly recordIfShut?: string;
}
