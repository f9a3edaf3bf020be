/**
 * The merchant's switches: what an operator turns, without touching the configuration. One row each, and a copy in memory,
 * for every attempt is held against it. Times are ms since the epoch.
 */
import { BYPASS_LIMIT_MS, type Bypass, isInForce } from './bypass.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS switches (
  name TEXT PRIMARY KEY, at INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL, turned_by TEXT NOT NULL) WITHOUT ROWID`;

/** Attack mode by hand. `until` null: until somebody turns it again. */
export interface TurnedAttackMode {
  readonly state: 'on' | 'off';
  readonly at: number;
  readonly until: number | null;
  readonly reason: string;
  readonly by: string;
}

interface Row extends Record<string, SqlStorageValue> {
  at: number;
  until: number;
  reason: string;
  turned_by: string;
}

export class Switches {
  readonly #sql: SqlStorage;
  #bypass: Bypass | null;
  #attackMode: TurnedAttackMode | null;

  constructor(sql: SqlStorage, now: number) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    const [row] = sql.exec<Row>(`SELECT at, until, reason, turned_by FROM switches WHERE name = 'bypass'`);
    this.#bypass = row === undefined ? null : { at: row.at, until: row.until, reason: row.reason, by: row.turned_by };
    this.#attackMode = this.#storedAttackMode();
    this.forgetOld(now);
  }

  get bypass(): Bypass | null {
    return this.#bypass;
  }

  /** What an operator said of attack mode; null: nothing that is in force. */
  attackMode(now: number): TurnedAttackMode | null {
    const turned = this.#attackMode;
    return turned !== null && isInForceAt(turned, now) ? turned : null;
  }

  /** The last word counts; null: the watch alone says from now on. */
  turnAttackMode(turned: TurnedAttackMode | null): void {
    this.#sql.exec(`DELETE FROM switches WHERE name LIKE 'attack_mode_%'`);
    this.#attackMode = turned;
    if (turned === null) return;
    this.#sql.exec(
      'INSERT INTO switches (name, at, until, reason, turned_by) VALUES (?, ?, ?, ?, ?)',
      `attack_mode_${turned.state}`,
      turned.at,
      turned.until,
      turned.reason,
      turned.by,
    );
  }

  #storedAttackMode(): TurnedAttackMode | null {
    const [row] = this.#sql.exec<Row & { name: string; until: number | null }>(
      `SELECT name, at, until, reason, turned_by FROM switches WHERE name IN ('attack_mode_on', 'attack_mode_off')`,
    );
    if (row === undefined) return null;
    const state = row.name === 'attack_mode_on' ? 'on' : 'off';
    return { state, at: row.at, until: row.until, reason: row.reason, by: row.turned_by };
  }

  /** The later word counts: one that is said after another carries a later time, whatever the clocks. Twice is once. */
  turnBypass(said: Bypass): Bypass {
    const before = this.#bypass;
    if (before !== null && before.at >= said.at && isSameWord(before, said)) return before;
    const turned = { ...said, at: Math.max(said.at, (before?.at ?? 0) + 1) };
    this.#sql.exec(
      `INSERT OR REPLACE INTO switches (name, at, until, reason, turned_by) VALUES ('bypass', ?, ?, ?, ?)`,
      turned.at,
      turned.until,
      turned.reason,
      turned.by,
    );
    this.#bypass = turned;
    return turned;
  }

  /**
   * Whether somebody who knows of a word that was said at `knownAt` (undefined: of none) must hear another. One that is
   * over is news only to who takes an earlier one for true.
   */
  isNews(knownAt: number | undefined, now: number): boolean {
    const bypass = this.#bypass;
    if (bypass === null || bypass.at <= (knownAt ?? 0)) return false;
    return knownAt !== undefined || isInForce(bypass, now);
  }

  /** A word that nobody can know an earlier one of is told to nobody any more. */
  forgetOld(now: number): void {
    if (this.#bypass === null || now <= this.#bypass.at + 2 * BYPASS_LIMIT_MS) return;
    this.#sql.exec(`DELETE FROM switches WHERE name = 'bypass'`);
    this.#bypass = null;
  }

  /** That of a deleted merchant opens nothing to a later one with its id. */
  clear(): void {
    this.#sql.exec('DELETE FROM switches');
    this.#bypass = null;
    this.#attackMode = null;
  }
}

function isInForceAt({ until }: TurnedAttackMode, now: number): boolean {
  return until === null || now < until;
}

function isSameWord(a: Bypass, b: Bypass): boolean {
  return a.until === b.until && a.reason === b.reason && a.by === b.by;
}
