/**
 * `/.cordon/v1/feeds`: imported lists. They belong to the deployment, so only the admin key opens these calls.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import { check } from '../config/faults.ts';
import { FEED_NAME, FEEDS_LIMIT, type Feed, isStale, SHARED_FEED, TEXT_LIMIT_BYTES } from '../config/feeds/feed.ts';
import type { FeedOrder, FeedResult } from '../config/feeds/feeds.ts';
import { checkOutboundUrl } from '../config/outbound-url.ts';
import { DEFAULT_SCORE } from '../network/table.ts';
import { problem } from '../wire.ts';
import { audit, sure } from './managing.ts';
import { type ApiContext, type ApiVariables, bodyOf, strangeQuery } from './request.ts';
import { feedRequestSchema, feedUploadSchema } from './schemas.ts';

type Ordered = { readonly order: FeedOrder; readonly body: ReadableStream<Uint8Array> | null };

export function feedCalls(environment: Environment): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  // What reads and makes tables is loaded where it is used: no payment needs it.
  const feeds = async () => new (await import('../config/feeds/feeds.ts')).Feeds(environment);

  calls.use(async (c, next) => {
    if (c.get('bearer').kind !== 'admin') return problem('forbidden');
    return next();
  });

  calls.get('/', async (c) => {
    const now = Date.now();
    return c.json({ feeds: (await (await feeds()).list()).map((feed) => told(feed, now)) });
  });

  calls.get('/:name', async (c) => {
    const name = c.req.param('name');
    const feed = FEED_NAME.test(name) ? await (await feeds()).get(name) : null;
    return feed === null ? problem('not_found') : c.json(told(feed, Date.now()));
  });

  calls.put('/:name', async (c) => {
    const ordered = await orderOf(c, environment);
    if (ordered instanceof Response) return ordered;
    const putting = (await feeds()).put(ordered.order, ordered.body, Date.now());
    const result = await sure(c, 'feed.put', putting);
    if (result.kind === 'created' || result.kind === 'replaced') {
      const { name, version, entries, url } = result.feed;
      // Whoever sells lists writes the buyer's key into the path or the query.
      const source = url === null ? null : new URL(url).host;
      audit(c, 'feed.put', { after: { feed: name, version, entries, source } });
    }
    return putAnswer(result);
  });

  calls.delete('/:name', async (c) => {
    const name = c.req.param('name');
    if (!FEED_NAME.test(name)) return problem('not_found');
    const strange = strangeQuery(c, []);
    if (strange !== null) return strange;
    const deleted = await sure(c, 'feed.delete', (await feeds()).delete(name, Date.now()));
    if (deleted) audit(c, 'feed.delete', { before: { feed: name } });
    return deleted ? c.body(null, 204) : problem('not_found');
  });

  return calls;
}

/** JSON names a source; a text is the feed itself, and the query says the rest. */
async function orderOf(c: ApiContext, environment: Environment): Promise<Ordered | Response> {
  const name = c.req.param('name') ?? '';
  if (!FEED_NAME.test(name) || name === SHARED_FEED) {
    return problem('invalid_request', { detail: `a feed's name is ${FEED_NAME.source}, and not ${SHARED_FEED}` });
  }
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return sourceOrder(c, name, environment);
  if (type === 'text/plain' || type === 'text/csv') return textOrder(c, name);
  return problem('invalid_request', { detail: 'the content type must be text/plain, text/csv or application/json' });
}

async function sourceOrder(c: ApiContext, name: string, environment: Environment): Promise<Ordered | Response> {
  const strange = strangeQuery(c, []);
  if (strange !== null) return strange;
  const body = await bodyOf(c, feedRequestSchema);
  if (body instanceof Response) return body;
  const { kind, url, refresh_seconds: refreshSeconds, score, force } = body.value;
  const fault = checkOutboundUrl(url, environment.kind);
  if (fault !== null) return problem('invalid_attempt', { errors: [{ path: '/url', message: fault }] });
  return { order: { name, kind, url, refreshSeconds, score, force }, body: null };
}

function textOrder(c: ApiContext, name: string): Ordered | Response {
  if (Number(c.req.header('content-length') ?? 0) > TEXT_LIMIT_BYTES) return problem('too_large');
  const query = check(feedUploadSchema, c.req.query());
  if (!query.ok) return problem('invalid_attempt', { errors: query.faults });
  const strange = strangeQuery(c, ['kind', 'score', 'force']);
  if (strange !== null) return strange;
  const { kind, score = String(DEFAULT_SCORE), force } = query.value;
  const order = { name, kind, url: null, refreshSeconds: null, score: Number(score), force: force === 'true' };
  return { order, body: c.req.raw.body };
}

/** A feed as the API tells it. */
export function told(feed: Feed, now: number) {
  const { name, kind, url, refreshSeconds, score, entries, badLines, faults, bytes, version, lastError } = feed;
  return {
    name,
    kind,
    url,
    refresh_seconds: refreshSeconds,
    score,
    entries,
    bad_lines: badLines,
    faults,
    bytes,
    version,
    fetched_at: new Date(feed.fetchedAt).toISOString(),
    checked_at: new Date(feed.checkedAt).toISOString(),
    is_stale: isStale(feed, now),
    last_error: lastError === null ? null : { at: new Date(lastError.at).toISOString(), message: lastError.message },
  };
}

function putAnswer(result: FeedResult): Response {
  switch (result.kind) {
    case 'created':
      return Response.json(told(result.feed, result.feed.fetchedAt), { status: 201 });
    case 'replaced':
      return Response.json(told(result.feed, result.feed.fetchedAt));
    case 'other_kind':
      return problem('conflict', { detail: 'the feed has another kind: delete it first' });
    case 'too_many':
      return problem('conflict', { detail: `there are ${FEEDS_LIMIT} feeds already` });
    case 'refused': {
      const faults = result.result?.report.faults ?? [];
      const errors = faults.map(({ line, why, text }) => ({ path: `line ${line}`, message: `${why}: ${text}` }));
      return problem('unusable_feed', { detail: result.message, ...(errors.length > 0 && { errors }) });
    }
  }
}
