/**
 * A feed: an imported list with where it came from, how it is doing, and which content of it is in force.
 */
import * as z from 'zod';
import { TABLE_KINDS } from '../../network/table.ts';

export const FEED_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** What merchants have seen themselves: made by Cordon, and nobody else's name. */
export const SHARED_FEED = 'shared';
/** It is renewed hourly while there is anything in it. */
const SHARED_STALE_MS = 10_800_000;
export const SHARED_KEPT_MS = 86_400_000;
/** A deployment's. */
export const FEEDS_LIMIT = 32;
/** Of a feed's text. */
export const TEXT_LIMIT_BYTES = 16 * 1024 * 1024;
/** Of a table as bytes: KV takes 25 MiB, and an isolate has to hold it. */
export const TABLE_LIMIT_BYTES = 12 * 1024 * 1024;
/** The cron trigger comes every five minutes. */
export const REFRESH_SECONDS = { least: 300, most: 604_800, byDefault: 3_600 } as const;
/** A feed that has not been seen for so many of its intervals is stale. */
const STALE_AFTER = 3;

const faultSchema = z.object({ line: z.number(), why: z.string(), text: z.string() });

// What a later release adds is let be: its rows may be read by this one.
export const feedSchema = z.object({
  name: z.string().regex(FEED_NAME),
  kind: z.enum(TABLE_KINDS),
  /** Null: it was uploaded. */
  url: z.string().nullable(),
  refreshSeconds: z.number().nullable(),
  /** Of lines that name none. */
  score: z.number(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  /** Of the content in force: a digest of its table. */
  version: z.string(),
  bytes: z.number(),
  entries: z.number(),
  badLines: z.number(),
  faults: z.array(faultSchema),
  /** When the content in force came, in ms since the epoch. */
  fetchedAt: z.number(),
  /** When its source last said that this is its content. */
  checkedAt: z.number(),
  /** When its source was last asked. */
  triedAt: z.number(),
  lastError: z.object({ at: z.number(), message: z.string() }).nullable(),
});
export type Feed = z.output<typeof feedSchema>;

/** What isolates need to know of a feed. */
export const listedFeedSchema = feedSchema.pick({
  name: true,
  kind: true,
  refreshSeconds: true,
  version: true,
  bytes: true,
  checkedAt: true,
});
export type ListedFeed = z.output<typeof listedFeedSchema>;

export function isStale({ name, refreshSeconds, checkedAt }: ListedFeed, now: number): boolean {
  if (name === SHARED_FEED) return now - checkedAt > SHARED_STALE_MS;
  return refreshSeconds !== null && now - checkedAt > STALE_AFTER * refreshSeconds * 1000;
}

export function isDue({ refreshSeconds, triedAt }: Feed, now: number): boolean {
  return refreshSeconds !== null && now - triedAt >= refreshSeconds * 1000;
}
