/**
 * The gate's tables: every statement it runs, and nothing that decides. Times are ms since the epoch.
 * Schema only grows, and every statement of it can run again: a rolled-back release meets today's rows.
 */

import type { KeptConfig } from './config-messages.ts';
import { addColumn, CounterRows } from './counter-rows.ts';
import type { Kept, StoredOutcome } from './gate-messages.ts';
import type { Stretch } from './leaving.ts';
import type { Recorded } from './settlement.ts';
import { EVERY_TABLE } from './tables.ts';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS outcomes (
     evaluation TEXT PRIMARY KEY, status TEXT NOT NULL, counted REAL NOT NULL, contradicted INTEGER NOT NULL,
     settled_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS config (
     id INTEGER PRIMARY KEY CHECK (id = 1), hash TEXT NOT NULL, written_at INTEGER NOT NULL, json TEXT)`,
];

// Columns that came later: a table that stands already gets them, one that a rolled-back release made too.
const ADDED_COLUMNS = [
  ['outcomes', 'decline_reason'],
  ['outcomes', 'payment_id'],
  ['outcomes', 'decline_code'],
  ['outcomes', 'try_id'],
  ['outcomes', 'attempt'],
] as const;

const INSERT_OUTCOME = `INSERT INTO outcomes (evaluation, status, counted, contradicted, settled_at, decline_reason,
    payment_id, decline_code, try_id, attempt)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (evaluation)`;
// Each a text made once: the platform finds a prepared statement by its text, and one made anew is looked up letter by letter.
const PUT_FIRST = `${INSERT_OUTCOME} DO NOTHING`;
const PUT = `${INSERT_OUTCOME} DO UPDATE SET status = excluded.status, counted = excluded.counted,
  contradicted = excluded.contradicted, settled_at = excluded.settled_at, decline_reason = excluded.decline_reason,
  payment_id = coalesce(excluded.payment_id, payment_id), decline_code = excluded.decline_code,
  try_id = coalesce(excluded.try_id, try_id), attempt = coalesce(excluded.attempt, attempt)`;

/** An outcome on record, and by which of the processor's ids it is known. */
export interface OutcomeRow extends Recorded {
  readonly declineReason: string | null;
  readonly paymentId: string | null;
  readonly tryId: string | null;
  /** Whether the attempt can be told again: a word that came before the shop's answer kept only what counts. */
  readonly isKept: boolean;
}

/** What came with an outcome. What an earlier word told is kept where this one is silent. */
export interface Told {
  readonly settledAt: number;
  readonly declineReason?: string | null | undefined;
  readonly declineCode?: string | null | undefined;
  readonly paymentId?: string | null | undefined;
  readonly tryId?: string | null | undefined;
  /** `Kept` as a text. */
  readonly attempt?: string | undefined;
}

/** An attempt on record with its outcome. `stranger`: known by a processor's word alone, under these of its ids. */
export type KeptAttempt = Kept & { readonly stranger?: readonly string[] };

export class Ledger extends CounterRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    super(sql);
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
    for (const [table, column] of ADDED_COLUMNS) addColumn(sql, table, column);
  }

  outcome(evaluation: string): OutcomeRow | null {
    const [row] = this.#sql.exec<{
      status: Recorded['status'];
      counted: number;
      contradicted: number;
      decline_reason: string | null;
      payment_id: string | null;
      try_id: string | null;
      is_kept: number;
    }>(
      `SELECT status, counted, contradicted, decline_reason, payment_id, try_id,
           coalesce(json_type(attempt, '$.record') IS NOT NULL, 0) AS is_kept
         FROM outcomes WHERE evaluation = ?`,
      evaluation,
    );
    if (row === undefined) return null;
    const { status, counted, decline_reason: declineReason, payment_id: paymentId, try_id: tryId } = row;
    const [contradicted, isKept] = [row.contradicted === 1, row.is_kept === 1];
    return { status, counted, contradicted, declineReason, paymentId, tryId, isKept };
  }

  /** What is kept of an attempt beside its outcome; null for one that has a row of its own, or none at all. */
  keptAttempt(evaluation: string): KeptAttempt | null {
    const [row] = this.#sql.exec<{ attempt: string | null }>(
      'SELECT attempt FROM outcomes WHERE evaluation = ?',
      evaluation,
    );
    return row === undefined || row.attempt === null ? null : (JSON.parse(row.attempt) as KeptAttempt);
  }

  /** Puts an outcome on record where none is yet; false where one is. */
  putFirstOutcome(evaluation: string, recorded: Recorded, told: Told): boolean {
    return this.#insertOutcome(PUT_FIRST, { evaluation, ...recorded }, told) > 0;
  }

  putOutcome(evaluation: string, recorded: Recorded, told: Told): void {
    this.#insertOutcome(PUT, { evaluation, ...recorded }, told);
  }

  /** Adds what a word told that changed nothing else. */
  completeOutcome(evaluation: string, { paymentId, tryId, attempt }: Told): void {
    this.#sql.exec(
      `UPDATE outcomes SET payment_id = coalesce(payment_id, ?), try_id = coalesce(try_id, ?),
         attempt = coalesce(?, attempt) WHERE evaluation = ?`,
      paymentId ?? null,
      tryId ?? null,
      attempt ?? null,
      evaluation,
    );
  }

  deleteOutcome(evaluation: string): void {
    this.#sql.exec('DELETE FROM outcomes WHERE evaluation = ?', evaluation);
  }

  #insertOutcome(
    statement: typeof PUT_FIRST | typeof PUT,
    { evaluation, status, counted, contradicted }: Recorded & { readonly evaluation: string },
    told: Told,
  ): number {
    const { rowsWritten } = this.#sql.exec(
      statement,
      evaluation,
      status,
      counted,
      contradicted ? 1 : 0,
      told.settledAt,
      told.declineReason ?? null,
      told.paymentId ?? null,
      told.declineCode ?? null,
      told.tryId ?? null,
      told.attempt ?? null,
    );
    return rowsWritten;
  }

  /** Puts "nobody knows" on record where there is no word at all. */
  putUnknown(evaluation: string, settledAt: number): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO outcomes (evaluation, status, counted, contradicted, settled_at)
         VALUES (?, 'unknown', 0, 0, ?)`,
      evaluation,
      settledAt,
    );
  }

  storedOutcome(evaluation: string): StoredOutcome | null {
    const [row] = this.#sql.exec<{
      status: Recorded['status'];
      contradicted: number;
      settled_at: number;
      decline_reason: string | null;
      decline_code: string | null;
      payment_id: string | null;
    }>(
      `SELECT status, contradicted, settled_at, decline_reason, decline_code, payment_id FROM outcomes
         WHERE evaluation = ?`,
      evaluation,
    );
    if (row === undefined) return null;
    const { status, settled_at: settledAt, decline_reason: declineReason, decline_code: declineCode } = row;
    const { payment_id: paymentId, contradicted } = row;
    return { status, declineReason, declineCode, paymentId, contradicted: contradicted === 1, settledAt };
  }

  config(): KeptConfig | null {
    const [row] = this.#sql.exec<{ hash: string; written_at: number; json: string | null }>(
      'SELECT hash, written_at, json FROM config WHERE id = 1',
    );
    return row === undefined ? null : { hash: row.hash, writtenAt: row.written_at, json: row.json };
  }

  putConfig({ hash, writtenAt, json }: KeptConfig): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO config (id, hash, written_at, json) VALUES (1, ?, ?, ?)',
      hash,
      writtenAt,
      json,
    );
  }

  /** Looks at one stretch of a table in key order and deletes what is over; the last key seen, or null at its end. */
  sweep({ table, key: name, time, isInOrderOfTime }: Swept, { after, before, limit }: Stretch): string | null {
    const rows = this.#sql
      .exec<{ id: string; time: number }>(
        `SELECT ${name} AS id, ${time} AS time FROM ${table} WHERE ${name} > ? ORDER BY ${name} LIMIT ?`,
        after,
        limit,
      )
      .toArray();
    for (const { id, time: at } of rows) {
      // Several rows may share the name, and be of different age.
      if (at <= before) this.#sql.exec(`DELETE FROM ${table} WHERE ${name} = ? AND ${time} <= ?`, id, before);
    }
    // Where rows lie in order of time and nothing of a stretch is over, nothing behind it is.
    const isOver = isInOrderOfTime && rows.every(({ time: at }) => at > before);
    return rows.length === limit && !isOver ? (rows.at(-1)?.id ?? null) : null;
  }

  isEmpty(): boolean {
    return EVERY_TABLE.every((table) => this.#sql.exec(`SELECT 1 FROM ${table} LIMIT 1`).toArray().length === 0);
  }
}

/** A table whose rows have a time after which they go. */
export interface Swept {
  readonly table: string;
  readonly key: string;
  readonly time: string;
  readonly isInOrderOfTime: boolean;
}
