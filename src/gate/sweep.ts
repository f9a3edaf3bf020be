/**
 * Removes what is over from the gate's tables, a stretch at a time, so that no single step grows with the tables.
 */
import { HISTORY_KEPT_MS, type Histories, PAID_KEPT_MS } from './histories.ts';
import type { Ledger, Swept } from './ledger.ts';

const STEP_ROWS = 500;
const DAY_MS = 86_400_000;
/** How long an outcome is remembered, so that a late or repeated word about an attempt is recognised. */
export const OUTCOME_KEPT_MS = 7 * 86_400_000;
/** As long as the longest counter lives. */
const CARD_NAME_KEPT_MS = 90 * 86_400_000;

/** Of the 10 GB that an object may hold (Cloudflare documentation): full, it could not even count. */
const CROWDED = [
  { overBytes: 8e9, keptMs: 3_600_000 },
  { overBytes: 5e9, keptMs: 86_400_000 },
] as const;

const TABLES: readonly (Swept & { readonly keptMs: number })[] = [
  { table: 'counters', key: 'key', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'idempotency', key: 'key', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'nonces', key: 'nonce', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'challenges', key: 'evaluation', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'identity_checks', key: 'evaluation', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'outcomes', key: 'evaluation', time: 'settled_at', isInOrderOfTime: true, keptMs: OUTCOME_KEPT_MS },
  { table: 'evaluations', key: 'evaluation', time: 'created_at', isInOrderOfTime: true, keptMs: OUTCOME_KEPT_MS },
  { table: 'payments', key: 'payment', time: 'seen_at', isInOrderOfTime: false, keptMs: OUTCOME_KEPT_MS },
  { table: 'labels', key: 'evaluation', time: 'labelled_at', isInOrderOfTime: false, keptMs: OUTCOME_KEPT_MS },
  { table: 'leases', key: 'id', time: 'expires_at', isInOrderOfTime: false, keptMs: 0 },
  { table: 'histories', key: 'name', time: 'last_at', isInOrderOfTime: false, keptMs: HISTORY_KEPT_MS },
  { table: 'paid', key: 'payment', time: 'paid_at', isInOrderOfTime: false, keptMs: PAID_KEPT_MS },
  { table: 'forgotten', key: 'name', time: 'forgotten_at', isInOrderOfTime: false, keptMs: OUTCOME_KEPT_MS + DAY_MS },
  { table: 'card_names', key: 'name', time: 'seen_at', isInOrderOfTime: false, keptMs: CARD_NAME_KEPT_MS },
];

export class Sweep {
  readonly #ledger: Ledger;
  readonly #histories: Pick<Histories, 'remember' | 'keepLate'>;
  #table = 0;
  #after = '';

  constructor(ledger: Ledger, histories: Pick<Histories, 'remember' | 'keepLate'>) {
    this.#ledger = ledger;
    this.#histories = histories;
  }

  /** One step; true when the round through all tables is complete. Where room is scarce, less of the past is kept. */
  step(now: number, usedBytes = 0): boolean {
    const table = TABLES[this.#table];
    if (table === undefined) return this.#restart();
    const longest = CROWDED.find(({ overBytes }) => usedBytes > overBytes)?.keptMs ?? Number.POSITIVE_INFINITY;
    const stretch = { after: this.#after, before: now - Math.min(table.keptMs, longest), limit: STEP_ROWS };
    if (table.table === 'outcomes') this.#histories.remember(stretch);
    if (table.table === 'evaluations') this.#histories.keepLate(stretch);
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
