/**
 * The tables of an isolate: read once when they are needed, read again when they are new, silent when they are missing,
 * and never a reason for an attempt to fail or to wait.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseIp } from '../../../src/attempt/ip-address.ts';
import { FeedStore } from '../../../src/config/feeds/feed-store.ts';
import { LoadedTables } from '../../../src/config/feeds/loaded-tables.ts';
import { addresses, forgetFeeds, remove, upload } from '../../support/feeds.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const SECOND = 1_000;

/** KV whose reads are counted, and that can be slow or away. */
function watchedKv() {
  const watch = { reads: [] as string[], isAway: false, held: null as Promise<void> | null };
  const kv = new Proxy(env.MERCHANTS, {
    get: (target, name) => {
      if (name !== 'get') return Reflect.get(target, name) as unknown;
      return async (key: string, options: KVNamespaceGetOptions<'text'>) => {
        watch.reads.push(key);
        if (watch.held !== null) await watch.held;
        if (watch.isAway) throw new Error('KV GET failed: 503');
        return target.get(key, options);
      };
    },
  });
  return { watch, kv };
}

function whence(ip: string, asn: number | null = null) {
  const address = parseIp(ip);
  if (address === null) throw new Error(ip);
  return { ip: address, country: null, asn };
}

let background: Promise<unknown>[] = [];
const afterwards = (work: Promise<unknown>) => void background.push(work);
const settle = () => Promise.all(background.splice(0));

const feeds = (...names: string[]) => ({ feeds: names, kinds: [] });
const everything = { feeds: ['bad-hosts'], kinds: ['networks', 'bins'] as const };

