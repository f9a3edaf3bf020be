/**
 * Whose outcomes on record earn no history any more, for somebody had them erased: as long as such outcomes may be there.
 * By a short hash, for the erased must not stand here by his name; who shares it by chance earns nothing for a week.
 * Times in ms since the epoch.
 */
import { shortHash } from '../velocity/short-hash.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS forgotten (name TEXT PRIMARY KEY, forgotten_at INTEGER NOT NULL) WITHOUT ROWID`;
/** No hash of any name. */
const EVERYBODY = '*';

export class Forgotten {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  put(name: string, now: number): void {
    this.#note(shortHash(name), now);
  }

  /** A merchant's. */
  all(now: number): void {
    this.#note(EVERYBODY, now);
  }

  /** Whether what was settled by then was erased since. */
  since(name: string, settledAt: number): boolean {
    const rows = this.#sql.exec(
      'SELECT 1 FROM forgotten WHERE (name = ? OR name = ?) AND forgotten_at >= ?',
      shortHash(name),
      EVERYBODY,
      settledAt,
    );
    return rows.toArray().length > 0;
  }

  #note(name: string, now: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO forgotten (name, forgotten_at) VALUES (?, ?)', name, now);
  }
}
