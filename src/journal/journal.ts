/**
 * Where entries wait for the queue: a bounded buffer in the isolate, sent a window at a time. Nobody who writes waits
 * for it, and nothing that fails here is thrown at him. What an isolate that ends had not sent is found again in the
 * gate (docs/records.md).
 */

import type { Entry } from './entry.ts';
import { log, nameOf } from './log.ts';
import { packed } from './message.ts';

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
  /** Sent entries are taken out only when the queue has them: what dies half-way is sent again. */
  readonly #waiting: Entry[] = [];
  #dropped = 0;
  /** ms since the epoch; null: nobody is about to send. */
  #sendingSince: number | null = null;
  #isSending = false;

  /** `queue`: null where the deployment has none; then nothing is recorded. */
  constructor(queue: Queue | null) {
    this.#queue = queue;
  }

  /** Whether anybody listens: an entry is not even made for nobody. */
  get isOn(): boolean {
    return this.#queue !== null;
  }

  /** Takes an entry in, once it is made; `afterwards` keeps the sending alive when the request is over. */
  write(make: () => Entry, afterwards: Afterwards): void {
    const queue = this.#queue;
    if (queue === null) return;
    try {
      if (this.#waiting.length >= ENTRIES_LIMIT) this.#dropped++;
      else this.#waiting.push(make());
      this.#ensureSending(queue, afterwards);
    } catch (error) {
      this.#end(error);
    }
  }

  #ensureSending(queue: Queue, afterwards: Afterwards): void {
    const now = Date.now();
    const isOnItsWay = this.#sendingSince !== null && Math.abs(now - this.#sendingSince) < GRACE_MS;
    const isFull = this.#waiting.length >= ENTRIES_AT_ONCE;
    if (isOnItsWay && (this.#isSending || !isFull)) return;
    this.#sendingSince = now;
    this.#isSending = isFull;
    afterwards(this.#send(queue, isFull ? 0 : WINDOW_MS));
  }

  /** Sends all there is, and what comes meanwhile. What the queue does not take waits for the next sending. */
  async #send(queue: Queue, delayMs: number): Promise<void> {
    try {
      if (delayMs > 0) await scheduler.wait(delayMs);
      this.#isSending = true;
      while (this.#waiting.length > 0) await this.#sendSome(queue);
      this.#end(null);
    } catch (error) {
      this.#end(error);
    }
  }

  async #sendSome(queue: Queue): Promise<void> {
    const { messages, taken } = packed(this.#waiting);
    await insist(() => queue.sendBatch(messages.map((body) => ({ body, contentType: 'text' }))));
    this.#waiting.splice(0, taken);
  }

  #end(error: unknown): void {
    this.#sendingSince = null;
    this.#isSending = false;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) log({ event: 'journal_dropped', entries: dropped });
    if (error === null) return;
    log({ event: 'journal_unsent', waiting: this.#waiting.length, error: nameOf(error) });
  }
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
