/**
 * The table of counters: one row each, whatever it counts. What a count is made of is one column of it (velocity/parts.ts).
 * Schema only grows, and every statement of it can run again: a rolled-back release meets today's rows.
 */
import type { Counter } from '../velocity/counter.ts';

// WITHOUT ROWID and no second index: a counted failure costs one row written for each counter, no more.
const SCHEMA = `CREATE TABLE IF NOT EXISTS counters (
  key TEXT PRIMARY KEY, count REAL NOT NULL, expires_at INTEGER NOT NULL, shut_at INTEGER) WITHOUT ROWID`;

/** Durable Objects take 100 bound parameters a statement (Cloudflare documentation). */
const KEYS_AT_ONCE = 90;
const COUNTERS_AT_ONCE = 18;
/** By how many keys: the platform finds a prepared statement by its text, and one made anew is looked up letter by letter. */
const COUNTERS_IN = [...Array(KEYS_AT_ONCE + 1).keys()].map((keys) => {
  const some = Array(keys).fill('?').join(', ');
  return `SELECT key, count, expires_at, shut_at, parts FROM counters WHERE key IN (${some})`;
});

export class CounterRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    addColumn(sql, 'counters', 'parts');
  }

  counters(keys: readonly string[]): ReadonlyMap<string, Counter> {
    const counters = new Map<string, Counter>();
    for (const some of stretchesOf(keys)) {
      const rows = this.#sql.exec<CounterRow>(COUNTERS_IN[some.length] ?? '', ...some);
      for (const row of rows) counters.set(row.key, counterOf(row));
    }
    return counters;
  }

  /** A stretch of all counters, in order of key. */
  countersAfter(after: string, limit: number): readonly ({ key: string } & Counter)[] {
    const rows = this.#sql.exec<CounterRow>(
      'SELECT key, count, expires_at, shut_at, parts FROM counters WHERE key > ? ORDER BY key LIMIT ?',
      after,
      limit,
    );
    return [...rows].map((row) => ({ key: row.key, ...counterOf(row) }));
  }

  putCounters(counters: ReadonlyMap<string, Counter>): void {
    for (const some of stretchesOf([...counters], COUNTERS_AT_ONCE)) {
      const rows = some.map(() => '(?, ?, ?, ?, ?)').join(', ');
      const values = some.flatMap(([key, { count, expiresAt, shutAt, parts }]) => {
        return [key, count, expiresAt, shutAt, parts === undefined ? null : JSON.stringify([...parts])];
      });
      this.#sql.exec(
        `INSERT OR REPLACE INTO counters (key, count, expires_at, shut_at, parts) VALUES ${rows}`,
        ...values,
      );
    }
  }

  deleteCounters(keys: readonly string[]): void {
    for (const some of stretchesOf(keys)) {
      this.#sql.exec(`DELETE FROM counters WHERE key IN (${placeholders(some)})`, ...some);
    }
  }
}

interface CounterRow extends Record<string, SqlStorageValue> {
  key: string;
  count: number;
  expires_at: number;
  shut_at: number | null;
  parts: string | null;
}

/** A release before the parts leaves them out: its count stands, and what it is made of is not known. */
function counterOf({ count, expires_at: expiresAt, shut_at: shutAt, parts }: CounterRow): Counter {
  if (parts === null) return { count, expiresAt, shutAt };
  return { count, expiresAt, shutAt, parts: new Map(JSON.parse(parts) as [string, number][]) };
}

export function placeholders(keys: readonly string[]): string {
  return keys.map(() => '?').join(', ');
}

/** Gives a table a column that came later, unless it has it. */
export function addColumn(sql: SqlStorage, table: string, column: string): void {
  const there = sql.exec('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', table, column).toArray();
  if (there.length === 0) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
}

/** As many at once as a statement takes parameters. */
export function stretchesOf<T>(all: readonly T[], limit = KEYS_AT_ONCE): readonly (readonly T[])[] {
  if (all.length <= limit) return all.length === 0 ? [] : [all];
  return [all.slice(0, limit), ...stretchesOf(all.slice(limit), limit)];
}
