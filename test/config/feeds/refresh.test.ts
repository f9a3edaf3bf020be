/**
 * What the cron trigger does: feeds that are due are asked for, one that fails keeps what it had and says why.
 */
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../../src/index.ts';
import { addresses, cron, follow, forgetFeeds, list, remove, show, upload } from '../../support/feeds.ts';
import { StandInOrigin } from '../../support/origin.ts';

const HOUR = 3_600_000;
let source: StandInOrigin;
let now: number;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  now = Date.now();
  await forgetFeeds();
  source = new StandInOrigin();
  answerText(addresses(100), { headers: { etag: '"v1"', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' } });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const answerText = (text: BodyInit | null, init?: ResponseInit) => source.answer(() => new Response(text, init));

async function cronAfter(ms: number): Promise<void> {
  now += ms;
  vi.setSystemTime(now);
  source.arrived.length = 0;
  await cron(now);
}

it('is what the Worker does when it is scheduled', async () => {
  await follow('bad-hosts');
  source.arrived.length = 0;
  await worker.scheduled(createScheduledController({ scheduledTime: now + HOUR, cron: '*/5 * * * *' }), env);
  expect(source.arrived).toHaveLength(1);
});

it('asks for what is due, and for nothing that is not', async () => {
  await follow('hourly');
  await follow('daily', { refresh_seconds: 86_400 });
  await upload('uploaded', '203.0.113.9');
  await cronAfter(HOUR - 1);
  expect(source.arrived).toHaveLength(0);
  await cronAfter(1);
  expect(source.arrived).toHaveLength(1);
  await cronAfter(HOUR / 2);
  expect(source.arrived).toHaveLength(0);
  await cronAfter(24 * HOUR);
  expect(source.arrived).toHaveLength(2);
});

it('costs a deployment without feeds one read of KV', async () => {
  const reads: string[] = [];
  const counting = new Proxy(env.MERCHANTS, {
    get: (target, name) => {
      reads.push(String(name));
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const { Feeds } = await import('../../../src/config/feeds/feeds.ts');
  await new Feeds({ kind: 'development', merchants: counting }).refreshDue(now);
  expect(reads).toEqual(['get']);
});

it('says what it has, and keeps it when the source says that it is the same', async () => {
  await follow('bad-hosts');
  const before = await show('bad-hosts');
  source.answer(({ headers }) =>
    headers.get('if-none-match') === '"v1"' && headers.get('if-modified-since') === 'Sat, 21 Nov 2026 10:00:00 GMT'
      ? new Response(null, { status: 304 })
      : new Response('', { status: 500 }),
  );
  await cronAfter(HOUR);
  expect(await show('bad-hosts')).toEqual({ ...before, checked_at: new Date(now).toISOString() });
});

it('takes what is new', async () => {
  await follow('bad-hosts');
  answerText(addresses(150));
  await cronAfter(HOUR);
  expect(await show('bad-hosts')).toMatchObject({ entries: 150, fetched_at: new Date(now).toISOString() });
  expect(JSON.parse((await env.MERCHANTS.get('feed-index')) ?? '')).toMatchObject({
    feeds: [{ name: 'bad-hosts', version: (await show('bad-hosts')).version }],
  });
});

describe('keeps the last good one', () => {
  const endless = () => {
    const piece = new TextEncoder().encode('203.0.113.9\n'.repeat(50_000));
    return new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
  };
  it.each([
    ['is empty', () => answerText(''), 'the text has no entry'],
    ['is a page', () => answerText('<html>\n<p>503</p>\n</html>'), 'most lines of the text are no entries'],
    ['is huge', () => source.answer(() => new Response(endless())), 'the text is larger than 16777216 bytes'],
    ['is a sliver', () => answerText(addresses(9)), 'it has shrunk from 100 entries to 9'],
    ['is gone', () => answerText('gone', { status: 410 }), 'the source answered 410'],
    ['is behind a proxy that broke', () => answerText('oops', { status: 502 }), 'the source answered 502'],
    [
      'is not reached',
      () => source.answer(() => Promise.reject(new TypeError('connection refused by 10.0.0.1'))),
      'the source cannot be reached',
    ],
    ['breaks off', () => source.answer(() => new Response(broken())), 'the source cannot be reached'],
  ])('where the source %s', async (_, behave, message) => {
    await follow('bad-hosts');
    const before = await show('bad-hosts');
    const table = await env.MERCHANTS.get('feed:bad-hosts', 'arrayBuffer');
    const alerts = vi.spyOn(console, 'error').mockImplementation(() => {});
    behave();
    await cronAfter(HOUR);
    const lastError = { at: new Date(now).toISOString(), message };
    expect(await show('bad-hosts')).toEqual({ ...before, last_error: lastError });
    expect(await env.MERCHANTS.get('feed:bad-hosts', 'arrayBuffer')).toEqual(table);
    expect(alerts.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toMatchObject([
      { event: 'feed_not_refreshed', feed: 'bad-hosts', error: message },
    ]);
    answerText(addresses(120));
    await cronAfter(HOUR);
    expect(await show('bad-hosts')).toMatchObject({ entries: 120, last_error: null });
  });

  const broken = () => {
    let isFirst = true;
    return new ReadableStream({
      pull: (controller) => {
        if (!isFirst) throw new TypeError('reset');
        isFirst = false;
        controller.enqueue(new TextEncoder().encode(addresses(90)));
      },
    });
  };
});

it('one that fails does not keep the others from being refreshed', async () => {
  for (const name of ['a', 'b', 'c']) await follow(name, { url: `https://lists.example.com/${name}` });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  source.answer(({ url }) => {
    if (url.endsWith('/a')) throw new TypeError('no');
    return url.endsWith('/b') ? new Response('<html>') : new Response(addresses(77));
  });
  await cronAfter(HOUR);
  expect((await list()).map(({ entries, last_error }) => [entries, last_error === null])).toEqual([
    [100, false],
    [100, false],
    [77, true],
  ]);
});

it('a feed whose state nobody can read any more does not keep the others', async () => {
  await follow('good');
  await env.MERCHANTS.put('feed-state:bad', '{"name":"bad"');
  await env.MERCHANTS.put('feed-state:worse', '\0\0');
  answerText(addresses(120));
  await cronAfter(HOUR);
  expect(await list()).toMatchObject([{ name: 'good', entries: 120 }]);
});

it('a feed that is deleted while its source is asked stays deleted', async () => {
  await follow('bad-hosts');
  source.answer(async () => {
    await remove('bad-hosts');
    return new Response(addresses(120));
  });
  await cronAfter(HOUR);
  expect(await list()).toEqual([]);
});

it('a feed that is replaced while its source is asked stays what it was made', async () => {
  await follow('bad-hosts');
  source.answer(async () => {
    await upload('bad-hosts', addresses(33, 500), '?score=90&force=true');
    return new Response(addresses(120));
  });
  await cronAfter(HOUR);
  expect(await show('bad-hosts')).toMatchObject({ url: null, score: 90, entries: 33 });
});

it('is stale once it was not seen for three of its intervals, and says so', async () => {
  await follow('bad-hosts');
  vi.spyOn(console, 'error').mockImplementation(() => {});
  answerText('', { status: 500 });
  await cronAfter(3 * HOUR);
  expect(await show('bad-hosts')).toMatchObject({ is_stale: false });
  await cronAfter(1_000);
  expect(await show('bad-hosts')).toMatchObject({ is_stale: true, entries: 100 });
});

it('mends an index that lost a feed to somebody who wrote at the same time', async () => {
  await upload('bad-hosts', '203.0.113.9');
  await env.MERCHANTS.put('feed-index', '{"feeds":[]}');
  await cronAfter(0);
  expect(JSON.parse((await env.MERCHANTS.get('feed-index')) ?? '')).toMatchObject({ feeds: [{ name: 'bad-hosts' }] });
});
