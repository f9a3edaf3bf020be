/**
 * The observatory: takes what merchants see, makes a feed of it, forgets it after a day, and bounds all of it.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { FeedStore } from '../../src/config/feeds/feed-store.ts';
import { scoreOf } from '../../src/network/table.ts';
import { decodeTable } from '../../src/network/table-bytes.ts';
import { type Observatory, PUBLISHED_EVERY_MS } from '../../src/observatory/observatory.ts';
import { forgetFeeds } from '../support/feeds.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2090, 0, 15, 12);
let made = 0;
let observatory: DurableObjectStub<Observatory>;
beforeEach(async () => {
  await forgetFeeds();
  observatory = env.OBSERVATORY.getByName(`o${++made}`) as unknown as typeof observatory;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const sighting = (address: string, failures: number, successes = 0) => ({ address, failures, successes });
const observe = (merchant: string, sightings: ReturnType<typeof sighting>[], now = NOW) =>
  runInDurableObject(observatory, (it: Observatory) => it.observe(merchant, sightings, now));
const publish = (now = NOW) => runInDurableObject(observatory, (it: Observatory) => it.publish(now));

async function published(ip: string): Promise<number | null> {
  const encoded = await env.MERCHANTS.get('feed:shared', 'arrayBuffer');
  const table = encoded === null ? null : await decodeTable(encoded);
  const address = parseIp(ip);
  return table === null || address === null ? null : (scoreOf(table, address, null)?.score ?? 0);
}

const rows = () =>
  runInDurableObject(observatory, (_, { storage }) => [...storage.sql.exec('SELECT * FROM sightings')].length);

it('an address that failed at two merchants is in the feed, one that failed at one is not', async () => {
  await observe('a', [sighting('203.0.113.9', 4), sighting('203.0.113.8', 400)]);
  await observe('b', [sighting('203.0.113.9', 4), sighting('2001:db8:1:2::/64', 5)]);
  await observe('c', [sighting('2001:db8:1:2::/64', 5)]);
  await publish();
  expect([await published('203.0.113.9'), await published('203.0.113.8')]).toEqual([24, 0]);
  expect([await published('2001:db8:1:2:3::4'), await published('2001:db8:1:3::4')]).toEqual([30, 0]);
  expect(await new FeedStore(env.MERCHANTS).index()).toMatchObject([{ name: 'shared', kind: 'addresses' }]);
});

it('good payments are counted for it', async () => {
  await observe('a', [sighting('203.0.113.9', 4)]);
  await observe('b', [sighting('203.0.113.9', 4)]);
  await observe('a', [sighting('203.0.113.9', 0, 1)]);
  await publish();
  expect(await published('203.0.113.9')).toBe(18);
  await observe('c', [sighting('203.0.113.9', 0, 10)]);
  await publish(NOW + PUBLISHED_EVERY_MS);
  expect(await published('203.0.113.9')).toBeNull();
});

it('is forgotten a day later, whatever is seen of others meanwhile', async () => {
  await observe('a', [sighting('203.0.113.9', 5)]);
  await observe('b', [sighting('203.0.113.9', 5)]);
  await observe('a', [sighting('203.0.113.8', 5)], NOW + 20 * HOUR);
  await observe('b', [sighting('203.0.113.8', 5)], NOW + 20 * HOUR);
  await publish(NOW + 23 * HOUR);
  expect([await published('203.0.113.9'), await published('203.0.113.8')]).toEqual([30, 30]);
  await publish(NOW + 24 * HOUR);
  expect([await published('203.0.113.9'), await published('203.0.113.8')]).toEqual([0, 30]);
  await publish(NOW + 44 * HOUR);
  expect(await rows()).toBe(0);
  expect((await env.MERCHANTS.list({ prefix: 'feed:' })).keys).toEqual([]);
  expect(await new FeedStore(env.MERCHANTS).index()).toEqual([]);
});

it('the alarm publishes, comes again while anything is known, and then no more', async () => {
  expect(await runDurableObjectAlarm(observatory)).toBe(false);
  const now = Date.now();
  await observe('a', [sighting('203.0.113.9', 5)], now);
  await observe('b', [sighting('203.0.113.9', 5)], now);
  expect(await runDurableObjectAlarm(observatory)).toBe(true);
  expect(await published('203.0.113.9')).toBe(30);
  expect(await runDurableObjectAlarm(observatory)).toBe(true);
  await publish(now + 25 * HOUR);
  await runDurableObjectAlarm(observatory);
  expect(await runDurableObjectAlarm(observatory)).toBe(false);
});

it('what did not change is not written again, but hourly', async () => {
  await observe('a', [sighting('203.0.113.9', 5)]);
  await observe('b', [sighting('203.0.113.9', 5)]);
  await publish();
  const before = await new FeedStore(env.MERCHANTS).read('shared');
  await publish(NOW + PUBLISHED_EVERY_MS);
  expect(await new FeedStore(env.MERCHANTS).read('shared')).toEqual(before);
  await publish(NOW + HOUR);
  expect(await new FeedStore(env.MERCHANTS).read('shared')).toEqual({
    ...before,
    checkedAt: NOW + HOUR,
    triedAt: NOW + HOUR,
  });
});

it('KV that is away loses nothing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await observe('a', [sighting('203.0.113.9', 5)]);
  await observe('b', [sighting('203.0.113.9', 5)]);
  const put = vi.spyOn(FeedStore.prototype, 'writeTable').mockRejectedValue(new Error('KV PUT failed: 503'));
  await publish();
  expect(await published('203.0.113.9')).toBeNull();
  put.mockRestore();
  await publish(NOW + PUBLISHED_EVERY_MS);
  expect(await published('203.0.113.9')).toBe(30);
});

describe('takes nothing that is no sighting', () => {
  it.each([
    ['an address with a port', 'a', sighting('203.0.113.9:443', 5)],
    ['a prefix', 'a', sighting('203.0.113.0/24', 5)],
    ['all of IPv6', 'a', sighting('::/0', 5)],
    ['a name', 'a', sighting('localhost', 5)],
    ['a long text', 'a', sighting('1'.repeat(10_000), 5)],
    ['infinitely many failures', 'a', sighting('203.0.113.9', Number.POSITIVE_INFINITY)],
    ['fewer failures than none', 'a', sighting('203.0.113.9', -5)],
    ['no number', 'a', sighting('203.0.113.9', Number.NaN)],
    ['no merchant', 'No Merchant', sighting('203.0.113.9', 5)],
  ])('%s', async (_, merchant, one) => {
    await observe(merchant, [one]);
    expect(await rows()).toBe(0);
  });

  it('nor more than a batch', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => sighting(`10.0.${index >> 8}.${index & 255}`, 1));
    await observe('a', many);
    expect(await rows()).toBe(500);
  });
});

it('a merchant that sees a new address each time does not crowd out the others', async () => {
  const rowsOf = (merchant: string) =>
    runInDurableObject(
      observatory,
      (_, { storage }) => storage.sql.exec('SELECT COUNT(*) AS n FROM sightings WHERE merchant = ?', merchant).one().n,
    );
  await runInDurableObject(observatory, (_, { storage }) => {
    storage.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99998)
      INSERT INTO sightings SELECT ${Math.floor(NOW / HOUR)}, 'x' || i, 'loud', 1, 0 FROM n`);
  });
  // Counted anew at the next alarm.
  await publish();
  await observe('loud', [sighting('203.0.113.1', 5), sighting('203.0.113.2', 5), sighting('203.0.113.3', 5)]);
  expect(await rowsOf('loud')).toBe(100_000);
  await observe('quiet', [sighting('203.0.113.1', 5)]);
  expect(await rowsOf('quiet')).toBe(1);
});
