/**
 * What the API takes and gives, field by field. Unknown fields are faults.
 */
import * as z from 'zod';
import { ATTEMPT_KINDS } from '../attempt/attempt.ts';
import { holdsCardNumber, parseCardNumber } from '../attempt/card-number.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { REFRESH_SECONDS } from '../config/feeds/feed.ts';
import { MERCHANT_ID } from '../config/merchant-schema.ts';
import { SCOPES } from '../gate/gate-messages.ts';
import { DEFAULT_SCORE, TABLE_KINDS } from '../network/table.ts';
import { OUTCOME_STATUSES } from '../outcome/outcome.ts';

const text = z.string().min(1).max(256);
const country = z.string().regex(/^(?:[A-Z]{2}|T1)$/, 'must be an ISO 3166-1 alpha-2 code in upper case');
const ip = z.string().refine((it) => parseIp(it) !== null, 'must be an IPv4 or IPv6 address');
const number = z
  .string()
  .refine((it) => parseCardNumber(it) !== null, 'must be 12 to 19 digits, with single spaces or hyphens at most');

/** What is known of a card. Several of them together say that they are one card. */
export const cardSchema = z
  .strictObject({
    number: number.optional(),
    fingerprint: text.optional(),
    token: text.optional(),
    bin: z
      .string()
      .regex(/^\d{6,8}$/, 'must be 6 to 8 digits')
      .optional(),
    country: country.optional(),
  })
  .refine(
    (it) => it.number !== undefined || it.fingerprint !== undefined || it.token !== undefined,
    'needs at least one of number, fingerprint and token',
  );

export const attemptSchema = z
  .strictObject({
    ip: ip.optional(),
    country: country.optional(),
    asn: z.int().min(0).max(4_294_967_295).optional(),
    card: cardSchema.optional(),
    customer_id: text.optional(),
    email: z.string().max(320).optional(),
    session_id: text.optional(),
    device_id: text.optional(),
    user_agent: z.string().max(2_048).optional(),
    amount: z.int().min(0).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code in upper case')
      .optional(),
    billing_country: country.optional(),
    time_zone: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, 'must be a name of IANA’s, such as Europe/Amsterdam')
      .optional(),
    kind: z.enum(ATTEMPT_KINDS).default('payment'),
  })
  .refine((it) => it.kind === 'renewal' || it.ip !== undefined, { path: ['ip'], message: 'is needed' });

export const evaluationRequestSchema = z.strictObject({
  merchant: z.string().regex(MERCHANT_ID),
  attempt: attemptSchema,
  /** Proof of a step-up that was passed. */
  pass: z.string().min(1).max(4_096).optional(),
});

export const outcomeRequestSchema = z.strictObject({
  status: z.enum(OUTCOME_STATUSES),
  decline_reason: z.string().min(1).max(64).optional(),
  processor_payment_id: z
    .string()
    .min(1)
    .max(128)
    .refine((it) => !holdsCardNumber(it, ''), 'looks like a card number')
    .optional(),
  card_fingerprint: text.optional(),
});

export const keyRequestSchema = z.strictObject({
  name: z.string().min(1).max(64).optional(),
  scopes: z.array(z.enum(SCOPES)).min(1).optional(),
});

export const unblockRequestSchema = z
  .strictObject({
    card: cardSchema.optional(),
    ip: ip.optional(),
    customer_id: text.optional(),
    email: z.string().max(320).optional(),
    remove_deny_items: z.boolean().default(false),
  })
  .refine(
    ({ remove_deny_items: _, ...it }) => Object.keys(it).length > 0,
    'needs at least one of card, ip, customer_id and email',
  );

/** A feed that Cordon fetches itself. */
export const feedRequestSchema = z.strictObject({
  kind: z.enum(TABLE_KINDS).default('addresses'),
  url: z.url(),
  refresh_seconds: z.int().min(REFRESH_SECONDS.least).max(REFRESH_SECONDS.most).default(REFRESH_SECONDS.byDefault),
  score: z.int().min(0).max(100).default(DEFAULT_SCORE),
  force: z.boolean().default(false),
});

/** What the query says of a feed whose text is the body. */
export const feedUploadSchema = z.strictObject({
  kind: z.enum(TABLE_KINDS).default('addresses'),
  score: z
    .string()
    .regex(/^(?:100|[1-9]?\d)$/, 'must be a whole number from 0 to 100')
    .optional(),
  force: z.enum(['true', 'false']).default('false'),
});

export type ApiAttempt = z.output<typeof attemptSchema>;
export type ApiCard = z.output<typeof cardSchema>;
export type OutcomeRequest = z.output<typeof outcomeRequestSchema>;
export type UnblockRequest = z.output<typeof unblockRequestSchema>;
