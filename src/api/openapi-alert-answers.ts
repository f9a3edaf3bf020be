/**
 * What the calls about alerts answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import { ALERT_KINDS } from '../alerts/alert-kinds.ts';
import type { AlertOverview, ToldMessage, ToldTry } from '../alerts/overview.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const results = [
  'delivered',
  'gone',
  'refused',
  'redirected',
  'busy',
  'late',
  'unreachable',
  'no_secret',
  'forbidden_url',
] as const satisfies readonly ToldTry['result'][];
const result = z
  .enum(results)
  .describe('`delivered` is an answer from 200 to 299; `gone` is 410. Nothing else of an answer is kept.');
const status = z.int().nullable().describe('Of the answer; null where there was none.');
const duration_ms = z.int();

export const burstAnswer = z.strictObject({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  began_at: time,
  last_at: time.describe('When it was last noticed.'),
  ended_at: time.nullable().describe('Null while it lasts.'),
  count: z.int().describe('How often it was noticed.'),
  summary: z.string(),
  action: z.string(),
  docs: z.string().describe('Where the documents say what to do.'),
  details: z.record(z.string(), z.unknown()).describe('By kind: see docs/alerts.md.'),
} satisfies FieldsOf<AlertOverview['bursts'][number]>);

const tryAnswer = z.strictObject({ at: time, result, status, duration_ms } satisfies FieldsOf<ToldTry>);

export const alertMessageAnswer = z.strictObject({
  id: z.string().describe('The `webhook-id`.'),
  type: z.string(),
  burst: z.string().nullable().describe('Null for a test.'),
  state: z
    .enum(['waiting', 'delivered', 'given_up', 'stopped'])
    .describe('`stopped`: the receiver is gone, there is none any more, or a newer message said all of it.'),
  created_at: time,
  next_try_at: time.nullable(),
  tries: z.array(tryAnswer),
} satisfies FieldsOf<ToldMessage>);

export const alertsAnswer = z.strictObject({
  receiver: z
    .strictObject({ url: z.string(), state: z.enum(['listening', 'gone']) })
    .nullable()
    .describe('`gone`: it answered 410, and hears nothing until its URL changes or a test call reaches it.'),
  bursts: z.array(burstAnswer).describe('Open and past, newest first; the last 100.'),
  messages: z.array(alertMessageAnswer).describe('Newest first; the last 100.'),
} satisfies FieldsOf<AlertOverview>);

export const sentAlertAnswer = z.strictObject({
  message: z.string().describe('Its id.'),
  result,
  status,
  duration_ms,
});
