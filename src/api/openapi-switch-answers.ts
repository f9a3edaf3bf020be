/**
 * What the calls about switches answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { ToldDrain, ToldOrigin, ToldPlace } from './drains.ts';
import type { Heard, ToldAttackMode, ToldBypass, ToldSegment, ToldSwitches, ToldTurn } from './switches.ts';

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

const segmentAnswer = z.strictObject({
  segment: z.string().describe('What its attempts have in common, such as `bin:424242` or `payer:guest&country:rare`.'),
  level: z.enum(['elevated', 'under_attack']),
  since: z.iso.datetime(),
  seen_at: z.iso.datetime().describe('When failures last spoke for it.'),
  attempts: z.number(),
  failures: z.number().describe('By weight.'),
  usual_share: z.number().describe('Which share of them fails otherwise.'),
} satisfies FieldsOf<ToldSegment>);

export const attackModeAnswer = z.strictObject({
  state: z.enum(['on', 'off', 'auto']).describe('What somebody said by hand; `auto`: nobody did.'),
  until: time,
  reason: z.string().nullable(),
  turned_at: time,
  turned_by: z.string().nullable(),
  level: z.enum(['normal', 'elevated', 'under_attack']).describe('What the watch says.'),
  segments: z.array(segmentAnswer).describe('What is attacked.'),
} satisfies FieldsOf<ToldAttackMode>);

const placeAnswer = z.strictObject({
  place: z.string().describe('Its host, with the port where it is not 443.'),
  country: z.string().nullable(),
  priority: z.int(),
  weight: z.int(),
  state: z.enum(['up', 'down', 'drained']),
  since: time.describe('Of one that is down.'),
  why: z
    .string()
    .nullable()
    .describe('`refused`, `lost` (the connection), `slow` or `broken` (502, 503 and the like).'),
} satisfies FieldsOf<ToldPlace>);

const drainAnswer = z.strictObject({
  country: z.string().nullable(),
  place: z.string().nullable(),
  until: time.describe('Null: until somebody lifts it.'),
  reason: z.string(),
  turned_at: z.iso.datetime(),
  turned_by: z.string(),
} satisfies FieldsOf<ToldDrain>);

export const originAnswer = z.strictObject({
  places: z.array(placeAnswer).describe("The shop's servers, in the order of the configuration."),
  drains: z.array(drainAnswer).describe('Those in force.'),
} satisfies FieldsOf<ToldOrigin>);

export const switchesAnswer = z.strictObject({
  bypass: bypassAnswer,
  attack_mode: attackModeAnswer.nullable().describe('Null where the gate does not answer.'),
  origin: originAnswer.nullable().describe('Null where the gate does not answer, and without servers.'),
} satisfies FieldsOf<ToldSwitches>);

const heardAnswer = z.strictObject({
  gate: z.boolean().describe('Through the gate everybody knows within seconds.'),
  kv: z.boolean().describe('Through KV alone everybody knows within a minute and a half.'),
} satisfies FieldsOf<Heard>);

export const turnAnswer = z.strictObject({
  bypass: bypassAnswer.optional(),
  attack_mode: attackModeAnswer.optional(),
  origin: originAnswer.optional(),
  heard: heardAnswer.optional().describe('Of a bypass: who knows of it.'),
} satisfies FieldsOf<ToldTurn>);
