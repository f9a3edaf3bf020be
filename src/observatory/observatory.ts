/**
 * The observatory: one Durable Object a deployment, in which merchants who share put together what they see of
 * addresses. What comes of it is a feed like any other, in KV, so that no payment ever asks this object.
 */
import { DurableObject } from 'cloudflare:workers';
import { parseWords } from '../attempt/ip-address.ts';
import type { IpPrefix } from '../attempt/ip-prefix.ts';
import { type Feed, SHARED_FEED } from '../config/feeds/feed.ts';
import { FeedStore } from '../config/feeds/feed-store.ts';
import { MERCHANT_ID } from '../config/merchant-schema.ts';
import { log, nameOf } from '../journal/log.ts';
import { type Observer, type Sighting, sharedScore } from '../network/observations.ts';
import { PrefixPile } from '../network/prefix-layers.ts';
import { entriesOf, type Table } from '../network/table.ts';
import { encodeTable, versionOf } from '../network/table-bytes.ts';
import { SightingLog } from './sighting-log.ts';

export const PUBLISHED_EVERY_MS = 600_000;
/** Unchanged, it is written again after this long, so that readers know that somebody still looks. */
const RENEWED_AFTER_MS = 3_600_000;
const BATCH_LIMIT = 500;
const ADDRESS_LENGTH_LIMIT = 64;
const PUBLISHED_LIMIT = 50_000;
const IPV6_COUNTED_BITS = 64;

export class Observatory extends DurableObject implements Observer {
  readonly #log: SightingLog;
  readonly #store: FeedStore;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#log = new SightingLog(ctx.storage.sql);
    this.#store = new FeedStore(env.MERCHANTS);
  }

  /** Takes what a merchant's edge has seen. A batch that is lost is lost: nothing is told twice. */
  async observe(merchant: string, sightings: readonly Sighting[], now: number): Promise<void> {
    const sound = sightings.slice(0, BATCH_LIMIT).filter(isSound);
    if (!MERCHANT_ID.test(merchant) || sound.length === 0) return;
    this.#log.add(merchant, sound, now);
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + PUBLISHED_EVERY_MS);
  }

  override alarm(): Promise<void> {
    return this.publish(Date.now());
  }

  /** Makes the feed of what is known; the alarm comes again while anything is. */
  async publish(now: number): Promise<void> {
    this.#log.forgetOld(now);
    if (!this.#log.isEmpty) await this.ctx.storage.setAlarm(now + PUBLISHED_EVERY_MS);
    try {
      await this.#write(this.#table(), now);
    } catch (error) {
      log({ event: 'shared_not_published', error: nameOf(error) });
      // KV was away: what is in force stays, and the next alarm writes.
      await this.ctx.storage.setAlarm(now + PUBLISHED_EVERY_MS);
    }
  }

  async #write(table: Table, now: number): Promise<void> {
    const before = await this.#store.read(SHARED_FEED);
    if (entriesOf(table) === 0) {
      if (before === null) return;
      await this.#store.delete(SHARED_FEED);
      return this.#store.publish(now, { deleted: SHARED_FEED });
    }
    const encoded = await encodeTable(table);
    const version = versionOf(encoded);
    if (before?.version === version && now - before.checkedAt < RENEWED_AFTER_MS) return;
    if (before?.version !== version) await this.#store.writeTable(SHARED_FEED, encoded);
    const fetchedAt = before?.version === version ? before.fetchedAt : now;
    const feed = feedOf({ version, bytes: encoded.byteLength, entries: entriesOf(table), fetchedAt, checkedAt: now });
    await this.#store.write(feed);
    await this.#store.publish(now, { written: [feed] });
  }

  #table(): Table {
    const scored: { readonly prefix: IpPrefix; readonly score: number }[] = [];
    for (const [address, byMerchant] of this.#log.suspects()) {
      const prefix = prefixOf(address);
      const score = sharedScore(byMerchant);
      if (prefix !== null && score > 0) scored.push({ prefix, score });
    }
    const [pile4, pile6] = [new PrefixPile(1), new PrefixPile(4)];
    for (const { prefix, score } of scored.toSorted((a, b) => b.score - a.score).slice(0, PUBLISHED_LIMIT)) {
      (prefix.words.length === 1 ? pile4 : pile6).add(prefix, score);
    }
    const [ipv4, ipv6] = [pile4.lay('highest'), pile6.lay('highest')];
    const values = Uint8Array.from([...ipv4.values, ...ipv6.values]);
    const none = { asns: new Uint32Array(), asnValues: new Uint8Array(), names: [] };
    return { kind: 'addresses', prefixes: { ipv4, ipv6 }, values, ...none };
  }
}

function feedOf(content: Pick<Feed, 'version' | 'bytes' | 'entries' | 'fetchedAt' | 'checkedAt'>): Feed {
  return {
    name: SHARED_FEED,
    kind: 'addresses',
    url: null,
    refreshSeconds: null,
    score: 0,
    etag: null,
    lastModified: null,
    badLines: 0,
    faults: [],
    triedAt: content.checkedAt,
    lastError: null,
    ...content,
  };
}

function isSound({ address, failures, successes }: Sighting): boolean {
  const isCount = (count: number) => Number.isFinite(count) && count >= 0 && count <= 10_000;
  return (
    address.length <= ADDRESS_LENGTH_LIMIT && prefixOf(address) !== null && isCount(failures) && isCount(successes)
  );
}

/** Of an address as counters use it. */
function prefixOf(address: string): IpPrefix | null {
  const [text = '', length] = address.split('/');
  const words = parseWords(text);
  if (words === null || (length !== undefined && length !== String(IPV6_COUNTED_BITS))) return null;
  return { words, length: length === undefined ? words.length * 32 : IPV6_COUNTED_BITS };
}
