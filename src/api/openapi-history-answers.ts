/**
 * What the calls about versions and changes answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { Difference } from '../config/difference.ts';
import type { ToldChange, ToldChanges } from '../records/changes.ts';
import type { Restored } from './version-calls.ts';
import type { ToldDifference, ToldVersion, ToldVersions } from './versions.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const version = z.string().describe('A hash of the content; also the ETag.');
const next_cursor = z.string().nullable().describe('Where the next page begins; null on the last.');

const versionAnswer = z.strictObject({
  version: version.nullable().describe('A hash of the content; null where the merchant was deleted.'),
  in_force: z.boolean(),
  since: time.describe('When it came into force.'),
  who: z
    .string()
    .describe(
      "`admin`, `key:` and the key's id, `kv` for a write straight into KV, or `unknown`: older than the history.",
    ),
  restores: z.string().nullable().describe('The version that was brought back by this.'),
  bytes: z.int().describe('Of the text.'),
} satisfies FieldsOf<ToldVersion>);

export const versionsAnswer = z.strictObject({
  versions: z.array(versionAnswer).describe('The newest first. The same content again is another entry.'),
  next_cursor,
} satisfies FieldsOf<ToldVersions>);

export const differenceAnswer = z.strictObject({
  version,
  with: z.string().nullable().describe('What it is compared with; null: with nothing, as it is the first.'),
  differences: z
    .array(
      z.strictObject({
        path: z.string().describe('JSON Pointer into `version`; of what went, into `with`.'),
        before: z.unknown().optional().describe('Absent where something came.'),
        after: z.unknown().optional().describe('Absent where something went.'),
      } satisfies FieldsOf<Difference>),
    )
    .describe('The first thousand are named.'),
  count: z.int().describe('How many there are.'),
} satisfies FieldsOf<ToldDifference>);

export const restoredAnswer = z.strictObject({
  version: version.describe(
    'What is in force now: another than `restores` only where that was not as the API writes it.',
  ),
  restores: z.string().describe('What was brought back.'),
  replaced: z.string().nullable().describe('What was in force before; null: nothing.'),
} satisfies FieldsOf<Restored>);

const changeAnswer = z.strictObject({
  id: z.string(),
  at: time,
  merchant: z.string().nullable().describe('Null: it concerns the whole deployment.'),
  who: z.string().describe("`admin`, `key:` and the key's id, or `kv`."),
  what: z.string().describe('`merchant.put`, `key.create` and the like; the list grows with releases.'),
  before: z.unknown().describe('What was there; of a configuration its version.'),
  after: z.unknown().describe('What is there now; `unknown` where nobody knows whether it was done.'),
} satisfies FieldsOf<ToldChange>);

export const changesAnswer = z.strictObject({
  changes: z.array(changeAnswer).describe('The newest first.'),
  next_cursor,
} satisfies FieldsOf<ToldChanges>);
