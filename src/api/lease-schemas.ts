/**
 * What the calls about leases take, field by field. Unknown fields are faults.
 */
import * as z from 'zod';
import { holdsCardNumber } from '../attempt/card-number.ts';
import { prefixSchema } from '../config/prefix-schema.ts';
import { isTooWide, LEASE_SECONDS_LIMIT, WIDEST_LEASE } from '../network/lease.ts';

const { ipv4, ipv6 } = WIDEST_LEASE;
const cidr = prefixSchema.refine((prefix) => !isTooWide(prefix), `must be no wider than /${ipv4}, in IPv6 /${ipv6}`);
const ttlSeconds = z.int().min(1).max(LEASE_SECONDS_LIMIT);

/** It stands in the log. */
export const note = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((it) => !holdsCardNumber(it, ''), 'looks like a card number');

export const leaseRequestSchema = z.strictObject({
  cidr,
  owner: note(64),
  ttl_seconds: ttlSeconds,
  reason: note(256).optional(),
});

export const leaseRenewalSchema = z.strictObject({
  proof: z.string().min(1).max(256),
  ttl_seconds: ttlSeconds.optional(),
});

export type LeaseRequest = z.output<typeof leaseRequestSchema>;
export type LeaseRenewal = z.output<typeof leaseRenewalSchema>;
