/**
 * The gate's side of attack mode: one watch, made when it is first asked, from what was kept of it and from the outcomes
 * on record since. A payment writes nothing for it. Times in ms since the epoch.
 */
import { type Alarm, AttackWatch, type KeptWatch, type Settled } from '../attack/attack-watch.ts';
import { firstIdOf } from './evaluation-id.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS attack_watch (
  id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL, kept_at INTEGER NOT NULL)`;

/** To read them takes some milliseconds, once, however many there are. */
const READ_LIMIT = 4_000;
const READ_BACK_MS = 86_400_000;
export const KEEP_EVERY_MS = 10 * 60_000;

export class AttackDesk {
  readonly #sql: SqlStorage;
  #watch: AttackWatch | null = null;
  #keptAt = 0;
  #isChanged = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  alarmOf(traits: Settled['traits'], now: number): Alarm | null {
    return this.#atHand(now).alarmOf(traits, now);
  }

  note(settled: Settled): void {
    this.#isChanged = true;
    this.#atHand(settled.at).note(settled);
  }

  noteChallenge(asked: Omit<Settled, 'weight'>, what: 'asked' | 'passed'): void {
    this.#isChanged = true;
    this.#atHand(asked.at).noteChallenge(asked, what);
  }

  levelAt(now: number): ReturnType<AttackWatch['levelAt']> {
    return this.#atHand(now).levelAt(now);
  }

  attacked(now: number): AttackWatch['attacked'] {
    return this.#atHand(now).attacked;
  }

  /** Writes down what cannot be told from the outcomes on record. */
  keep(now: number): void {
    if (this.#watch === null || !this.#isChanged || now - this.#keptAt < KEEP_EVERY_MS) return;
    this.#sql.exec(
      'INSERT OR REPLACE INTO attack_watch (id, kept, kept_at) VALUES (1, ?, ?)',
      JSON.stringify(this.#watch.keep()),
      now,
    );
    this.#keptAt = now;
    this.#isChanged = false;
  }

  #atHand(now: number): AttackWatch {
    if (this.#watch !== null) return this.#watch;
    const [row] = this.#sql.exec<{ kept: string; kept_at: number }>('SELECT kept, kept_at FROM attack_watch');
    const watch = new AttackWatch(row === undefined ? undefined : (JSON.parse(row.kept) as KeptWatch));
    for (const settled of this.#onRecord(now - READ_BACK_MS)) watch.note(settled);
    this.#watch = watch;
    this.#keptAt = row?.kept_at ?? now;
    return watch;
  }

  #onRecord(since: number): readonly Settled[] {
    const rows = this.#sql.exec<{ settled_at: number; watched: string | null }>(
      `SELECT settled_at, json_extract(attempt, '$.watched') AS watched FROM outcomes
         WHERE evaluation >= ? AND status IN ('succeeded', 'failed') ORDER BY evaluation DESC LIMIT ?`,
      firstIdOf(since),
      READ_LIMIT,
    );
    const known = [...rows].flatMap(({ settled_at: at, watched }) =>
      watched === null ? [] : [{ ...(JSON.parse(watched) as Omit<Settled, 'at'>), at }],
    );
    return known.toSorted((a, b) => a.at - b.at);
  }
}
