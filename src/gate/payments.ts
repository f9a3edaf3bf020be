/**
 * Which attempts a processor's ids mean: of a payment, of a single try of it, of an event. One payment may have seen
 * several attempts. Kept only for merchants whose processor reports to Cordon.
 */
import { placeholders } from './counter-rows.ts';

/** A payment can be tried without end, and a cart's id may stand for all of its payments: the newest are looked at. */
const ATTEMPTS_LIMIT = 32;
/** No more failures than a configuration may ask for. */
const FAILURES_LIMIT = 1_000;

const SCHEMA = `CREATE TABLE IF NOT EXISTS payments (
  payment TEXT NOT NULL, evaluation TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (payment, evaluation))
  WITHOUT ROWID`;

export class Payments {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** The newest evaluations that go by each of these ids, oldest first (an evaluation's id begins with its time). */
  of(ids: readonly string[]): readonly string[] {
    const found = ids.flatMap((id) => [
      ...this.#sql.exec<{ evaluation: string }>(
        'SELECT evaluation FROM payments WHERE payment = ? ORDER BY evaluation DESC LIMIT ?',
        id,
        ATTEMPTS_LIMIT,
      ),
    ]);
    return [...new Set(found.map(({ evaluation }) => evaluation))].sort();
  }

  /** How many tries that go by one of these ids count as failures. */
  failuresOf(ids: readonly string[]): number {
    if (ids.length === 0) return 0;
    const rows = this.#sql.exec<{ failures: number }>(
      `SELECT count(*) AS failures FROM (SELECT DISTINCT p.evaluation FROM payments p
         JOIN outcomes o ON o.evaluation = p.evaluation
         WHERE p.payment IN (${placeholders(ids)}) AND o.counted >= 1 LIMIT ?)`,
      ...ids,
      FAILURES_LIMIT,
    );
    return rows.one().failures;
  }

  /** Whether that is news. `now` in ms since the epoch. */
  claim(id: string, evaluation: string, now: number): boolean {
    return (
      this.#sql.exec(
        'INSERT OR IGNORE INTO payments (payment, evaluation, seen_at) VALUES (?, ?, ?)',
        id,
        evaluation,
        now,
      ).rowsWritten > 0
    );
  }

  forget(ids: readonly string[], evaluation: string): void {
    for (const id of ids) this.#sql.exec('DELETE FROM payments WHERE payment = ? AND evaluation = ?', id, evaluation);
  }
}
