/**
 * What the call about backtests takes, field by field. Unknown fields are faults.
 */
import * as z from 'zod';
import { time } from './record-schemas.ts';

const RULES_LIMIT = 100;

export const backtestRequestSchema = z
  .strictObject({
    /** A merchant's configuration; absent: the one in force. Its own schema is held against it later. */
    config: z.record(z.string(), z.unknown()).optional(),
    from: time.optional(),
    to: time.optional(),
    /** Whether other limits are tried beside those that are written: of every velocity rule, or of those that are named. */
    suggestions: z.union([z.boolean(), z.array(z.string().min(1).max(64)).min(1).max(RULES_LIMIT)]).default(false),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be later than from',
  });

export type BacktestRequest = z.output<typeof backtestRequestSchema>;
