/**
 * Which attempts a processor's ids mean: of a payment, of a single try of it, of an event. One payment may have seen
 * several attempts. Kept only for merchants whose processor reports to Cordon.
 */
import { placeholders } from './ledger.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS payments (
  payment TEXT NOT NULL, evaluation TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (payment, evaluation))
  WITHOUT ROWID`;

export class Payments {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** The evaluations that go by one of these ids, oldest first (an evaluation's id begins with its time). */
  of(ids: readonly string[]): readonly string[] {
    if (ids.length === 0) return [];
    const rows = this.#sql.exec<{ evaluation: string }>(
      `SELECT DISTINCT evaluation FROM payments WHERE payment IN (${placeholders(ids)}) ORDER BY evaluation`,
      ...ids,
    );
    return [...rows].map(({ evaluation }) => evaluation);
  }

  /** Whether that is news. `now` in ms since the epoch. */
  claim(id: string, evaluation: string, now: number): boolean {
    return this.#sql.exec('INSERT OR IGNORE INTO payments VALUES (?, ?, ?)', id, evaluation, now).rowsWritten > 0;
  }

  forget(ids: readonly string[], evaluation: string): void {
    for (const id of ids) this.#sql.exec('DELETE FROM payments WHERE payment = ? AND evaluation = ?', id, evaluation);
  }
}
