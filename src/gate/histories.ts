/**
 * Who has paid before, and whether any of it was taken back: one row a name (a verified customer, a card), made when an
 * outcome leaves the ledger, so that the payment itself writes nothing more. Times in ms since the epoch.
 */

import { type History, withPayment } from '../attack/clean-history.ts';
import { payingNames, watchedNames } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';
import { placeholders, stretchesOf } from './counter-rows.ts';
import type { Stretch } from './ledger.ts';

/** Whoever has not paid for so long is a stranger again. */
export const HISTORY_KEPT_MS = 400 * 86_400_000;
/** Disputes may come 120 days after a payment (card schemes), and are told late. */
export const PAID_KEPT_MS = 180 * 86_400_000;

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS histories (
     name TEXT PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, payments INTEGER NOT NULL,
     spoiled INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS paid (
     payment TEXT PRIMARY KEY, names TEXT NOT NULL, paid_at INTEGER NOT NULL) WITHOUT ROWID`,
];

// Labels that say that a payment was not the customer's own.
const LEAVING = `SELECT l.settled_at, l.payment_id, coalesce(json_extract(l.attempt, '$.places'), e.places) AS places,
    EXISTS (SELECT 1 FROM labels b WHERE b.evaluation = l.evaluation AND b.label IN ('dispute', 'fraud_warning')) AS bad
  FROM (SELECT * FROM outcomes WHERE evaluation > ? ORDER BY evaluation LIMIT ?) l
    LEFT JOIN evaluations e ON e.evaluation = l.evaluation
  WHERE l.settled_at <= ? AND l.status = 'succeeded' AND l.contradicted = 0
    AND (instr(l.attempt, '"cleanHistory":{') OR instr(e.places, '"cleanHistory":{'))`;

interface Leaving extends Record<string, SqlStorageValue> {
  settled_at: number;
  payment_id: string | null;
  places: string;
  bad: number;
}

/** An outcome that leaves the ledger and was good to the end. */
export interface Settled {
  readonly names: readonly string[];
  readonly paymentId: string | null;
  readonly settledAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  name: string;
  first_at: number;
  last_at: number;
  payments: number;
  spoiled: number;
}

export class Histories {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
  }

  of(name: string): History | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM histories WHERE name = ?', name);
    return row === undefined ? null : historyOf(row);
  }

  /** What is about to leave the ledger, and was good to the end. */
  remember({ after, before, limit }: Stretch): void {
    const rows = this.#sql.exec<Leaving>(LEAVING, after, limit, before);
    for (const { places, payment_id: paymentId, settled_at: settledAt, bad } of rows.toArray()) {
      const touches = JSON.parse(places) as readonly Touch[];
      if (bad === 1) this.spoil(watchedNames(touches), settledAt);
      else this.add({ names: payingNames(touches), paymentId, settledAt });
    }
  }

  add({ names, paymentId, settledAt }: Settled): void {
    for (const name of names) this.#put(name, withPayment(this.of(name), settledAt));
    if (paymentId === null || names.length === 0) return;
    this.#sql.exec(
      'INSERT OR REPLACE INTO paid (payment, names, paid_at) VALUES (?, ?, ?)',
      paymentId,
      JSON.stringify(names),
      settledAt,
    );
  }

  /** What was paid turned out bad: nobody who paid it has a clean history any more. */
  spoil(names: readonly string[], now: number): void {
    for (const name of names) {
      this.#put(name, { ...(this.of(name) ?? { firstAt: now, lastAt: now, payments: 0 }), isSpoiled: true });
    }
  }

  /** The same, by the processor's ids of a payment that has left the ledger. */
  spoilPaid(paymentIds: readonly string[], now: number): void {
    for (const some of stretchesOf(paymentIds)) {
      const rows = this.#sql.exec<{ names: string }>(
        `SELECT names FROM paid WHERE payment IN (${placeholders(some)})`,
        ...some,
      );
      for (const { names } of rows.toArray()) this.spoil(JSON.parse(names) as readonly string[], now);
    }
  }

  /** How many of these had one. */
  forget(names: readonly string[]): number {
    const gone = names.map((name) => this.#sql.exec('DELETE FROM histories WHERE name = ?', name).rowsWritten);
    return gone.reduce((sum, rows) => sum + rows, 0);
  }

  clear(): void {
    for (const table of ['histories', 'paid']) this.#sql.exec(`DELETE FROM ${table}`);
  }

  #put(name: string, { firstAt, lastAt, payments, isSpoiled }: History): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO histories (name, first_at, last_at, payments, spoiled) VALUES (?, ?, ?, ?, ?)',
      name,
      firstAt,
      lastAt,
      payments,
      isSpoiled ? 1 : 0,
    );
  }
}

function historyOf({ first_at, last_at, payments, spoiled }: Row): History {
  return { firstAt: first_at, lastAt: last_at, payments, isSpoiled: spoiled === 1 };
}
