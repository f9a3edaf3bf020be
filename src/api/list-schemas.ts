/**
 * What the calls about deny and allow lists take, field by field. Unknown fields are faults, and no fault repeats a value.
 */
import * as z from 'zod';
import { ITEM_TYPES } from '../lists/item.ts';
import { note } from './lease-schemas.ts';
import { cardSchema } from './schemas.ts';

// It is shown to people in terminals and pages.
export const reasonSchema = note(256).refine(
  (it) => !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/u.test(it),
  'must be one line of plain text',
);
export const expirySchema = z.iso.datetime({ error: 'must be a time in UTC such as 2026-12-31T23:59:59Z' });
export const typeSchema = z.enum(ITEM_TYPES, { error: `must be one of ${ITEM_TYPES.join(', ')}` });

export const listItemSchema = z
  .strictObject({
    type: typeSchema,
    value: z
      .union([z.string().min(1).max(320), z.int().min(0)])
      .transform(String)
      .optional(),
    /** Instead of a value, for `card_fingerprint`: what is kept is the fingerprint. */
    card: cardSchema.optional(),
    expires_at: expirySchema.optional(),
    reason: reasonSchema,
  })
  .superRefine(({ type, value, card }, c) => {
    if (card !== undefined && type !== 'card_fingerprint')
      c.addIssue({ code: 'custom', path: ['card'], message: 'belongs to card_fingerprint' });
    else if (card !== undefined && value !== undefined)
      c.addIssue({ code: 'custom', path: ['card'], message: 'stands instead of value' });
    else if (card === undefined && value === undefined)
      c.addIssue({ code: 'custom', path: ['value'], message: 'is missing' });
  });

export type ListItemRequest = z.output<typeof listItemSchema>;
