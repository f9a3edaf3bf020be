/**
 * What the queue delivers goes into D1: one transaction a delivery, with the same result however often it comes. An
 * entry that can never be put there is kept aside, and stops nothing that came with it.
 */
import { DeadLetters, type OnKept } from './dead-letters.ts';
import type { Entry } from './entry.ts';
import { describe, insert, insertMessages, isAtFault } from './insertion.ts';
import { log, nameOf } from './log.ts';
import { messageOf, readMessage } from './message.ts';

/** D1 may be away for a while. */
const RETRY_SECONDS = { least: 5, most: 600 } as const;
/** What fails so often together may fail for one of them, in a way that nobody foresaw. */
const TOGETHER_ATTEMPTS = 5;
const DEAD_QUEUE = /-dead$/;

/** Where a delivery goes. Both null: nothing can be taken in, and it comes again. */
export interface Places {
  readonly records: D1Database | null;
  readonly kv: KVNamespace | null;
  readonly onKept?: OnKept;
}

/** RECORDS or MERCHANTS. */
class MissingBinding extends Error {
  override readonly name = 'MissingBinding';
}

/** Takes a delivery in. What cannot be put into the record now comes again. */
export async function consume(batch: MessageBatch, { records, kv, onKept }: Places): Promise<void> {
  if (records === null || kv === null) return retry(batch.messages, new MissingBinding());
  const letters = new DeadLetters(kv, onKept);
  const isDead = DEAD_QUEUE.test(batch.queue);
  for (const message of isDead ? batch.messages : [])
    await keep(message, letters, 'not taken in after all its retries');
  if (!isDead) await takeIn(batch.messages, records, letters);
}

/** All at once; where that fails for what an entry is, each by itself. */
async function takeIn(messages: readonly Message[], records: D1Database, letters: DeadLetters): Promise<void> {
  const read = messages.map((message) => ({ message, reading: readMessage(message.body) }));
  for (const { message, reading } of read) if (!reading.ok) await keep(message, letters, reading.why);
  const good = read.flatMap(({ message, reading }) => (reading.ok ? [{ message, entries: reading.entries }] : []));
  try {
    await insertMessages(
      records,
      good.map(({ entries }) => entries),
    );
    for (const { message } of good) message.ack();
  } catch (error) {
    const waits = ({ message }: Good) => !isAtFault(error) && message.attempts <= TOGETHER_ATTEMPTS;
    retry(
      good.filter(waits).map(({ message }) => message),
      error,
    );
    for (const one of good) if (!waits(one)) await takeInOne(one, records, letters);
  }
}

interface Good {
  readonly message: Message;
  readonly entries: readonly Entry[];
}

async function takeInOne({ message, entries }: Good, records: D1Database, letters: DeadLetters): Promise<void> {
  try {
    if (await isTaken(entries, records)) return message.ack();
    for (const [index, entry] of entries.entries()) {
      const why = await faultOf(entry, records);
      if (why !== null)
        await letters.keep({ id: `${message.id}-${index}`, body: messageOf([JSON.stringify(entry)]), why });
    }
    message.ack();
  } catch (error) {
    retry([message], error);
  }
}

/** False where an entry is at fault; then none of them was taken. */
async function isTaken(entries: readonly Entry[], records: D1Database): Promise<boolean> {
  return (await faultIn(entries, records)) === null;
}

function faultOf(entry: Entry, records: D1Database): Promise<string | null> {
  return faultIn([entry], records);
}

async function faultIn(entries: readonly Entry[], records: D1Database): Promise<string | null> {
  try {
    await insert(records, entries);
    return null;
  } catch (error) {
    if (!isAtFault(error)) throw error;
    return describe(error);
  }
}

async function keep(message: Message, letters: DeadLetters, why: string): Promise<void> {
  const { id, body } = message;
  try {
    await letters.keep({ id, body: typeof body === 'string' ? body : JSON.stringify(body), why });
    message.ack();
  } catch (error) {
    retry([message], error);
  }
}

function retry(messages: readonly Message[], error: unknown): void {
  if (messages.length === 0) return;
  log({ event: 'journal_retry', messages: messages.length, error: nameOf(error) });
  for (const message of messages) {
    const delaySeconds = Math.min(RETRY_SECONDS.most, RETRY_SECONDS.least * 2 ** message.attempts);
    message.retry({ delaySeconds });
  }
}
