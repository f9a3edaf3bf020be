// Imported lists: adding one, and saying how they are.

import type { Cordon, Feed, FeedKind } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { Command } from './arguments.ts';
import { UsageError } from './usage.ts';
import { readText, type World } from './world.ts';

const ticksPerSecond = 1;

/** A file is read here and sent; what begins with a scheme is Cordon's to fetch. */
export async function addFeed(
  { name, from, options }: Extract<Command, { kind: 'feed add' }>,
  cordon: Cordon,
  world: World,
): Promise<Feed> {
  const { refreshSeconds, score, force } = options;
  const kind = options.kind as FeedKind | undefined;
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(from);
  if (!isUrl && refreshSeconds !== undefined) throw new UsageError('--refresh is for a URL: a file is sent once.');
  if (isUrl) {
    const source = { url: from, kind, score, force, refresh_seconds: refreshSeconds };
    return waitAloud(`Cordon fetches ${name}`, cordon.feeds.follow(name, source), world);
  }
  const text = readText(from, world);
  return waitAloud(`Importing ${name}`, cordon.feeds.upload(name, text, { kind, score, force }), world);
}

export function sayFeeds(feeds: readonly Feed[]): Said {
  const rows = feeds.map((feed) => [
    feed.name,
    feed.kind,
    String(feed.entries),
    timeOf(feed.fetched_at),
    feed.refresh_seconds === null ? 'uploaded' : `every ${feed.refresh_seconds} s`,
    troubleOf(feed),
  ]);
  const text =
    feeds.length === 0 ? 'No feeds.\n' : table(['name', 'kind', 'entries', 'since', 'source', 'trouble'], rows);
  return { json: { feeds }, text };
}

export function sayFeed(feed: Feed): Said {
  const rows = [
    ['name', feed.name],
    ['kind', feed.kind],
    ['source', feed.url ?? 'uploaded'],
    ['entries', String(feed.entries)],
    ['bad lines', String(feed.bad_lines)],
    ['size', `${feed.bytes} bytes`],
    ['since', timeOf(feed.fetched_at)],
    ['last seen', timeOf(feed.checked_at)],
    ['trouble', troubleOf(feed)],
  ];
  const faults = feed.faults.map(({ line, why, text }) => [String(line), why, text]);
  const faultTable = faults.length === 0 ? '' : table(['line', 'fault', 'text'], faults);
  return { json: feed, text: table([], rows) + faultTable };
}

function troubleOf({ last_error, is_stale, bad_lines }: Feed): string {
  const parts = [is_stale ? 'stale' : '', last_error?.message ?? '', bad_lines > 0 ? `${bad_lines} bad lines` : ''];
  return parts.filter(Boolean).join('\n');
}

/** Says on standard error that something is going on, where somebody looks. */
async function waitAloud<T>(what: string, work: Promise<T>, { complain, isWatched }: World): Promise<T> {
  if (!isWatched) return work;
  const from = Date.now();
  const tell = () => complain(`\r${what} … ${Math.round((Date.now() - from) / 1000)} s`);
  tell();
  const ticking = setInterval(tell, 1000 / ticksPerSecond);
  try {
    return await work;
  } finally {
    clearInterval(ticking);
    complain('\r\u001b[K');
  }
}
