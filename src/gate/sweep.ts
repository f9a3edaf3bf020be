/**
 * Removes what is over from the gate's tables, a stretch at a time, so that no single step grows with the tables.
 */
import type { Ledger, Swept } from './ledger.ts';

const STEP_ROWS = 500;
/** How long an outcome is remembered, so that a late or repeated word about an attempt is recognised. */
export const OUTCOME_KEPT_MS = 7 * 86_400_000;
/** As long as the longest counter lives. */
const CARD_NAME_KEPT_MS = 90 * 86_400_000;

const TABLES: readonly (Swept & { readonly keptMs: number })[] = [
  { table: 'counters', key: 'key', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'idempotency', key: 'key', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'outcomes', key: 'evaluation', time: 'settled_at', isInOrderOfTime: true, keptMs: OUTCOME_KEPT_MS },
  { table: 'evaluations', key: 'evaluation', time: 'created_at', isInOrderOfTime: true, keptMs: OUTCOME_KEPT_MS },
  { table: 'payments', key: 'payment', time: 'seen_at', isInOrderOfTime: false, keptMs: OUTCOME_KEPT_MS },
  { table: 'labels', key: 'evaluation', time: 'labelled_at', isInOrderOfTime: false, keptMs: OUTCOME_KEPT_MS },
  { table: 'card_names', key: 'name', time: 'seen_at', isInOrderOfTime: false, keptMs: CARD_NAME_KEPT_MS },
];

export class Sweep {
  readonly #ledger: Ledger;
  #table = 0;
  #after = '';

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** One step; true when the round through all tables is complete. */
  step(now: number): boolean {
    const table = TABLES[this.#table];
    if (table === undefined) return this.#restart();
    const stretch = { after: this.#after, before: now - table.keptMs, limit: STEP_ROWS };
    const last = this.#ledger.sweep(table, stretch);
    if (last === null) this.#table++;
    this.#after = last ?? '';
    return this.#table === TABLES.length && this.#restart();
  }

  #restart(): true {
    this.#table = 0;
    return true;
  }
}
