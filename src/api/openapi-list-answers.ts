/**
 * What the calls about deny and allow lists answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import { ITEM_TYPES, LISTS } from '../lists/item.ts';
import type { BadLine, Imported } from './list-import.ts';
import type { ToldItem } from './list-items.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();

export const listItemAnswer = z.strictObject({
  id: z.string().describe('Names it in other calls; opaque.'),
  list: z.enum(LISTS),
  type: z.enum(ITEM_TYPES),
  value: z
    .string()
    .describe('In its canonical spelling; of an e-mail its first letter and its domain, of a card its fingerprint.'),
  reason: z.string(),
  actor: z.string().describe('`admin`, or `key:` and the id of the key that wrote it last.'),
  created_at: time,
  updated_at: time,
  expires_at: time.nullable().describe('From this moment on it is none any more; null: it stays.'),
} satisfies FieldsOf<ToldItem>);

export const listItemsAnswer = z.strictObject({
  items: z.array(listItemAnswer),
  next_cursor: z.string().nullable().describe('Where the next page begins; null on the last.'),
});

export const importedAnswer = z.strictObject({
  added: z.int(),
  updated: z.int().describe('Items that were there.'),
  refused: z.int().describe('Lines that were not taken.'),
  lines: z
    .array(
      z.strictObject({
        line: z.int().describe('From 1; the header is the first.'),
        message: z.string(),
      } satisfies FieldsOf<BadLine>),
    )
    .describe('The first thousand of them, and why. What stood there is not repeated.'),
  dry_run: z.boolean(),
  is_complete: z.boolean().describe('False where the import stopped before the end; the last of `lines` says why.'),
} satisfies FieldsOf<Imported>);

export const listPutAnswer = z.union([listItemAnswer, importedAnswer]);
