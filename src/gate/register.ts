/**
 * The evaluations that the API asked for: one row each, written before the answer, so that a reservation survives
 * this object and an answer can be told again. Times are ms since the epoch.
 */

import type { Listed } from '../lists/item.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';
import { addColumn } from './counter-rows.ts';
import { firstIdOf } from './evaluation-id.ts';
import type { OpenReservation } from './open-places.ts';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS evaluations (
     evaluation TEXT PRIMARY KEY, record TEXT NOT NULL, verdicts TEXT NOT NULL, places TEXT NOT NULL,
     guest INTEGER NOT NULL, reserved_until INTEGER, reservation_ms INTEGER NOT NULL, created_at INTEGER NOT NULL)
     WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS idempotency (
     key TEXT PRIMARY KEY, payload TEXT NOT NULL, evaluation TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID`,
];

export interface Registered {
  readonly evaluation: string;
  readonly record: string;
  readonly verdicts: readonly Verdict[];
  readonly places: readonly Touch[];
  readonly guest: boolean;
  /** Null where the attempt was refused. */
  readonly reservedUntil: number | null;
  readonly reservationMs: number;
  readonly createdAt: number;
  readonly cards: readonly string[];
  /** What the lists said of it; absent where they were not asked. */
  readonly listed?: Listed;
}

export interface UsedKey {
  readonly key: string;
  readonly payload: string;
  readonly evaluation: string;
  readonly expiresAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  evaluation: string;
  record: string;
  verdicts: string;
  places: string;
  guest: number;
  reserved_until: number | null;
  reservation_ms: number;
  created_at: number;
  cards: string | null;
  listed: string | null;
}

export class Register {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
    addColumn(sql, 'evaluations', 'cards');
    addColumn(sql, 'evaluations', 'listed');
  }

  get(evaluation: string): Registered | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM evaluations WHERE evaluation = ?', evaluation);
    return row === undefined ? null : registeredOf(row);
  }

  put(entry: Registered): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO evaluations (evaluation, record, verdicts, places, guest, reserved_until, reservation_ms,
           created_at, cards, listed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.evaluation,
      entry.record,
      JSON.stringify(entry.verdicts),
      JSON.stringify(entry.places),
      entry.guest ? 1 : 0,
      entry.reservedUntil,
      entry.reservationMs,
      entry.createdAt,
      JSON.stringify(entry.cards),
      entry.listed === undefined ? null : JSON.stringify(entry.listed),
    );
  }

  /**
   * The reservations that were in memory when the object was last here: without an outcome, not over, and not among
   * the written ones. Ids begin with their time, so this reads no further back than a reservation can reach.
   */
  open(now: number, longestMs: number): readonly OpenReservation[] {
    const rows = this.#sql.exec<Row>(
      `SELECT e.* FROM evaluations e
         LEFT JOIN outcomes o ON o.evaluation = e.evaluation
         LEFT JOIN reservations r ON r.evaluation = e.evaluation
       WHERE e.evaluation >= ? AND e.reserved_until > ? AND o.evaluation IS NULL AND r.evaluation IS NULL`,
      firstIdOf(now - longestMs),
      now,
    );
    return [...rows].map((row) => openOf(registeredOf(row)));
  }

  usedKey(key: string, now: number): UsedKey | null {
    const [row] = this.#sql.exec<{ key: string; payload: string; evaluation: string; expires_at: number }>(
      'SELECT key, payload, evaluation, expires_at FROM idempotency WHERE key = ? AND expires_at > ?',
      key,
      now,
    );
    return row === undefined ? null : { ...row, expiresAt: row.expires_at };
  }

  putUsedKey({ key, payload, evaluation, expiresAt }: UsedKey): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO idempotency (key, payload, evaluation, expires_at) VALUES (?, ?, ?, ?)',
      key,
      payload,
      evaluation,
      expiresAt,
    );
  }
}

/** An evaluation's reservation as it stands in memory. */
export function openOf({ evaluation, places, guest, reservedUntil, createdAt, cards }: Registered): OpenReservation {
  const expiresAt = reservedUntil ?? createdAt;
  return { evaluation, places, guest, openedAt: createdAt, expiresAt, isDurable: true, cards };
}

function registeredOf(row: Row): Registered {
  return {
    evaluation: row.evaluation,
    record: row.record,
    verdicts: JSON.parse(row.verdicts) as readonly Verdict[],
    places: JSON.parse(row.places) as readonly Touch[],
    guest: row.guest === 1,
    reservedUntil: row.reserved_until,
    reservationMs: row.reservation_ms,
    createdAt: row.created_at,
    cards: JSON.parse(row.cards ?? '[]') as readonly string[],
    ...(row.listed === null ? {} : { listed: JSON.parse(row.listed) as Listed }),
  };
}
