/**
 * The gate's memory of attack mode: one watch, made when it is first asked, of what was kept of it and of the outcomes on
 * record since. A payment writes nothing for it. Times are ms since the epoch.
 */
import { AttackWatch, type KeptWatch } from '../attack/attack-watch.ts';
import type { Level } from '../attack/attacked.ts';
import type { Status } from '../velocity/happening.ts';
import type { Touch } from '../velocity/touch.ts';
import { WatchPost } from '../velocity/watch-post.ts';
import { firstIdOf } from './evaluation-id.ts';
import type { Histories } from './histories.ts';
import type { Switches, TurnedAttackMode } from './switches.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS attack_watch (
  id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL, kept_at INTEGER NOT NULL)`;

/** To read them takes some milliseconds, once, however many there are. */
const READ_LIMIT = 4_000;
const READ_BACK_MS = 86_400_000;
const KEEP_EVERY_MS = 10 * 60_000;

// What an issuer decided of watched attempts, whether a checkout or a backend told it. Where nothing was watched before
// there is nothing to find: so many are looked at, not looked for.
const ON_RECORD = `SELECT o.settled_at, o.status, o.decline_reason,
    coalesce(json_extract(o.attempt, '$.places'), e.places) AS places
  FROM (SELECT * FROM outcomes WHERE evaluation >= ? ORDER BY evaluation DESC LIMIT ?) o
    LEFT JOIN evaluations e ON e.evaluation = o.evaluation
  WHERE o.status IN ('succeeded', 'failed') AND (instr(o.attempt, '"watched"') OR instr(e.places, '"watched"'))`;

interface Rooms {
  readonly sql: SqlStorage;
  readonly histories: Histories;
  readonly switches: Switches;
}

/** What an operator is told. */
export interface AttackState {
  readonly level: Level;
  readonly attacked: AttackWatch['attacked'];
  /** What was said of it by hand. */
  readonly turned: TurnedAttackMode | null;
}

interface OnRecord extends Record<string, SqlStorageValue> {
  settled_at: number;
  status: Status;
  decline_reason: string | null;
  places: string;
}

export class AttackDesk extends WatchPost {
  readonly #sql: SqlStorage;
  readonly #switches: Switches;
  readonly #histories: Histories;
  #watch: AttackWatch | null = null;
  #keptAt = 0;
  #isChanged = false;

  constructor({ sql, histories, switches }: Rooms) {
    super({
      watchAt: (now) => this.#atHand(now),
      historyOf: (name, former) => histories.of(name, former),
      byHand: (now) => switches.attackMode(now)?.state ?? null,
    });
    this.#sql = sql;
    this.#switches = switches;
    this.#histories = histories;
    sql.exec(SCHEMA);
  }

  stateAt(now: number): AttackState {
    const watch = this.#atHand(now);
    return { level: watch.levelAt(now), attacked: watch.attacked, turned: this.#switches.attackMode(now) };
  }

  /** Writes down what the outcomes on record do not tell. */
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

  /** What a deleted merchant's payers earned, and what was usual there, says nothing of a later one with its id. */
  clear(now: number): void {
    this.#histories.clear(now);
    this.#sql.exec('DELETE FROM attack_watch');
    this.#watch = null;
    this.#isChanged = false;
  }

  /** Whoever asks for it may change it. */
  #atHand(now: number): AttackWatch {
    this.#isChanged = true;
    if (this.#watch !== null) return this.#watch;
    const [row] = this.#sql.exec<{ kept: string; kept_at: number }>('SELECT kept, kept_at FROM attack_watch');
    const watch = new AttackWatch(row === undefined ? undefined : (JSON.parse(row.kept) as KeptWatch));
    this.#watch = watch;
    this.#keptAt = row?.kept_at ?? now;
    const rows = this.#sql.exec<OnRecord>(ON_RECORD, firstIdOf(now - READ_BACK_MS), READ_LIMIT).toArray();
    for (const { places, settled_at: at, status, decline_reason: declineReason } of rows.toSorted(bySettling)) {
      this.note(JSON.parse(places) as readonly Touch[], { status, declineReason }, at);
    }
    return watch;
  }
}

function bySettling(one: OnRecord, other: OnRecord): number {
  return one.settled_at - other.settled_at;
}
