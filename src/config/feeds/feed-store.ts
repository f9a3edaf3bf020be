/**
 * Feeds in KV: `feed:{name}` holds a table's bytes, `feed-state:{name}` what is known of the feed, `feed-index` a short
 * copy of all states, so that an isolate reads one key to learn what is new. The states are the truth.
 */
import * as z from 'zod';
import { type Feed, feedSchema, type ListedFeed, listedFeedSchema } from './feed.ts';

const STATE_PREFIX = 'feed-state:';
const INDEX_KEY = 'feed-index';
/** KV's smallest. */
const CACHE_SECONDS = 30;
/** A list of KV's keys may be behind by this much: what is younger than this is not taken for deleted. */
const LIST_LAG_MS = 120_000;
/** KV takes one write a second of one key (Cloudflare documentation). */
const BETWEEN_WRITES_MS = 1_100;

const indexSchema = z.object({ feeds: z.array(listedFeedSchema) });

export class FeedStore {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** All feeds, by name. */
  async list(): Promise<readonly Feed[]> {
    const { keys } = await this.#kv.list({ prefix: STATE_PREFIX });
    const feeds = await Promise.all(keys.map(({ name }) => this.read(name.slice(STATE_PREFIX.length))));
    return feeds.filter((feed) => feed !== null);
  }

  /** Null for an unknown feed, and for a state that nobody can read. */
  async read(name: string): Promise<Feed | null> {
    const state = await this.#kv.get(`${STATE_PREFIX}${name}`, { cacheTtl: CACHE_SECONDS });
    const read = state === null ? null : feedSchema.safeParse(jsonOf(state));
    return read?.success ? read.data : null;
  }

  async readTable(name: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(`feed:${name}`, { type: 'arrayBuffer', cacheTtl: CACHE_SECONDS });
  }

  async writeTable(name: string, encoded: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#kv.put(`feed:${name}`, encoded);
  }

  async write(feed: Feed): Promise<void> {
    await this.#kv.put(`${STATE_PREFIX}${feed.name}`, JSON.stringify(feed));
  }

  async delete(name: string): Promise<void> {
    await this.#kv.delete(`${STATE_PREFIX}${name}`);
    await this.#kv.delete(`feed:${name}`);
  }

  /** Null where no feed was ever written. Throws when KV does not answer, or answers what is no index. */
  async index(): Promise<readonly ListedFeed[] | null> {
    const text = await this.#kv.get(INDEX_KEY, { cacheTtl: CACHE_SECONDS });
    if (text === null) return null;
    return indexSchema.parse(jsonOf(text)).feeds;
  }

  /** Makes the index say what the states say; `changed` is what this caller just wrote or deleted. */
  async publish(now: number, changed: { readonly written?: readonly Feed[]; readonly deleted?: string } = {}) {
    const { written = [], deleted } = changed;
    const listed = new Map<string, ListedFeed>();
    // One that nobody can read is written anew.
    const before = (await this.index().catch(() => null)) ?? [];
    for (const feed of before) if (now - feed.checkedAt < LIST_LAG_MS) listed.set(feed.name, feed);
    for (const feed of [...(await this.list()), ...written]) listed.set(feed.name, listedFeedSchema.parse(feed));
    if (deleted !== undefined) listed.delete(deleted);
    const feeds = [...listed.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (JSON.stringify(feeds) !== JSON.stringify(before)) await this.#writeIndex(JSON.stringify({ feeds }));
  }

  async #writeIndex(text: string): Promise<void> {
    try {
      await this.#kv.put(INDEX_KEY, text);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_WRITES_MS));
      await this.#kv.put(INDEX_KEY, text);
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
