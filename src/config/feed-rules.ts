/**
 * Which feeds a merchant listens to, as it is written, and compiled.
 */
import * as z from 'zod';
import type { FeedRule } from '../network/reputation.ts';
import { SIGNAL_RESPONSES } from '../network/risk.ts';
import { FEED_NAME, FEEDS_LIMIT, SHARED_FEED } from './feeds/feed.ts';

const feedName = z
  .string()
  .regex(FEED_NAME, 'must be the name of a feed: lower-case letters, digits, - and _')
  .refine((name) => name !== SHARED_FEED, 'is what "shared": true means');

const feedRule = z.strictObject({
  name: feedName,
  weight: z.number().min(0.05).max(1).default(1),
  then: z.enum(SIGNAL_RESPONSES).default('score'),
  then_at: z.int().min(1).max(100).default(1),
});

const nameOf = (feed: string | { readonly name: string }) => (typeof feed === 'string' ? feed : feed.name);

export const feedRulesSchema = z
  .array(z.union([feedName, feedRule], { error: 'must be the name of a feed, or { name, weight?, then?, then_at? }' }))
  .max(FEEDS_LIMIT)
  .refine((feeds) => new Set(feeds.map(nameOf)).size === feeds.length, 'names a feed twice')
  .default([]);

export function compileFeedRules(feeds: z.output<typeof feedRulesSchema>): readonly FeedRule[] {
  return feeds.map((feed) =>
    typeof feed === 'string'
      ? { name: feed, weight: 1, response: 'score', at: 1 }
      : { name: feed.name, weight: feed.weight, response: feed.then, at: feed.then_at },
  );
}
