/**
 * What a shop's answers mean, as it is written: patterns, and places in the answer. For routes and for operations.
 */
import * as z from 'zod';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';

const JSON_POINTER = /^(?:\/(?:[^~/]|~[01])*)+$/;

const LANDING = /^(?:\/|https:\/\/|#|\*)[^\s]*$/;

export const pointer = z.string().max(256).regex(JSON_POINTER, 'must be a JSON Pointer such as /card/number');
/** One place, or several of which a request uses one. */
export const pointers = z.union([pointer, z.array(pointer).min(1).max(16)], {
  error: 'must be a JSON Pointer such as /card/number, or a list of them',
});
export const scalar = z.union([z.string().max(256), z.number(), z.boolean(), z.null()]);
const httpStatus = z.int().min(100).max(599);

/** Of the shop's own host, of another, or a fragment; `*` for any characters, then parameters of the query. */
const landing = z
  .string()
  .max(512)
  .regex(LANDING, 'must begin with /, https://, # or *, such as /order-received/* or /checkout?payment=failed');

const conditions = {
  status: z.array(httpStatus).min(1).optional(),
  json: z.record(pointer, z.array(scalar).min(1)).optional(),
};
const pattern = z
  .strictObject(conditions)
  .refine(
    (it) => it.status !== undefined || Object.keys(it.json ?? {}).length > 0,
    'needs a status or a json condition',
  );
const answerPattern = z
  .strictObject({ ...conditions, location: z.array(landing).min(1).max(16).optional() })
  .refine(
    (it) => it.status !== undefined || it.location !== undefined || Object.keys(it.json ?? {}).length > 0,
    'needs a status, a json condition or a location',
  );
const patterns = z.array(pattern).max(32).default([]);
const answerPatterns = z.array(answerPattern).max(32).default([]);

const names = {
  decline_reason: pointers.optional(),
  payment_id: pointers.optional(),
  card_fingerprint: pointers.optional(),
  card_token: pointers.optional(),
  unmatched: z.enum(OUTCOME_STATUSES).default('failed'),
};
/** What an answer as a whole says of a payment. */
export const told = {
  failed: answerPatterns,
  succeeded: answerPatterns,
  pending: answerPatterns,
  unknown: answerPatterns,
  location: pointers.optional(),
};

/** Of a part of an answer, which leads nowhere. */
export const outcomeSchema = z.strictObject({
  failed: patterns,
  succeeded: patterns,
  pending: patterns,
  unknown: patterns,
  ...names,
});
export const answerSchema = z.strictObject({ ...told, ...names });

export type OutcomeConfig = z.output<typeof outcomeSchema>;
export type AnswerConfig = z.output<typeof answerSchema>;
