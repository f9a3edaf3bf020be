/**
 * How many look-ups at a provider are left for today: handed out by the handful, so that many isolates share one limit
 * and none of them asks for each. What was handed out is spent, whether it is used or not: never more than the limit.
 */
const DAY_MS = 86_400_000;
const SCHEMA = `CREATE TABLE IF NOT EXISTS budgets (
  provider TEXT PRIMARY KEY, day INTEGER NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID`;
/** Of what is left: the less there is, the smaller the handfuls that an isolate may take with it when it ends. */
const LARGEST_SHARE = 1 / 20;

export interface BudgetRequest {
  readonly provider: string;
  /** Look-ups a day (UTC). */
  readonly limit: number;
  readonly want: number;
}

/** Good until the day is over, in ms since the epoch. Nothing granted: nothing is left. */
export interface BudgetGrant {
  readonly granted: number;
  readonly until: number;
}

export class Budgets {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** One row read and, where something is granted, one written. */
  take({ provider, limit, want }: BudgetRequest, now: number): BudgetGrant {
    const day = Math.floor(now / DAY_MS);
    const until = (day + 1) * DAY_MS;
    const [row] = this.#sql.exec<{ day: number; taken: number }>(
      'SELECT day, taken FROM budgets WHERE provider = ?',
      provider,
    );
    const taken = row?.day === day ? row.taken : 0;
    const granted = share(limit - taken, want);
    if (granted > 0) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO budgets (provider, day, taken) VALUES (?, ?, ?)',
        provider,
        day,
        taken + granted,
      );
    }
    return { granted, until };
  }
}

function share(left: number, want: number): number {
  return left <= 0 ? 0 : Math.max(1, Math.min(want, Math.floor(left * LARGEST_SHARE)));
}
