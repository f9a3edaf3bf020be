/**
 * The isolates' common memory of a merchant's servers: which are down, and which are drained. A row each, written when
 * something changes and not for every check. A merchant with one server never asks for it.
 */
import { type Drain, isDrainInForce } from './drain.ts';
import type { OriginHeard, OriginNews, OriginWord } from './origin-messages.ts';
import { claimed, isCheckDue, isForgotten, type PlaceEvent, type PlaceHealth, stepPlace } from './place-health.ts';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS origin_places (
     place TEXT PRIMARY KEY, is_down INTEGER NOT NULL, since INTEGER NOT NULL, falls INTEGER NOT NULL, why TEXT NOT NULL)
     WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS origin_drains (
     kind TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL,
     turned_by TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID`,
];
/** More than two configurations can name. */
const MOST_PLACES = 48;
export const MOST_DRAINS = 32;
const EVENTS_AT_ONCE = 64;
/** A drain that is over is told for so long: no isolate has an older word. */
const OVER_TOLD_MS = 3_600_000;

interface PlaceRow extends Record<string, SqlStorageValue> {
  place: string;
  is_down: number;
  since: number;
  falls: number;
  why: string;
}

interface DrainRow extends Record<string, SqlStorageValue> {
  kind: string;
  name: string;
  at: number;
  until: number | null;
  reason: string;
  turned_by: string;
}

export class OriginDesk {
  readonly #sql: SqlStorage;
  readonly #places = new Map<string, PlaceHealth>();
  #drains: readonly Drain[];
  #at = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
    for (const row of sql.exec<PlaceRow>('SELECT place, is_down, since, falls, why FROM origin_places')) {
      this.#places.set(row.place, placeOf(row));
    }
    const drains = sql.exec<DrainRow>('SELECT kind, name, at, until, reason, turned_by FROM origin_drains');
    this.#drains = [...drains].map(drainOf);
    this.#at = Math.max(this.#drainedAt, ...[...this.#places.values()].map(({ since }) => since));
  }

  word(now: number): OriginWord {
    this.#forget(now);
    // Of nothing, as of now: isolates may remember what a merchant's end has erased here.
    if (this.#places.size + this.#drains.length === 0) this.#at = Math.max(now, this.#at);
    return { at: this.#at, places: [...this.#places.values()], drains: this.#drains };
  }

  /** Null where nothing was ever known. */
  get wordIfAny(): OriginWord | null {
    if (this.#places.size + this.#drains.length === 0) return null;
    return { at: this.#at, places: [...this.#places.values()], drains: this.#drains };
  }

  /** Takes in what an isolate has seen. Heard twice, a good check counts twice: a place may return a little early. */
  hear({ events, claim }: OriginNews, now: number): OriginHeard {
    this.#forget(now);
    const changed = events.slice(0, EVENTS_AT_ONCE).flatMap((event) => this.#step(event, now));
    const isGranted = claim !== undefined && this.#claim(claim, now);
    return { word: this.word(now), isGranted, changed };
  }

  /** The last word counts. Null: there are too many. */
  turn(drain: Drain, now: number): Drain | null {
    this.#forget(now);
    const others = this.#drains.filter(({ kind, name }) => kind !== drain.kind || name !== drain.name);
    if (others.length >= MOST_DRAINS) return null;
    const turned = { ...drain, at: Math.max(drain.at, this.#at + 1) };
    const { kind, name, at, until, reason, by } = turned;
    this.#sql.exec(
      'INSERT OR REPLACE INTO origin_drains (kind, name, at, until, reason, turned_by) VALUES (?, ?, ?, ?, ?, ?)',
      ...[kind, name, at, until, reason, by],
    );
    this.#drains = [...others, turned];
    this.#at = at;
    return turned;
  }

  /**
   * Whether somebody who knows of drains up to `knownAt` must hear of others. Undefined: he sends nothing anywhere. 0: he
   * knows of none, and those that are over are no news.
   */
  isNews(knownAt: number | undefined, now: number): boolean {
    if (knownAt === undefined || this.#drains.length === 0) return false;
    return this.#drains.some((drain) => drain.at > knownAt && (knownAt > 0 || isDrainInForce(drain, now)));
  }

  clear(): void {
    for (const table of ['origin_places', 'origin_drains']) this.#sql.exec(`DELETE FROM ${table}`);
    this.#places.clear();
    this.#drains = [];
  }

  get #drainedAt(): number {
    return Math.max(0, ...this.#drains.map(({ at }) => at));
  }

  #step(event: PlaceEvent, now: number): readonly PlaceHealth[] {
    const before = this.#places.get(event.place) ?? null;
    const after = stepPlace(before, event, now);
    if (after === null || after === before) return [];
    if (before === null && this.#places.size >= MOST_PLACES) this.#dropOldest();
    this.#places.set(after.place, after);
    this.#at = Math.max(now, this.#at + 1);
    if (before?.isDown === after.isDown) return [];
    const { place, isDown, since, falls, why } = after;
    this.#sql.exec(
      'INSERT OR REPLACE INTO origin_places (place, is_down, since, falls, why) VALUES (?, ?, ?, ?, ?)',
      ...[place, isDown ? 1 : 0, since, falls, why],
    );
    return [after];
  }

  /** Of a pool that is no more. */
  #dropOldest(): void {
    const [oldest] = [...this.#places.values()].toSorted((a, b) => a.since - b.since);
    if (oldest !== undefined) this.#drop(oldest.place);
  }

  #drop(place: string): void {
    this.#places.delete(place);
    this.#sql.exec('DELETE FROM origin_places WHERE place = ?', place);
  }

  #claim(place: string, now: number): boolean {
    const health = this.#places.get(place);
    if (health === undefined || !isCheckDue(health, now)) return false;
    this.#places.set(place, claimed(health, now));
    return true;
  }

  #forget(now: number): void {
    for (const health of this.#places.values()) {
      if (isForgotten(health, now)) this.#drop(health.place);
    }
    const over = this.#drains.filter(({ until }) => until !== null && now - until >= OVER_TOLD_MS);
    if (over.length === 0) return;
    for (const { kind, name } of over) {
      this.#sql.exec('DELETE FROM origin_drains WHERE kind = ? AND name = ?', kind, name);
    }
    this.#drains = this.#drains.filter((drain) => !over.includes(drain));
  }
}

/** After an eviction a place that is down is checked at once, and must pass all its checks again. */
function placeOf({ place, is_down, since, falls, why }: PlaceRow): PlaceHealth {
  return { place, isDown: is_down === 1, since, falls, passed: 0, checkAt: 0, why: why as PlaceHealth['why'] };
}

function drainOf({ kind, name, at, until, reason, turned_by: by }: DrainRow): Drain {
  return { kind: kind as Drain['kind'], name, at, until, reason, by };
}
