/**
 * Bodies of the calls that look after the record.
 */
import * as z from 'zod';
import { parseIp } from '../attempt/ip-address.ts';
import { MERCHANT_ID } from '../config/merchant-schema.ts';
import { cardSchema } from './schemas.ts';

const id = z.string().regex(/^[\w-]{1,128}$/);
/** Where a page before ended. */
const cursor = z.string().min(1).max(1_024);

export const replayRequestSchema = z.strictObject({
  ids: z.array(id).min(1).max(50).optional(),
  cursor: cursor.optional(),
});

export const reconcileRequestSchema = z.strictObject({
  merchant: z.string().regex(MERCHANT_ID),
  cursor: z
    .string()
    .regex(/^ev_[0-9a-f]{12,32}[\x21-\x7e]{0,400}$/)
    .optional(),
});

export const erasureRequestSchema = z
  .strictObject({
    customer_id: z.string().min(1).max(256).optional(),
    card: cardSchema.optional(),
    ip: z
      .string()
      .refine((text) => parseIp(text) !== null, 'must be an IPv4 or IPv6 address')
      .optional(),
    session_id: z.string().min(1).max(256).optional(),
    email: z.string().max(320).optional(),
  })
  .refine((it) => Object.keys(it).length > 0, 'needs at least one of customer_id, card, ip, session_id and email');

export type ErasureRequest = z.output<typeof erasureRequestSchema>;
export type ReplayRequest = z.output<typeof replayRequestSchema>;
export type ReconcileRequest = z.output<typeof reconcileRequestSchema>;