let watch: ReturnType<typeof watchedKv>['watch'];
let tables: LoadedTables;
let alerts: ReturnType<typeof vi.spyOn>;
beforeEach(async () => {
  await forgetFeeds();
  background = [];
  const watched = watchedKv();
  watch = watched.watch;
  tables = new LoadedTables(new FeedStore(watched.kv));
  alerts = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const consult = (names: readonly string[], ip: string, now: number, asn: number | null = null) =>
  tables.consult(
    names.map((name) => ({ name, weight: 1 })),
    whence(ip, asn),
    now,
  );

/** What an attempt of an isolate is told. */
async function asked(ip: string, names: readonly string[], now: number) {
  await tables.prepare(feeds(...names), now, afterwards);
  return consult(names, ip, now);
}

const signal = (score: number, message: string, source = 'feed:bad-hosts') => ({ source, score, message });
const LISTED = signal(85, 'the address is on the feed bad-hosts');
const missing = (name: string) => ({ source: `feed:${name}`, reason: 'missing' });

it('the first attempt waits for what it needs, and the next ones read nothing', async () => {
  await upload('bad-hosts', '203.0.113.9,85');
  await upload('other', '203.0.113.9');
  expect(await asked('203.0.113.9', ['bad-hosts'], NOW)).toEqual({ asked: 1, signals: [LISTED], silent: [] });
  expect(watch.reads).toEqual(['feed-index', 'feed:bad-hosts']);
  for (let index = 0; index < 1_000; index++) {
    expect(tables.prepare(feeds('bad-hosts'), NOW + index, afterwards)).toBeNull();
    expect(consult(['bad-hosts'], '203.0.113.8', NOW).signals).toEqual([]);
  }
  expect(watch.reads).toHaveLength(2);
});

it('many first attempts at once read once', async () => {
  await upload('bad-hosts', '203.0.113.9,85');
  const told = await Promise.all(Array.from({ length: 50 }, () => asked('203.0.113.9', ['bad-hosts'], NOW)));
  expect(told.every(({ signals }) => signals.length === 1)).toBe(true);
  expect(watch.reads).toEqual(['feed-index', 'feed:bad-hosts']);
});

it('a network is said where the address is not listed, and a score of 0 is no signal', async () => {
  await upload('bad-hosts', '203.0.113.9,0\nAS64500,40');
  await asked('203.0.113.9', ['bad-hosts'], NOW);
  const heard = (ip: string) => consult(['bad-hosts'], ip, NOW, 64500).signals;
  expect(heard('203.0.113.9')).toEqual([]);
  expect(heard('203.0.113.8')).toEqual([signal(40, 'its network AS64500 is on the feed bad-hosts')]);
});

it('counts by its weight, and a whisper not at all', async () => {
  await upload('bad-hosts', '203.0.113.9,85\n203.0.113.8,1');
  await asked('203.0.113.9', ['bad-hosts'], NOW);
  const heard = (ip: string) => tables.consult([{ name: 'bad-hosts', weight: 0.3 }], whence(ip), NOW).signals;
  expect([heard('203.0.113.9').map(({ score }) => score), heard('203.0.113.8')]).toEqual([[26], []]);
});

it('says what networks are for and whose a card is', async () => {
  await upload('classes', 'AS64500,hosting', '?kind=networks');
  await upload('bins', '457173,DK', '?kind=bins');
  expect([tables.classOf(64500), tables.issuerCountry('45717360')]).toEqual([null, null]);
  await tables.prepare(everything, NOW, afterwards);
  expect([tables.classOf(64500), tables.classOf(1), tables.issuerCountry('45717360')]).toEqual(['hosting', null, 'DK']);
});

it('several lists of a kind are asked in the order of their names', async () => {
  await upload('b', 'AS64500,vpn\nAS64501,vpn', '?kind=networks');
  await upload('a', 'AS64500,hosting', '?kind=networks');
  await tables.prepare(everything, NOW, afterwards);
  expect([tables.classOf(64500), tables.classOf(64501)]).toEqual(['hosting', 'vpn']);
});

describe('is missing', () => {
  it('where there are no feeds at all', async () => {
    expect(await asked('203.0.113.9', ['bad-hosts'], NOW)).toEqual({
      asked: 1,
      signals: [],
      silent: [missing('bad-hosts')],
    });
  });

  it('where it is a list of something else', async () => {
    await upload('classes', 'AS64500,hosting', '?kind=networks');
    expect((await asked('203.0.113.9', ['classes'], NOW)).silent).toEqual([missing('classes')]);
  });

  it('where KV is away, and is tried again five seconds later', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    watch.isAway = true;
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW)).silent).toEqual([missing('bad-hosts')]);
    expect(tables.prepare(feeds('bad-hosts'), NOW + 4_999, afterwards)).toBeNull();
    expect(watch.reads).toHaveLength(1);
    watch.isAway = false;
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 5_000)).signals).toEqual([LISTED]);
  });

  it('where KV is slow: nobody waits for longer than a quarter of a second', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    const gate = Promise.withResolvers<void>();
    watch.held = gate.promise;
    const from = performance.now();
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW)).silent).toEqual([missing('bad-hosts')]);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(tables.prepare(feeds('bad-hosts'), NOW + 250, afterwards)).toBeNull();
    gate.resolve();
    await settle();
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 300)).signals).toEqual([LISTED]);
  });

  it('where a reading died with the request that began it, another begins half a minute later', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    watch.held = new Promise<never>(() => {});
    await asked('203.0.113.9', ['bad-hosts'], NOW);
    watch.held = null;
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 29 * SECOND)).silent).toEqual([missing('bad-hosts')]);
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 30 * SECOND)).signals).toEqual([LISTED]);
  });

  it.each([
    ['is cut off', (bytes: Uint8Array) => bytes.slice(0, -7)],
    ['has a byte changed', (bytes: Uint8Array) => bytes.with(70, (bytes[70] ?? 0) ^ 4)],
    ['is empty', () => new Uint8Array()],
    ['is something else', () => new TextEncoder().encode('{"merchant":"acme"}')],
    ['is gone', () => null],
  ])('where its value %s', async (_, damage) => {
    await upload('bad-hosts', '203.0.113.9,85');
    const bytes = new Uint8Array((await env.MERCHANTS.get('feed:bad-hosts', 'arrayBuffer')) ?? new ArrayBuffer());
    const damaged = damage(bytes);
    if (damaged === null) await env.MERCHANTS.delete('feed:bad-hosts');
    else await env.MERCHANTS.put('feed:bad-hosts', damaged);
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW)).silent).toEqual([missing('bad-hosts')]);
    expect(String(alerts.mock.calls[0]?.[0])).toContain('feed_not_loaded');
    expect(tables.prepare(feeds('bad-hosts'), NOW + 1, afterwards)).toBeNull();
    await env.MERCHANTS.put('feed:bad-hosts', bytes);
    await tables.prepare(feeds('bad-hosts'), NOW + 30_000, afterwards);
    await settle();
    expect(consult(['bad-hosts'], '203.0.113.9', NOW).signals).toEqual([LISTED]);
  });

  it('where all of them together are too large for an isolate', async () => {
    await upload('bad-hosts', `203.0.113.9,85\n${addresses(1_000)}`);
    await upload('second', `203.0.113.9,20\n${addresses(1_000)}`);
    tables = new LoadedTables(new FeedStore(env.MERCHANTS), 10_000);
    const { signals, silent } = await asked('203.0.113.9', ['bad-hosts', 'second'], NOW);
    expect([signals.length, silent.length]).toEqual([1, 1]);
    expect(String(alerts.mock.calls[0]?.[0])).toContain('too large beside the others');
    // The same one again is no second one.
    await upload('bad-hosts', `203.0.113.9,10\n${addresses(1_000)}`);
    await asked('203.0.113.9', ['bad-hosts', 'second'], NOW + 30 * SECOND);
    await settle();
    expect(consult(['bad-hosts', 'second'], '203.0.113.9', NOW).signals).toHaveLength(1);
  });
});

