/**
 * What a shop's answers mean, as it is written: patterns, and places in the answer. For routes and for operations.
 */
import * as z from 'zod';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';

const JSON_POINTER = /^(?:\/(?:[^~/]|~[01])*)+$/;

export const pointer = z.string().max(256).regex(JSON_POINTER, 'must be a JSON Pointer such as /card/number');
/** One place, or several of which a request uses one. */
export const pointers = z.union([pointer, z.array(pointer).min(1).max(16)], {
  error: 'must be a JSON Pointer such as /card/number, or a list of them',
});
export const scalar = z.union([z.string().max(256), z.number(), z.boolean(), z.null()]);
const httpStatus = z.int().min(100).max(599);

const pattern = z
  .strictObject({
    status: z.array(httpStatus).min(1).optional(),
    json: z.record(pointer, z.array(scalar).min(1)).optional(),
  })
  .refine(
    (it) => it.status !== undefined || Object.keys(it.json ?? {}).length > 0,
    'needs a status or a json condition',
  );
const patterns = z.array(pattern).max(32).default([]);

export const outcomeSchema = z.strictObject({
  failed: patterns,
  succeeded: patterns,
  pending: patterns,
  unknown: patterns,
  decline_reason: pointers.optional(),
  payment_id: pointers.optional(),
  card_fingerprint: pointers.optional(),
  card_token: pointers.optional(),
  unmatched: z.enum(OUTCOME_STATUSES).default('failed'),
});

export type OutcomeConfig = z.output<typeof outcomeSchema>;
