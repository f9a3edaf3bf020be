/**
 * One payment of a GraphQL route as it is written: which field it is, what is read out of its arguments, and what its
 * result means.
 */
import * as z from 'zod';
import { ATTEMPT_KINDS } from '../attempt/attempt.ts';
import { outcomeSchema, pointer, pointers } from './outcome-schema.ts';

const FIELD = /^[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*$/;
const TYPE = /^[_A-Za-z]\w*$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** As many as a storefront's every document may be. */
const DOCUMENTS_LIMIT = 500;

export const fieldPlaces = {
  card_number: pointers.optional(),
  card_fingerprint: pointers.optional(),
  token: pointers.optional(),
  customer_id: pointer.optional(),
  email: pointer.optional(),
  device_id: pointer.optional(),
  amount: pointer.optional(),
  currency: pointer.optional(),
  billing_country: pointer.optional(),
};

export const operationSchema = z.strictObject({
  field: z.string().max(256).regex(FIELD, 'must be a field of the mutation type, or a path to one: checkout.pay'),
  kind: z.enum(ATTEMPT_KINDS).optional(),
  fields: z.strictObject(fieldPlaces).default({}),
  card: z.enum(['required', 'optional']).optional(),
  not_card_fields: z.array(pointer).max(32).default([]),
  attached_to: pointer.optional(),
  outcome: outcomeSchema,
  tells: z.array(pointer).min(1).max(16).optional(),
  tells_by_type: z
    .record(z.string().max(256).regex(TYPE, 'must be the name of a type'), z.array(pointer).min(1).max(16))
    .refine((it) => Object.keys(it).length > 0 && Object.keys(it).length <= 16, 'must hold 1 to 16 types')
    .optional(),
});

export const persistedSchema = z
  .record(
    z.string().regex(SHA256, 'must be a SHA-256 in lower-case hex'),
    z
      .string()
      .min(1)
      .max(64 * 1024),
  )
  .refine((it) => Object.keys(it).length <= DOCUMENTS_LIMIT, `must hold at most ${DOCUMENTS_LIMIT} documents`);

export type OperationConfig = z.output<typeof operationSchema>;
