/**
 * Sightings in SQLite, by the hour, so that each is forgotten a day after it happened, whatever else is seen since.
 */
import type { Counts, Sighting } from '../network/observations.ts';

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 24;
/** Rows. A merchant that is attacked from a new address each time must not crowd out the others. */
const LIMITS = { ofMerchant: 100_000, ofAll: 500_000 } as const;

export class SightingLog {
  readonly #sql: SqlStorage;
  #rows: Map<string, number>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS sightings (
      hour INTEGER NOT NULL, address TEXT NOT NULL, merchant TEXT NOT NULL,
      failures REAL NOT NULL, successes REAL NOT NULL, PRIMARY KEY (hour, address, merchant)) WITHOUT ROWID`);
    this.#rows = this.#count();
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** Adds what a merchant has seen; what there is no room for is let go of. */
  add(merchant: string, sightings: readonly Sighting[], now: number): void {
    const hour = Math.floor(now / HOUR_MS);
    for (const { address, failures, successes } of sightings) {
      if (!this.#hasRoom(merchant)) return;
      const written = this.#sql.exec(
        `INSERT INTO sightings (hour, address, merchant, failures, successes) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET failures = failures + excluded.failures, successes = successes + excluded.successes
         RETURNING failures = ?4 AND successes = ?5 AS is_new`,
        hour,
        address,
        merchant,
        failures,
        successes,
      );
      if (written.one().is_new === 1) this.#rows.set(merchant, (this.#rows.get(merchant) ?? 0) + 1);
    }
  }

  forgetOld(now: number): void {
    this.#sql.exec('DELETE FROM sightings WHERE hour <= ?', Math.floor(now / HOUR_MS) - KEPT_HOURS);
    this.#rows = this.#count();
  }

  /** What each merchant has seen of each address that failed at two of them or more. */
  *suspects(): Generator<readonly [address: string, byMerchant: readonly Counts[]]> {
    const rows = this.#sql.exec<{ address: string; failures: number; successes: number }>(
      `SELECT address, SUM(failures) AS failures, SUM(successes) AS successes FROM sightings WHERE address IN (
         SELECT address FROM sightings WHERE failures > 0 GROUP BY address HAVING COUNT(DISTINCT merchant) > 1)
       GROUP BY address, merchant ORDER BY address`,
    );
    let address: string | null = null;
    let byMerchant: Counts[] = [];
    for (const row of rows) {
      if (row.address !== address) {
        if (address !== null) yield [address, byMerchant];
        address = row.address;
        byMerchant = [];
      }
      byMerchant.push({ failures: row.failures, successes: row.successes });
    }
    if (address !== null) yield [address, byMerchant];
  }

  #hasRoom(merchant: string): boolean {
    const all = [...this.#rows.values()].reduce((sum, rows) => sum + rows, 0);
    return (this.#rows.get(merchant) ?? 0) < LIMITS.ofMerchant && all < LIMITS.ofAll;
  }

  #count(): Map<string, number> {
    const rows = this.#sql.exec<{ merchant: string; rows: number }>(
      'SELECT merchant, COUNT(*) AS rows FROM sightings GROUP BY merchant',
    );
    return new Map([...rows].map((row) => [row.merchant, row.rows]));
  }
}
