/**
 * The bare floors' Durable Object: reads an attempt's counters, then writes its outcome, and for a decline each counter.
 * As many calls and rows as Cordon's gate, narrower ones, one statement for each table, and no other work.
 */
import { DurableObject } from 'cloudflare:workers';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS counters (
     key TEXT PRIMARY KEY, count REAL NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS outcomes (
     evaluation TEXT PRIMARY KEY, status TEXT NOT NULL, settled_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS evaluations (
     evaluation TEXT PRIMARY KEY, record TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID`,
];
const LIMIT = 1_000_000_000;
const WINDOW_MS = 86_400_000;

export class Gate extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    for (const statement of SCHEMA) ctx.storage.sql.exec(statement);
  }

  /** Whether an attempt under these three keys may go on. */
  admit(keys: readonly string[]): boolean {
    const now = Date.now();
    const rows = this.ctx.storage.sql
      .exec<{ count: number; expires_at: number }>(
        'SELECT count, expires_at FROM counters WHERE key IN (?, ?, ?)',
        ...keys,
      )
      .toArray();
    return rows.every(({ count, expires_at }) => expires_at <= now || count < LIMIT);
  }

  /** As `admit`, and puts the evaluation on record. */
  evaluate(evaluation: string, keys: readonly string[], record: string): boolean {
    const isOpen = this.admit(keys);
    this.ctx.storage.sql.exec('INSERT INTO evaluations VALUES (?, ?, ?)', evaluation, record, Date.now());
    return isOpen;
  }

  /** Settles an evaluation that is on record by what stands there. */
  report(evaluation: string, status: string): boolean {
    const [row] = this.ctx.storage.sql.exec<{ record: string }>(
      'SELECT record FROM evaluations WHERE evaluation = ?',
      evaluation,
    );
    if (row !== undefined) this.settle(evaluation, JSON.parse(row.record) as string[], status);
    return row !== undefined;
  }

  settle(evaluation: string, keys: readonly string[], status: string): void {
    const { sql } = this.ctx.storage;
    const now = Date.now();
    if (status === 'failed') {
      const counted = keys.flatMap((key) => [key, now + WINDOW_MS]);
      sql.exec(
        `INSERT INTO counters VALUES (?, 1, ?), (?, 1, ?), (?, 1, ?)
           ON CONFLICT (key) DO UPDATE SET count = count + 1, expires_at = excluded.expires_at`,
        ...counted,
      );
    }
    sql.exec('INSERT INTO outcomes VALUES (?, ?, ?)', evaluation, status, now);
  }
}
