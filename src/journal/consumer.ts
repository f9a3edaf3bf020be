/**
 * What the queue delivers goes into D1: one transaction a delivery, with the same result however often it comes.
 */
import type { Entry } from './entry.ts';
import { insertStatements } from './insertion.ts';
import { log, nameOf } from './log.ts';
import { readMessage } from './message.ts';
import { rowsOf } from './rows.ts';
import { ensureSchema } from './schema.ts';

const RETRY_SECONDS = 30;

/** Takes a delivery in. What cannot be put into the record now comes again. */
export async function consume(batch: MessageBatch, records: D1Database | null): Promise<void> {
  try {
    if (records === null) throw new Error('the binding RECORDS is missing');
    const entries = batch.messages.flatMap(({ body }) => {
      const reading = readMessage(body);
      return reading.ok ? reading.entries : [];
    });
    await insert(records, entries);
    batch.ackAll();
  } catch (error) {
    log({ event: 'journal_retry', messages: batch.messages.length, error: nameOf(error) });
    batch.retryAll({ delaySeconds: RETRY_SECONDS });
  }
}

/** Puts entries into the record, all or none. */
export async function insert(records: D1Database, entries: readonly Entry[]): Promise<void> {
  await ensureSchema(records);
  const statements = insertStatements(records, rowsOf(entries), crypto.randomUUID());
  if (statements.length > 0) await records.batch([...statements]);
}
