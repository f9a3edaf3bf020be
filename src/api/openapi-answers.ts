/**
 * What the API answers, as schemas: for the description, and for the tests that hold real answers against them.
 * The Worker itself never loads this; its answers are typed where they are made.
 */

import * as z from 'zod';
import { MERCHANT_ID } from '../config/merchant-schema.ts';
import { type Evaluation, RISK_LEVELS } from '../decision/evaluation.ts';
import { REASON_CODES, type Reason } from '../decision/reason.ts';
import { SCOPES } from '../gate/gate-messages.ts';
import { ITEM_TYPES } from '../lists/item.ts';
import { type Contribution, SILENCE_REASONS, type Silence } from '../network/risk.ts';
import { TABLE_KINDS } from '../network/table.ts';
import type { LineFault } from '../network/table-import.ts';
import { DECLINE_REASONS, OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { LABELS } from '../outcome/processor-event.ts';
import { COUNTS, DIMENSIONS, MODES, THENS } from '../velocity/rule.ts';
import type { ProblemCode } from '../wire.ts';
import type { told as toldFeed } from './feed-calls.ts';
import type { Hold, Unblocked } from './holds.ts';
import { listItemAnswer } from './openapi-list-answers.ts';
import { PROBLEM_NOTES } from './openapi-problems.ts';
import type { ToldEvaluation } from './stored-evaluations.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const time = z.iso.datetime();
const id = z.string().describe('Names it in other calls; opaque.');
const merchant = z.string().regex(MERCHANT_ID);

export const reasonAnswer = z.strictObject({
  code: z.enum(REASON_CODES).describe('Closed list; grows with releases.'),
  rule: z.string().optional().describe('The rule that spoke, where there are several of one code.'),
  message: z.string().describe('For people. Never show it to the payer: it would be an oracle.'),
  mode: z.enum(['enforce', 'shadow']).describe('`shadow` is on record and never changes the answer.'),
} satisfies FieldsOf<Reason>);

const contributionAnswer = z.strictObject({
  source: z.string().describe('`feed:NAME`, `provider:NAME`, `shared`, `hosting`, `vpn` or `country_mismatch`.'),
  score: z.int().min(0).max(100).describe('The score if nothing else were known.'),
  message: z.string().describe('For people. Never show it to the payer.'),
  mode: z.enum(['enforce', 'shadow']).describe('What is in `shadow` is no part of the score.'),
} satisfies FieldsOf<Contribution>);

const silenceAnswer = z.strictObject({
  source: z.string(),
  reason: z.enum(SILENCE_REASONS),
} satisfies FieldsOf<Silence>);

const evaluationFields = {
  id: z.string().describe('Names the evaluation in the calls that follow.'),
  merchant,
  decision: z
    .enum(['allow', 'review', 'challenge', 'block'])
    .describe('`allow` and `review` go on to the processor; `challenge` only once a step-up is passed; `block` never.'),
  risk_score: z.int().min(0).max(100).describe('0 while no source of risk is configured.'),
  risk_level: z
    .enum(RISK_LEVELS)
    .describe('`normal` below 65, `highest` from 75; `not_assessed` while no source of risk is configured.'),
  risk: z
    .strictObject({
      confidence: z.number().min(0).max(1).describe('The share of the sources that answered.'),
      contributions: z.array(contributionAnswer).describe('The heaviest first.'),
      silent: z.array(silenceAnswer).describe('Sources that were asked and did not answer.'),
    })
    .nullable()
    .describe('What the score is made of; null while no source of risk is configured.'),
  reasons: z.array(reasonAnswer).describe('Every rule that spoke, in order of precedence; empty when none did.'),
  request_3ds: z.boolean().describe('Whether to ask the processor for 3-D Secure.'),
  challenge: z
    .strictObject({
      url: z.url().describe('Where the payer answers it: a page, or JSON for whoever asks for that.'),
      methods: z.array(z.string()).describe('By name, in the order of the configuration.'),
      expires_at: time.describe('Until then it may be answered.'),
    } satisfies FieldsOf<NonNullable<Evaluation['challenge']>>)
    .nullable()
    .describe('Set with the decision `challenge`.'),
  reservation: z
    .strictObject({ expires_at: time.describe('Without an outcome until then it is taken for `unknown`.') })
    .nullable()
    .describe('The place that the attempt holds while it is in flight; null where it was refused.'),
  retry_after_seconds: z
    .int()
    .nullable()
    .describe(
      'Set with the reason `in_flight`: an earlier attempt is not settled yet, so this one may be tried later.',
    ),
  mode: z
    .enum(['enforce', 'shadow', 'off'])
    .describe("The merchant's mode. In `shadow` the decision is never `block`."),
  config_version: z.string().describe('A hash of the configuration that judged.'),
  created_at: time,
} satisfies FieldsOf<Evaluation>;

export const evaluationAnswer = z.strictObject(evaluationFields);

export const toldEvaluationAnswer = z.strictObject({
  ...evaluationFields,
  outcome: z
    .strictObject({
      status: z.enum(OUTCOME_STATUSES),
      decline_reason: z.enum(DECLINE_REASONS).nullable(),
      decline_code: z.string().nullable().describe("The processor's own code, where its webhook told it."),
      processor_payment_id: z.string().nullable(),
      contradicted: z.boolean().describe('A `failed` that came after a `succeeded`: counted, and marked here.'),
      settled_at: time,
    } satisfies FieldsOf<NonNullable<ToldEvaluation['outcome']>>)
    .nullable()
    .describe('What became of it; null while nobody said.'),
  labels: z
    .array(z.strictObject({ label: z.enum(LABELS), labelled_at: time }))
    .describe('What else the processor said of it.'),
} satisfies FieldsOf<ToldEvaluation>);

export const holdAnswer = z.strictObject({
  id,
  rule: z.string().describe('The rule whose counter it is.'),
  mode: z
    .enum(MODES)
    .describe(
      'Of the rule: `enforce` refuses; `shadow` only records, and so does every rule of a merchant in shadow; `off` by now.',
    ),
  state: z
    .enum(['shut', 'counting', 'in_flight'])
    .describe('`shut` refuses; `counting` is below its limit; `in_flight` is a place that an attempt holds.'),
  card: z.string().nullable().describe("Cordon's own fingerprint of the card; it may be given as a card."),
  ip: z.string().nullable().describe('The address, or the /64 of an IPv6 one.'),
  customer_id: z.string().nullable(),
  by: z
    .partialRecord(z.enum(DIMENSIONS), z.string())
    .describe('All that its key is made of. An e-mail (`em_…`) and a device (`de_…`) are keyed digests.'),
  counts: z.enum(COUNTS).describe('What it counts.'),
  then: z.enum(THENS).describe('What becomes of an attempt beyond the limit.'),
  failures: z.number().describe('How much of it there is; failures, unless `counts` says otherwise.'),
  limit: z.int(),
  since: time.nullable(),
  until: time.nullable(),
} satisfies FieldsOf<Hold>);

const keyFields = {
  id,
  name: z.string().nullable(),
  scopes: z.array(z.enum(SCOPES)),
  created_at: time,
  created_by: z
    .string()
    .nullable()
    .describe('`admin`, or `key:` and the id of the key that made it; null where an earlier release did.'),
};
export const keyAnswer = z.strictObject(keyFields);
export const newKeyAnswer = z.strictObject({
  ...keyFields,
  key: z.string().describe('Told here once, stored hashed.'),
});

export const merchantsAnswer = z.strictObject({ merchants: z.array(merchant) });
export const keysAnswer = z.strictObject({ keys: z.array(keyAnswer) });
export const blocksAnswer = z.strictObject({
  blocks: z.array(
    holdAnswer.extend({
      denied_by: z
        .array(z.enum(ITEM_TYPES))
        .describe('By which items of the deny list its payer is refused too: lifting it lets him in no more.'),
    }),
  ),
  next_cursor: z.string().nullable().describe('Where the next page begins; null on the last.'),
});
export const liftedAnswer = z.strictObject({
  lifted: z.array(holdAnswer).describe('Every hold that there was; the first thousand are named.'),
  count: z.int().describe('How many there were.'),
  shared_holds: z
    .array(holdAnswer)
    .describe(
      "Of rules by his card's BIN, his mailbox's domain or the whole merchant: they hold others too, and stay. `DELETE …/blocks/{id}` lifts one.",
    ),
  deny_items: z
    .array(listItemAnswer.extend({ is_removed: z.boolean() }))
    .describe('Items of the deny list that name the payer: they refuse him still, but for those removed.'),
} satisfies FieldsOf<Unblocked>);
export const feedAnswer = z.strictObject({
  name: z.string(),
  kind: z.enum(TABLE_KINDS),
  url: z.string().nullable().describe('Where Cordon fetches it; null: it was uploaded.'),
  refresh_seconds: z.int().nullable(),
  score: z.int().describe('Of lines that name none.'),
  entries: z.int().describe('Lines that were taken.'),
  bad_lines: z.int(),
  faults: z
    .array(
      z.strictObject({
        line: z.int(),
        why: z.string(),
        text: z.string().describe('The beginning of the line; empty where it could be a card number.'),
      } satisfies FieldsOf<LineFault>),
    )
    .describe('The first few bad lines.'),
  bytes: z.int().describe('Of the table that was made of it.'),
  version: z.string().describe('A digest of the content in force.'),
  fetched_at: time.describe('When the content in force came.'),
  checked_at: time.describe('When its source last said that this is its content.'),
  is_stale: z.boolean().describe('Not seen for three of its intervals: still used, and said in evaluations.'),
  last_error: z
    .strictObject({ at: time, message: z.string() })
    .nullable()
    .describe('Why the last refresh changed nothing; null where it went well.'),
} satisfies FieldsOf<ReturnType<typeof toldFeed>>);
export const feedsAnswer = z.strictObject({ feeds: z.array(feedAnswer) });

export const healthAnswer = z.strictObject({ status: z.literal('ok') });

export const problemAnswer = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEM_NOTES) as [ProblemCode, ...ProblemCode[]]).describe('Closed list.'),
  detail: z.string().optional().describe('For people.'),
  evaluation: z.string().optional(),
  errors: z
    .array(z.strictObject({ path: z.string().describe('JSON Pointer of the field.'), message: z.string() }))
    .optional()
    .describe('Every fault of a body or a configuration.'),
});
