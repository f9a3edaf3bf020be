/**
 * What the calls about the record answer, as schemas: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import { RISK_LEVELS } from '../decision/evaluation.ts';
import type { RuleCount } from '../journal/entry.ts';
import { DECLINE_REASONS, OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { LABELS } from '../outcome/processor-event.ts';
import type { DecisionRecord, ToldOutcome } from '../records/decision-record.ts';
import type { Explanation } from '../records/explanation.ts';
import { COUNTED, SPANS, type Stats } from '../records/stats.ts';
import { evaluationAnswer, reasonAnswer } from './openapi-answers.ts';
import { DECISIONS } from './record-schemas.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const decision = z.enum(DECISIONS);

const outcomeFields = {
  status: z.enum(OUTCOME_STATUSES),
  decline_reason: z.enum(DECLINE_REASONS).nullable(),
  decline_code: z.string().nullable().describe("The processor's own code."),
  processor_payment_id: z.string().nullable(),
  contradicted: z.boolean().describe('A `failed` that came after a `succeeded`.'),
  settled_at: time,
  told_by: z
    .enum(['answer', 'api', 'webhook', 'return', 'gate'])
    .describe(
      'Who said so: the shop’s answer, your backend, the processor, the payer’s return, or Cordon when it gave up.',
    ),
} satisfies FieldsOf<ToldOutcome>;

const recordFields = {
  id: z.string().describe('The evaluation.'),
  created_at: time,
  decision,
  would_be: decision.describe('The decision if every rule in shadow were enforced.'),
  mode: z.enum(['enforce', 'shadow', 'off']).describe("The merchant's mode."),
  source: z.enum(['proxy', 'api']),
  route: z.string().describe('Of the configuration; `api` for evaluations of the API.'),
  kind: z.string().nullable().describe('`payment`, `setup`, `renewal`; null where nothing could be read.'),
  country: z.string().nullable(),
  asn: z.int().nullable(),
  ip: z.string().nullable(),
  bin: z.string().nullable().describe("The card's first six digits."),
  card: z.string().nullable().describe("Cordon's own fingerprint of the card; never a number."),
  customer_id: z.string().nullable().describe('Of a verified customer.'),
  session: z.string().nullable().describe('A digest.'),
  amount: z.int().nullable().describe('In minor units.'),
  currency: z.string().nullable(),
  risk_score: z.int(),
  risk_level: z.enum(RISK_LEVELS),
  reasons: z.array(reasonAnswer),
  outcome: z.strictObject(outcomeFields).nullable().describe('Null while nobody said.'),
  labels: z.array(z.enum(LABELS)),
  repeats: z
    .int()
    .nullable()
    .describe('How many refusals of a payer who was known to be shut out this stands for; null: one decision.'),
  config_version: z.string(),
} satisfies FieldsOf<DecisionRecord>;

export const decisionRecordAnswer = z.strictObject(recordFields);
export const decisionsAnswer = z.strictObject({
  decisions: z.array(decisionRecordAnswer).describe('The newest first.'),
  next_cursor: z.string().nullable().describe('Where the next page begins; null on the last.'),
});

const ruleCountAnswer = z.strictObject({
  rule: z.string(),
  mode: z.enum(['enforce', 'shadow']),
  state: z
    .enum(['open', 'busy', 'shut', 'unasked'])
    .describe(
      '`busy`: it would be shut if all in flight failed. `unasked`: nobody looked, for something else decided before, or the gate did not answer.',
    ),
  count: z.number().nullable().describe('At that moment; null where nobody looked.'),
  in_flight: z.int().nullable(),
  limit: z.int(),
} satisfies FieldsOf<RuleCount>);

const seconds = z.number().nullable();

export const explanationAnswer = z.strictObject({
  ...recordFields,
  merchant: z.string(),
  ip_prefix: z.string().nullable(),
  rules: z.array(ruleCountAnswer).describe('Every counter that looked, with what it counted at that moment.'),
  shadow: z
    .strictObject({ would_be: decision, reasons: z.array(reasonAnswer) })
    .describe('What the rules in shadow would have done.'),
  risk: evaluationAnswer.shape.risk,
  lease: z.string().nullable().describe('The lease that held the address.'),
  challenge: z
    .unknown()
    .describe('What was asked of the payer, `3ds` where it was his processor; null where nothing was.'),
  challenges: z
    .array(z.strictObject({ what: z.string(), method: z.string(), at: time }))
    .describe('What became of it.'),
  timing: z
    .strictObject({ read_seconds: seconds, judge_seconds: seconds, origin_seconds: seconds })
    .nullable()
    .describe('How long each part took; null where it was not measured.'),
  origin_status: z.int().nullable().describe('With what the shop answered.'),
  completion: z
    .enum(['refused', 'settled', 'waiting', 'in_flight', 'expired'])
    .describe(
      '`refused`: nothing is to come. `settled`: somebody said the last word. `waiting`: the payer must do more. `in_flight`: nobody spoke yet. `expired`: nobody did in time (`reservation_seconds`), or it is `unknown`.',
    ),
  tries: z.array(z.strictObject({ try: z.string(), ...outcomeFields })).describe('Further tries of the same payment.'),
  labels: z.array(z.strictObject({ label: z.enum(LABELS), labelled_at: time })),
} satisfies FieldsOf<Explanation>);

const totals = z.array(z.strictObject({ value: z.string(), count: z.int() }));

export const statsAnswer = z.strictObject({
  from: time.describe('Whole spans: the one in which `from` lies is the first.'),
  to: time,
  span: z.enum(SPANS),
  what: z.enum(COUNTED),
  buckets: z
    .array(
      z.strictObject({
        start: time,
        values: z.record(z.string(), z.int()).describe('The most frequent of `what` in the whole time, 12 at most.'),
        other: z.int().describe('All others together.'),
      }),
    )
    .describe('One for each span, without gaps.'),
  decisions: z
    .array(z.strictObject({ decision, count: z.int(), would_be: z.int() }))
    .describe('What was decided, and what would have been with every rule in shadow enforced.'),
  amounts: z
    .array(z.strictObject({ currency: z.string(), decision: z.string(), count: z.int(), amount: z.int() }))
    .describe('Of decisions whose amount is known, in minor units.'),
  rules: z
    .array(z.strictObject({ rule: z.string(), enforced: z.int(), shadow: z.int() }))
    .describe('In how many decisions each spoke, by code and by `code:name`; 100 at most.'),
  challenges: z
    .array(
      z.strictObject({
        method: z.string().describe('`unreachable`: no method could be run, and the fallback let it go on.'),
        asked: z.int().describe('Challenges that it was offered in.'),
        passed: z.int(),
        failed: z.int().describe('Challenges with a wrong answer, whatever came of them later.'),
        abandoned: z.int().describe('Passed neither by it nor by another method, so far.'),
        countries: z
          .array(z.strictObject({ country: z.string(), asked: z.int(), passed: z.int() }))
          .describe('Where those who were asked came from, 5 at most.'),
      } satisfies FieldsOf<Stats['challenges'][number]>),
    )
    .describe('By method of step-up: a solver passes always, buyers do not.'),
  top: z
    .strictObject({
      outcome: totals,
      decline_reason: totals,
      country: totals,
      route: totals,
      challenge: totals.describe('`asked/turnstile` and the like.'),
    } satisfies FieldsOf<Stats['top']>)
    .describe('The most frequent first, 20 at most.'),
} satisfies FieldsOf<Stats>);
