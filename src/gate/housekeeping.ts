/**
 * What the gate does by the clock, off every caller's path: places that grow old are written down, reservations that
 * are over are ended, tables are swept.
 */
import { log, nameOf } from '../journal/log.ts';
import type { AttackDesk } from './attack-desk.ts';
import type { Book } from './book.ts';
import type { Histories } from './histories.ts';
import type { Ledger } from './ledger.ts';
import type { Lists } from './lists.ts';
import type { OpenPlaces } from './open-places.ts';
import { Sweep } from './sweep.ts';

/** An idle object loses its memory after about ten seconds (Cloudflare documentation): write down well before. */
export const WRITE_DOWN_AGE_MS = 5_000;
/** About 2 MB of reservations; beyond that the oldest are written down at once. */
const OPEN_LIMIT = 4_096;
const SWEEP_INTERVAL_MS = 3_600_000;
/** A step takes up to three milliseconds, and a flood leaves thousands of rows a second. */
const SWEEP_PAUSE_MS = 100;
const EXPIRED_PER_STEP = 100;

interface Rooms {
  readonly storage: DurableObjectStorage;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly open: OpenPlaces;
  readonly lists: Lists;
  readonly histories: Histories;
  readonly attacks: AttackDesk;
}

export class Housekeeping {
  readonly #rooms: Rooms;
  readonly #sweep: Sweep;
  #alarmIsSet = false;
  #writeDownIsDue = false;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    this.#sweep = new Sweep(rooms.ledger, rooms.histories);
  }

  /** To be awaited before anything else is asked. */
  async wake(): Promise<void> {
    this.#alarmIsSet = (await this.#rooms.storage.getAlarm()) !== null;
  }

  /** Rows have been written that the sweep is to find. */
  ensureAlarm(now: number): void {
    if (this.#alarmIsSet) return;
    this.#alarmIsSet = true;
    void this.#rooms.storage.setAlarm(now + SWEEP_INTERVAL_MS);
  }

  /** A timer also keeps the object in memory until it has fired. */
  scheduleWriteDown(now: number): void {
    const { open, book } = this.#rooms;
    if (open.size > OPEN_LIMIT) book.writeDown(now - WRITE_DOWN_AGE_MS, OPEN_LIMIT);
    if (this.#writeDownIsDue || !open.hasUnwritten) return;
    this.#writeDownIsDue = true;
    setTimeout(() => this.#writeDown(), WRITE_DOWN_AGE_MS);
  }

  /** One step, when the alarm has come. */
  async step(now: number): Promise<void> {
    const { storage, book, ledger, lists } = this.#rooms;
    const [moreExpired, areSwept, isComplete] = storage.transactionSync(() => [
      book.expire(now, EXPIRED_PER_STEP),
      lists.sweep(now),
      this.#sweep.step(now, storage.sql.databaseSize),
    ]);
    this.#keepWatch(now);
    const isDone = isComplete && areSwept && !moreExpired;
    this.#alarmIsSet = !isDone || !ledger.isEmpty() || !lists.isEmpty;
    if (this.#alarmIsSet) await storage.setAlarm(now + (isDone ? SWEEP_INTERVAL_MS : SWEEP_PAUSE_MS));
  }

  #writeDown(): void {
    const { storage, book } = this.#rooms;
    this.#writeDownIsDue = false;
    const now = Date.now();
    storage.transactionSync(() => book.writeDown(now - WRITE_DOWN_AGE_MS / 2, OPEN_LIMIT));
    this.ensureAlarm(now);
    this.scheduleWriteDown(now);
    this.#keepWatch(now);
    // A write from a timer is lost if an eviction takes the object in that very moment, unless somebody waits for it.
    void storage.sync();
  }

  /** After all that payments hang on, and at no cost of theirs: what is lost of the watch is learned again. */
  #keepWatch(now: number): void {
    try {
      this.#rooms.attacks.keep(now);
    } catch (error) {
      log({ event: 'attack_watch_not_kept', error: nameOf(error) });
    }
  }
}
