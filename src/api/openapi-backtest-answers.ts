/**
 * What the call about backtests answers, as a schema: see `openapi-answers.ts`.
 */
import * as z from 'zod';
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

export const backtestAnswer = z.strictObject({
  config_version: z.string().describe('Of the configuration that was tried.'),
  attempts: count,
  from: z.iso.datetime().nullable().describe('Of the first attempt; null where there was none.'),
  to: z.iso.datetime().nullable().describe('Of the last one that was looked at.'),
  is_complete: z.boolean().describe('False where there were more attempts than one call looks at.'),
  unreadable: count.describe('Rows that could not be replayed.'),
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
} satisfies FieldsOf<Backtest>);