describe('when something is new', () => {
  it('is read again within half a minute, in the background', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    await asked('203.0.113.9', ['bad-hosts'], NOW);
    await upload('bad-hosts', '203.0.113.9,20');
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 29 * SECOND)).signals).toEqual([LISTED]);
    // The attempt that finds it out does not wait.
    expect(tables.prepare(feeds('bad-hosts'), NOW + 30 * SECOND, afterwards)).toBeNull();
    await settle();
    expect(consult(['bad-hosts'], '203.0.113.9', NOW).signals).toMatchObject([{ score: 20 }]);
  });

  it('what did not change is not read again', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    for (let at = 0; at < 5; at++) {
      await asked('203.0.113.9', ['bad-hosts'], NOW + at * 30 * SECOND);
      await settle();
    }
    expect(watch.reads.filter((key) => key === 'feed:bad-hosts')).toHaveLength(1);
    expect(watch.reads.filter((key) => key === 'feed-index')).toHaveLength(5);
  });

  it('a feed that is deleted is forgotten, one that comes is found', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    await asked('203.0.113.9', ['bad-hosts', 'new'], NOW);
    await remove('bad-hosts');
    await upload('new', '203.0.113.9,10');
    await asked('203.0.113.9', ['bad-hosts', 'new'], NOW + 30 * SECOND);
    await settle();
    expect(await asked('203.0.113.9', ['bad-hosts', 'new'], NOW + 31 * SECOND)).toMatchObject({
      signals: [{ source: 'feed:new' }],
      silent: [missing('bad-hosts')],
    });
  });

  it('a content that is broken, or KV away, leaves the last good one', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    await asked('203.0.113.9', ['bad-hosts'], NOW);
    await upload('bad-hosts', '203.0.113.9,20');
    await env.MERCHANTS.put('feed:bad-hosts', 'broken');
    await asked('203.0.113.9', ['bad-hosts'], NOW + 30 * SECOND);
    await settle();
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 31 * SECOND)).signals).toEqual([LISTED]);
    watch.isAway = true;
    await asked('203.0.113.9', ['bad-hosts'], NOW + 60 * SECOND);
    await settle();
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 61 * SECOND)).signals).toEqual([LISTED]);
  });

  it('an index that is no index leaves what is held, and the next upload mends it', async () => {
    await upload('bad-hosts', '203.0.113.9,85');
    await asked('203.0.113.9', ['bad-hosts'], NOW);
    await env.MERCHANTS.put('feed-index', '{"feeds":[{"name":1}]}');
    await asked('203.0.113.9', ['bad-hosts'], NOW + 30 * SECOND);
    await settle();
    expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 31 * SECOND)).signals).toEqual([LISTED]);
    await upload('other', '203.0.113.9');
    expect(JSON.parse((await env.MERCHANTS.get('feed-index')) ?? '')).toMatchObject({
      feeds: [{ name: 'bad-hosts' }, { name: 'other' }],
    });
  });
});

it('a feed that was not refreshed for three intervals is stale: used, and said', async () => {
  await upload('bad-hosts', '203.0.113.9,85');
  const state = JSON.parse((await env.MERCHANTS.get('feed-index')) ?? '') as { feeds: Record<string, unknown>[] };
  const feed = { ...state.feeds[0], refreshSeconds: 3600, checkedAt: NOW };
  await env.MERCHANTS.put('feed-index', JSON.stringify({ feeds: [feed] }));
  expect((await asked('203.0.113.9', ['bad-hosts'], NOW + 10_800_000)).silent).toEqual([]);
  expect(await asked('203.0.113.9', ['bad-hosts'], NOW + 10_800_001)).toEqual({
    asked: 1,
    signals: [LISTED],
    silent: [{ source: 'feed:bad-hosts', reason: 'stale' }],
  });
});
