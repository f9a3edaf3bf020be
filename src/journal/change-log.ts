/**
 * Who changed what, on record: a line of the log, and an entry through the queue; straight into D1 where the queue does
 * not take it; and where neither does, a line that says so. A change that was made is never undone for want of a record.
 */
import { Deadlines } from '../gate/deadline.ts';
import { type Change, logChange } from './audit-log.ts';
import { recordable } from './change-text.ts';
import type { ChangeEntry } from './entry.ts';
import { log, nameOf } from './log.ts';
import { packed } from './message.ts';

const SEND_TIMEOUT_MS = 2_000;
const INSERT_TIMEOUT_MS = 5_000;
const LATE = Symbol('late');
const TIME_DIGITS = 12;
const RANDOM_BYTES = 10;

/** Where changes go: absent, both, there is the line of the log alone. */
export interface ChangePlaces {
  readonly journalQueue: Queue | null;
  readonly records: D1Database | null;
}

export class ChangeLog {
  readonly #places: ChangePlaces;

  constructor(places: ChangePlaces) {
    this.#places = places;
  }

  /** Ends when it is on record, or is known not to be. Never throws. `now`: ms since the epoch. */
  async record(change: Change, now: number): Promise<void> {
    logChange(change);
    const entry = entryOf(change, now);
    const { journalQueue: queue, records } = this.#places;
    if (queue === null && records === null) return;
    try {
      if (queue !== null && (await isTaken(queue, entry))) return;
      if (records === null) throw new Error('the binding RECORDS is missing');
      const { insert } = await import('./insertion.ts');
      await inTime(INSERT_TIMEOUT_MS, insert(records, [entry]));
    } catch (error) {
      const { id, who, what, merchant } = entry;
      log({ event: 'change_unrecorded', id, who, what, merchant, error: nameOf(error) });
    }
  }
}

async function isTaken(queue: Queue, entry: ChangeEntry): Promise<boolean> {
  try {
    const messages = packed([entry]).messages.map((body) => ({ body, contentType: 'text' }) as const);
    await inTime(SEND_TIMEOUT_MS, queue.sendBatch(messages));
    return true;
  } catch {
    return false;
  }
}

/** An entry has its id before it goes anywhere: one that went both ways is one row. */
function entryOf({ who, what, merchant, before, after }: Change, now: number): ChangeEntry {
  const id = `ch_${now.toString(16).padStart(TIME_DIGITS, '0')}${crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).toHex()}`;
  const told = { who, what, before: recordable(before), after: recordable(after) };
  return { kind: 'change', id, merchant: merchant === '' ? null : merchant, at: now, ...told };
}

async function inTime(limitMs: number, work: Promise<unknown>): Promise<void> {
  if ((await new Deadlines().within(limitMs, work, LATE)) === LATE) throw new Error('timeout');
}
