/**
 * What the gate tells of its ledger. Shapes here only grow: old and new code may run side by side.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { StoredOutcome } from './gate-messages.ts';

/** Behind `after` and before `until`, both ids. */
export interface LedgerStretch {
  readonly after: string;
  readonly until: string;
  readonly limit: number;
}

/** `outcome`: null while nobody told one. `id`: an evaluation's, or `evaluation/try`. */
export interface LedgerLine {
  readonly id: string;
  readonly outcome: StoredOutcome | null;
}

export interface LedgerPage {
  readonly lines: readonly LedgerLine[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

/** By what an evaluation can be told again (api/evaluations.ts), and the counters that it touched. */
export interface LedgerRecord {
  readonly id: string;
  readonly source: 'api' | 'proxy';
  readonly record: string;
  readonly verdicts: readonly Verdict[];
  readonly keys: readonly string[];
  readonly cards: readonly string[];
}
