/**
 * What the calls that look after the record answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { DeadLetter, DeadLetterPage, Replayed } from '../journal/dead-letters.ts';
import type { Erased } from '../journal/erasure.ts';
import type { Reconciled } from '../journal/reconciliation.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const nextCursor = z.string().nullable().describe('Where to go on; null at the end.');

const deadLetterAnswer = z.strictObject({
  id: z.string(),
  kept_at: time,
  expires_at: time.describe('From then on it is gone.'),
  why: z.string().describe('Why it was not taken in, for people.'),
  entries: z.int().describe('Decisions, outcomes and others that it holds; 0 where nobody can read it.'),
} satisfies FieldsOf<DeadLetter>);

export const deadLettersAnswer = z.strictObject({
  dead_letters: z.array(deadLetterAnswer),
  next_cursor: nextCursor,
} satisfies FieldsOf<DeadLetterPage>);

export const replayedAnswer = z.strictObject({
  replayed: z.int().describe('Messages that were taken in and are gone.'),
  left: z.array(z.strictObject({ id: z.string(), why: z.string() })).describe('Those that were not.'),
  next_cursor: nextCursor,
} satisfies FieldsOf<Replayed>);

export const reconciledAnswer = z.strictObject({
  checked: z.int().describe("Lines of the gate's ledger that were looked at."),
  decisions_added: z.int(),
  outcomes_added: z.int(),
  outcomes_removed: z.int().describe("Failures of nobody's payment that have turned out to be somebody's."),
  next_cursor: nextCursor,
} satisfies FieldsOf<Omit<Reconciled, 'next'> & { next_cursor: unknown }>);

export const erasedAnswer = z.strictObject({
  decisions: z.int().describe('Decisions that name the person no more.'),
  changes: z.int().describe('Entries of the log of changes that do not.'),
  list_items: z.int().describe('Items of the deny and allow lists that named this person alone, and are gone.'),
  passkeys: z.int().describe('Passkeys of the customer that were removed.'),
  is_complete: z.boolean().describe('False where there may be more: ask again.'),
  remains: z
    .array(z.strictObject({ what: z.enum(['counters', 'outcomes', 'card_names', 'paid']), for_seconds: z.int() }))
    .describe('What the gate still holds, and for how long at most.'),
} satisfies FieldsOf<Erased & { remains: unknown; list_items: unknown; passkeys: unknown }>);
