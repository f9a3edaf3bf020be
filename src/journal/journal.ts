/**
 * Where entries wait for the queue: a bounded buffer in the isolate, sent a window at a time. Nobody who writes waits
 * for it, and nothing that fails here is thrown at him. What an isolate that ends had not sent is found again in the
 * gate (docs/journal.md).
 */

import type { Entry } from './entry.ts';
import { log, nameOf } from './log.ts';
import { packed } from './message.ts';
import { pointOf } from './points.ts';

/** How long entries gather before they are sent. */
const WINDOW_MS = 250;
/** As many do not wait for the window's end. */
const ENTRIES_AT_ONCE = 100;
const ENTRIES_LIMIT = 2_000;
/** A sending that is later than this has died with the request that was to do it. */
const GRACE_MS = 15_000;
/** A queue that does not answer by then has failed. */
const SEND_TIMEOUT_MS = 5_000;
/** After an answer the platform lets work go on for 30 seconds. */
const RETRY_DELAYS_MS = [500, 2_000, 5_000];

export type Afterwards = (work: Promise<unknown>) => void;

export class Journal {
  readonly #queue: Queue | null;
  readonly #points: AnalyticsEngineDataset | null;
  /** Sent entries are taken out only when the queue has them: what dies half-way is sent again. */
  readonly #waiting: Entry[] = [];
  #dropped = 0;
  /** Whoever sends, or is about to; who has lost his turn, for he was late, changes nothing any more. */
  #turn: Turn | null = null;

  /** Null where the deployment has none; without both nothing is recorded. */
  constructor(queue: Queue | null, points: AnalyticsEngineDataset | null = null) {
    this.#queue = queue;
    this.#points = points;
  }

  /** Whether anybody listens: an entry is not even made for nobody. */
  get isOn(): boolean {
    return this.#queue !== null || this.#points !== null;
  }

  /** Takes an entry in, once it is made; `afterwards` keeps the sending alive when the request is over. */
  write(make: () => Entry, afterwards: Afterwards): void {
    if (!this.isOn) return;
    const queue = this.#queue;
    try {
      const entry = make();
      if (queue !== null) {
        if (this.#waiting.length >= ENTRIES_LIMIT) this.#dropped++;
        else this.#waiting.push(entry);
        this.#ensureSending(queue, afterwards);
      }
      if (entry.kind === 'decision') this.#points?.writeDataPoint(pointOf(entry));
    } catch (error) {
      this.#complain(error);
    }
  }

  #ensureSending(queue: Queue, afterwards: Afterwards): void {
    const now = Date.now();
    const isFull = this.#waiting.length >= ENTRIES_AT_ONCE;
    const known = this.#turn;
    const isOnItsWay = known !== null && Math.abs(now - known.since) < GRACE_MS;
    if (isOnItsWay && (known.isSending || !isFull)) return;
    const turn = { since: now, isSending: isFull };
    this.#turn = turn;
    try {
      afterwards(this.#send(queue, turn));
    } catch (error) {
      this.#turn = null;
      throw error;
    }
  }

  /** Sends all there is, and what comes meanwhile. What the queue does not take waits for the next turn. */
  async #send(queue: Queue, turn: Turn): Promise<void> {
    try {
      if (!turn.isSending) await scheduler.wait(WINDOW_MS);
      turn.isSending = true;
      while (this.#turn === turn && this.#waiting.length > 0) await this.#sendSome(queue, turn);
    } catch (error) {
      this.#complain(error);
    }
    if (this.#turn === turn) this.#end();
  }

  async #sendSome(queue: Queue, turn: Turn): Promise<void> {
    const { messages, taken } = packed(this.#waiting);
    await insist(() => queue.sendBatch(messages.map((body) => ({ body, contentType: 'text' }))));
    if (this.#turn === turn) this.#waiting.splice(0, taken);
  }

  #end(): void {
    this.#turn = null;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) log({ event: 'journal_dropped', entries: dropped });
  }

  #complain(error: unknown): void {
    log({ event: 'journal_unsent', waiting: this.#waiting.length, error: nameOf(error) });
  }
}

interface Turn {
  /** ms since the epoch. */
  readonly since: number;
  isSending: boolean;
}

async function insist(send: () => Promise<unknown>): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    try {
      return await inTime(send());
    } catch {
      await scheduler.wait(delayMs);
    }
  }
  await inTime(send());
}

const LATE = Symbol('late');

async function inTime(work: Promise<unknown>): Promise<void> {
  const late = scheduler.wait(SEND_TIMEOUT_MS).then(() => LATE);
  if ((await Promise.race([work, late])) === LATE) throw new Error('timeout');
}
