/**
 * What the call about backtests answers, as a schema: see `openapi-answers.ts`.
 */
import * as z from 'zod';
import type { Suggestion, Swept } from '../replay/limit-sweep.ts';
import type { Backtest } from './backtests.ts';

type FieldsOf<T> = Readonly<Record<keyof T, z.ZodType>>;

const count = z.int().min(0);
const decisions = z.strictObject({ allow: count, review: count, challenge: count, block: count });
const byRule = z.record(z.string(), count);
const stopped = z.strictObject({
  attempts: count,
  stopped: count.describe('Not let through: blocked, or asked for a challenge that the payer did not pass.'),
  blocked: count,
  challenged: count,
});

const swept = z.strictObject({
  rule: z.string(),
  limit: z.int().min(1),
  is_written: z.boolean().describe('Whether that is what the configuration says.'),
  failures: stopped,
  successes: stopped,
} satisfies FieldsOf<Swept>);
const suggestion = z.strictObject({
  rule: z.string(),
  written: z.int().min(1),
  suggested: z.int().min(1).describe('The same as written where nothing better was found.'),
} satisfies FieldsOf<Suggestion>);

export const backtestAnswer = z.strictObject({
  config_version: z.string().describe('Of the configuration that was tried.'),
  attempts: count,
  from: z.iso.datetime().nullable().describe('Of the first attempt; null where there was none.'),
  to: z.iso.datetime().nullable().describe('Of the last one that was looked at.'),
  is_complete: z.boolean().describe('False where there were more attempts than one call looks at.'),
  unreadable: count.describe('Rows that could not be replayed.'),
  not_replayed: z
    .array(z.string())
    .describe(
      'What of the configuration could not be judged, for the record does not have it: `lists` (what is beyond 100,000 items), `list_emails`, `leases` (those that are over), `feed:NAME` (a feed without a table), `providers`, `shared`, `sessions`, `routes`, `emails`, `devices`.',
    ),
  recorded: decisions.describe('What was decided then.'),
  decisions: decisions.describe('What would have been decided first.'),
  would_be: decisions.describe('The same if every rule in shadow were enforced.'),
  blocks_by_rule: byRule.describe('By the rule that the block is for: `code`, or `code:name`.'),
  challenges_by_rule: byRule,
  reviews_by_rule: byRule,
  challenges: z.strictObject({ asked: count, passed: count, passed_by: byRule.describe('By method.') }),
  failures: stopped.describe('Of attempts that had failed.'),
  successes: stopped.describe('Of attempts that had succeeded.'),
  others: stopped.describe('Of all others; what was refused then has no outcome.'),
  amounts: z
    .record(z.string(), z.strictObject({ through: count, failures_stopped: count, successes_stopped: count }))
    .describe("By currency, in its minor unit. `XXX` where an attempt's is not known."),
  limits: z.array(swept).optional().describe('Where `suggestions` was asked for: each rule with each limit, enforced.'),
  suggestions: z
    .array(suggestion)
    .optional()
    .describe(
      'Where asked for: of each rule the limit with the most failures stopped, less five for each success stopped, where at most one success in a thousand more is stopped than as it is written.',
    ),
} satisfies FieldsOf<Backtest>);
