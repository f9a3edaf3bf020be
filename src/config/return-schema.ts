/**
 * One way back from a bank as it is written: which requests, by what the payment is known, and what the shop's answer
 * says became of it.
 */
import * as z from 'zod';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';
import { PROCESSORS } from '../outcome/processor-event.ts';
import { pointers, told } from './outcome-schema.ts';
import { place, queryName, routeName, timeoutSeconds, variable } from './route-schema.ts';

/** By the shop's word (`answer`, `location`), or by the client's (`request`), which is believed less. */
const paymentId = z.union(
  [
    z.strictObject({ answer: pointers }),
    z.strictObject({ location: queryName }),
    z.strictObject({ request: z.union([variable, queryName]) }),
  ],
  { error: 'must be {"answer": pointer}, {"location": parameter} or {"request": "{name}" or parameter}' },
);

const outcome = z
  .strictObject({
    ...told,
    decline_reason: pointers.optional(),
    // A page that fits no pattern is some other page: whoever walks away is counted when the payment's time is over.
    unmatched: z.enum(OUTCOME_STATUSES).default('unknown'),
  })
  .refine((it) => it.failed.length + it.succeeded.length > 0, 'must say what has failed or what has succeeded');

export const returnSchema = z.strictObject({
  name: routeName,
  match: z.strictObject({ methods: z.array(z.enum(['GET', 'POST'])).min(1), ...place }),
  payment_id: paymentId,
  outcome,
  processor: z.enum(PROCESSORS).optional(),
  timeout_seconds: timeoutSeconds,
});

/** A return with every default filled in. */
export type ReturnConfig = z.output<typeof returnSchema>;
/** A return as it is written. */
export type WrittenReturn = z.input<typeof returnSchema>;
