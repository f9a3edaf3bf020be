/**
 * What the calls about switches answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { Heard, ToldBypass, ToldSwitches, ToldTurn } from './switches.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime().nullable();

export const bypassAnswer = z.strictObject({
  state: z.enum(['on', 'off']),
  until: time.describe('When it ends by itself; null where none is in force, as with the others.'),
  reason: z.string().nullable(),
  turned_at: time,
  turned_by: z
    .string()
    .nullable()
    .describe('`admin`, `key:` and the id of a key, or `kv` where somebody wrote it there by hand.'),
} satisfies FieldsOf<ToldBypass>);

export const switchesAnswer = z.strictObject({ bypass: bypassAnswer } satisfies FieldsOf<ToldSwitches>);

const heardAnswer = z.strictObject({
  gate: z.boolean().describe('Through the gate everybody knows within seconds.'),
  kv: z.boolean().describe('Through KV alone everybody knows within a minute and a half.'),
} satisfies FieldsOf<Heard>);

export const turnAnswer = z.strictObject({ bypass: bypassAnswer, heard: heardAnswer } satisfies FieldsOf<ToldTurn>);
