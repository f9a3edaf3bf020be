/**
 * Whose outcomes on record earn no history any more, for somebody had them erased: as long as such outcomes may be there.
 * Times in ms since the epoch.
 */
const SCHEMA = `CREATE TABLE IF NOT EXISTS forgotten (name TEXT PRIMARY KEY, forgotten_at INTEGER NOT NULL) WITHOUT ROWID`;
/** No name of anybody. */
const EVERYBODY = '*';

export class Forgotten {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  put(name: string, now: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO forgotten (name, forgotten_at) VALUES (?, ?)', name, now);
  }

  /** A merchant's. */
  all(now: number): void {
    this.put(EVERYBODY, now);
  }

  /** Whether what was settled by then was erased since. */
  since(name: string, settledAt: number): boolean {
    const rows = this.#sql.exec(
      'SELECT 1 FROM forgotten WHERE (name = ? OR name = ?) AND forgotten_at >= ?',
      name,
      EVERYBODY,
      settledAt,
    );
    return rows.toArray().length > 0;
  }
}
