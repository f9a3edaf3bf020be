/**
 * The gate's side of attack mode and clean histories: what of a watched attempt speaks for or against it, and how it
 * ended. One watch, made when it is first asked, of what was kept of it and the outcomes on record since. Times are ms
 * since the epoch.
 */
import { type Alarm, AttackWatch, type KeptWatch, type Level } from '../attack/attack-watch.ts';
import { isClean } from '../attack/clean-history.ts';
import type { Traits } from '../attack/traits.ts';
import { type Regular, STRANGER, type Watched } from '../attack/watched.ts';
import type { Reading, Verdict } from '../velocity/admission.ts';
import { type Status, weightOf } from '../velocity/happening.ts';
import { spare } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';
import { firstIdOf } from './evaluation-id.ts';
import type { Histories } from './histories.ts';
import type { Switches } from './switches.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS attack_watch (
  id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL, kept_at INTEGER NOT NULL)`;

/** To read them takes some milliseconds, once, however many there are. */
const READ_LIMIT = 4_000;
const READ_BACK_MS = 86_400_000;
const KEEP_EVERY_MS = 10 * 60_000;

interface Rooms {
  readonly sql: SqlStorage;
  readonly histories: Histories;
  readonly switches: Pick<Switches, 'attackMode'>;
}

/** What an operator is told. */
export interface AttackState {
  readonly level: Level;
  readonly attacked: AttackWatch['attacked'];
}

interface OnRecord extends Record<string, SqlStorageValue> {
  settled_at: number;
  status: Status;
  decline_reason: string | null;
  places: string;
}

export class AttackDesk {
  readonly #rooms: Rooms;
  #watch: AttackWatch | null = null;
  #keptAt = 0;
  #isChanged = false;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    rooms.sql.exec(SCHEMA);
  }

  /** A payer with a clean history is looked up where something speaks against him, and nowhere else. */
  spared(verdicts: readonly Verdict[], touches: readonly Touch[], now: number): readonly Verdict[] {
    const isSpare = verdicts.some(({ state }, index) => state !== 'open' && touches[index]?.spares !== undefined);
    const watched = isSpare ? touches.find((touch) => touch.watched !== undefined)?.watched : undefined;
    return watched === undefined ? verdicts : spare(verdicts, touches, this.#regular(watched, now));
  }

  /** What an operator said by hand comes before what the watch says. */
  alarmOf(watched: Watched, now: number): Alarm | null {
    const byHand = this.#rooms.switches.attackMode(now);
    const regular = this.#regular(watched, now);
    if (regular.customer || byHand === 'off') return null;
    if (byHand === 'on') return { segment: 'all', level: 'under_attack', isNew: false, found: null };
    if (!watched.attacks) return null;
    const alarm = this.#atHand(now).alarmOf(traitsOf(watched, regular), now);
    return alarm !== null && regular.card && alarm.segment.startsWith('bin:') ? null : alarm;
  }

  /** Who is not let in to an attacked segment gives up, as far as anybody knows, until he comes with a pass. */
  noteAlarms(readings: readonly Reading[], isAdmitted: boolean, now: number): void {
    for (const { alarm = null, touch } of readings) {
      const { watched } = touch;
      if (alarm === null || watched === undefined) continue;
      this.#isChanged = true;
      const asked = { at: now, traits: traitsOf(watched, STRANGER), payer: watched.payer };
      this.#atHand(now).noteChallenge(asked, isAdmitted ? 'passed' : 'asked');
    }
  }

  /** How a watched attempt ended. What no issuer decided is not noted. */
  note(places: readonly Touch[], { status, declineReason = null }: Ended, now: number): void {
    for (const { watched } of places) {
      if (watched?.attacks !== true) continue;
      const weight = status === 'failed' ? weightOf(declineReason) : 0;
      if (status !== 'succeeded' && weight === 0) continue;
      this.#isChanged = true;
      const traits = traitsOf(watched, this.#regular(watched, now));
      this.#atHand(now).note({ at: now, traits, payer: watched.payer, weight });
    }
  }

  stateAt(now: number): AttackState {
    const watch = this.#atHand(now);
    return { level: watch.levelAt(now), attacked: watch.attacked };
  }

  /** Writes down what the outcomes on record do not tell. */
  keep(now: number): void {
    if (this.#watch === null || !this.#isChanged || now - this.#keptAt < KEEP_EVERY_MS) return;
    this.#rooms.sql.exec(
      'INSERT OR REPLACE INTO attack_watch (id, kept, kept_at) VALUES (1, ?, ?)',
      JSON.stringify(this.#watch.keep()),
      now,
    );
    this.#keptAt = now;
    this.#isChanged = false;
  }

  #regular({ customer, card, cleanHistory }: Watched, now: number): Regular {
    if (cleanHistory === null) return STRANGER;
    const { histories } = this.#rooms;
    const isRegular = (name: string | null) => name !== null && isClean(histories.of(name), cleanHistory, now);
    return { customer: isRegular(customer), card: isRegular(card) };
  }

  #atHand(now: number): AttackWatch {
    if (this.#watch !== null) return this.#watch;
    const [row] = this.#rooms.sql.exec<{ kept: string; kept_at: number }>('SELECT kept, kept_at FROM attack_watch');
    const watch = new AttackWatch(row === undefined ? undefined : (JSON.parse(row.kept) as KeptWatch));
    this.#watch = watch;
    this.#keptAt = row?.kept_at ?? now;
    for (const { places, settled_at: at, status, decline_reason: declineReason } of this.#onRecord(now)) {
      this.note(JSON.parse(places) as readonly Touch[], { status, declineReason }, at);
    }
    return watch;
  }

  #onRecord(now: number): readonly OnRecord[] {
    const rows = this.#rooms.sql.exec<OnRecord>(
      `SELECT o.settled_at, o.status, o.decline_reason, coalesce(json_extract(o.attempt, '$.places'), e.places) AS places
         FROM outcomes o LEFT JOIN evaluations e ON e.evaluation = o.evaluation
         WHERE o.evaluation >= ? AND o.status IN ('succeeded', 'failed')
           AND (instr(o.attempt, '"watched"') OR instr(e.places, '"watched"'))
         ORDER BY o.evaluation DESC LIMIT ?`,
      firstIdOf(now - READ_BACK_MS),
      READ_LIMIT,
    );
    return rows.toArray().toSorted((a, b) => a.settled_at - b.settled_at);
  }
}

interface Ended {
  readonly status: Status;
  readonly declineReason?: string | null | undefined;
}

function traitsOf({ traits, customer }: Watched, regular: Regular): Traits {
  const standing = regular.customer ? 'known' : customer === null ? 'guest' : 'newcomer';
  return { ...traits, standing };
}
