/**
 * The allowlist as it is written. Malformed entries and overlapping ones are faults of one answer: which of two
 * entries an address would belong to must never be a question.
 */
import * as z from 'zod';
import type { IpPrefix } from '../attempt/ip-prefix.ts';
import { arrangePrefixes, type Prefixed } from '../network/address-set.ts';
import type { AllowlistEntry } from '../network/allowlist.ts';
import { isCountry } from '../network/regions.ts';
import { prefixSchema } from './prefix-schema.ts';

/** What fits into a configuration: see `CONFIG_LIMIT_BYTES`. */
const MAX_ENTRIES = 10_000;
const NO_TIME = 'must be a time in UTC such as 2026-12-31T23:59:59Z';
/** RFC 3339 wants seconds, which zod leaves open. */
const WITH_SECONDS = /T\d\d:\d\d:\d\d/;

export const asnSchema = z.int().min(1).max(4_294_967_295);

const entry = z.strictObject({
  cidr: prefixSchema,
  label: z.string().min(1).max(64),
  asn: asnSchema.optional(),
  country: z.string().refine(isCountry, 'must be an ISO 3166-1 alpha-2 code in upper case').optional(),
  expires_at: z.iso.datetime({ error: NO_TIME }).regex(WITH_SECONDS, NO_TIME).transform(Date.parse).optional(),
});

/** Checked also where some entries are malformed: the others are compared all the same. */
export const allowlistSchema = z
  .array(entry)
  .max(MAX_ENTRIES)
  .superRefine(reportOverlaps, { when: ({ value }) => Array.isArray(value) })
  .default([]);

/** What was written, as the network's rules take it. */
export function allowlistEntries(written: z.output<typeof allowlistSchema>): readonly AllowlistEntry[] {
  return written.map(({ cidr: prefix, label, asn = null, country = null, expires_at: expiresAt = null }) => {
    return { prefix, label, asn, country, expiresAt };
  });
}

interface Placed extends Prefixed {
  readonly index: number;
}

function reportOverlaps(entries: readonly unknown[], context: z.core.$RefinementCtx): void {
  const { nested } = arrangePrefixes(entries.flatMap(placed));
  for (const { inner, outer } of nested) {
    const message = `overlaps /network/allowlist/${outer.index}`;
    context.addIssue({ code: 'custom', path: [inner.index, 'cidr'], message });
  }
}

function placed(item: unknown, index: number): readonly Placed[] {
  const prefix = typeof item === 'object' && item !== null && 'cidr' in item ? item.cidr : null;
  const isRead = typeof prefix === 'object' && prefix !== null && 'words' in prefix;
  return isRead ? [{ prefix: prefix as IpPrefix, index }] : [];
}
