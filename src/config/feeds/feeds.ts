/**
 * Importing and refreshing feeds. Whatever comes in is held against what is in force: a text that is empty, unreadable,
 * too large or a sliver of the last one changes nothing, and the feed says why.
 */
import { log, nameOf } from '../../journal/log.ts';
import { encodeTable, versionOf } from '../../network/table-bytes.ts';
import { type ImportResult, TableImport } from '../../network/table-import.ts';
import type { Environment } from '../environment.ts';
import { FEEDS_LIMIT, type Feed, isDue, TABLE_LIMIT_BYTES } from './feed.ts';
import { type Download, download, readText, TOO_LARGE, type Validators } from './feed-download.ts';
import { FeedStore } from './feed-store.ts';

/** A feed that comes back with less than this share of its last content has lost it rather than shrunk. */
const LEAST_SHARE = 0.1;
const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

/** What a feed is to be. */
export interface FeedOrder extends Pick<Feed, 'name' | 'kind' | 'score' | 'url' | 'refreshSeconds'> {
  /** Takes a text that has shrunk to a sliver. */
  readonly force: boolean;
}

export type FeedResult =
  | { readonly kind: 'created' | 'replaced'; readonly feed: Feed }
  | { readonly kind: 'refused'; readonly message: string; readonly result: ImportResult | null }
  | { readonly kind: 'other_kind' | 'too_many' };

export class Feeds {
  readonly #kind: Environment['kind'];
  readonly #store: FeedStore;

  constructor({ kind, merchants }: Pick<Environment, 'kind' | 'merchants'>) {
    this.#kind = kind;
    this.#store = new FeedStore(merchants);
  }

  list(): Promise<readonly Feed[]> {
    return this.#store.list();
  }

  get(name: string): Promise<Feed | null> {
    return this.#store.read(name);
  }

  /** False for an unknown feed. */
  async delete(name: string, now: number): Promise<boolean> {
    const isKnown = (await this.#store.read(name)) !== null;
    await this.#store.delete(name);
    await this.#store.publish(now, { deleted: name });
    return isKnown;
  }

  /** Makes a feed of a text that was sent, or of what its source says now; `now` in ms since the epoch. */
  async put(order: FeedOrder, body: ReadableStream<Uint8Array> | null, now: number): Promise<FeedResult> {
    const before = await this.#store.read(order.name);
    if (before !== null && before.kind !== order.kind) return { kind: 'other_kind' };
    if (before === null && (await this.#store.list()).length >= FEEDS_LIMIT) return { kind: 'too_many' };
    const reading = new TableImport(order);
    const got = order.url === null ? await uploaded(body, reading) : await this.#ask(order.url, NO_VALIDATORS, reading);
    if (got.kind === 'failed') return { kind: 'refused', message: got.message, result: null };
    if (got.kind === 'unchanged') return { kind: 'refused', message: 'the source answered 304', result: null };
    const taken = await this.#take({ order, before, got, now });
    if ('refusal' in taken) return { kind: 'refused', message: taken.refusal, result: got.result };
    await this.#store.publish(now, { written: [taken.feed] });
    return { kind: before === null ? 'created' : 'replaced', feed: taken.feed };
  }

  /** Asks the sources of all feeds that are due; one that fails does not keep the others. */
  async refreshDue(now: number): Promise<void> {
    if ((await this.#store.index().catch(() => [])) === null) return;
    const due = (await this.#store.list()).filter((feed) => isDue(feed, now));
    const written: Feed[] = [];
    // One after the other: a table is made in memory, and there are 128 MB.
    for (const feed of due) {
      try {
        const refreshed = await this.#refresh(feed, now);
        if (refreshed !== null) written.push(refreshed);
      } catch (error) {
        alert(feed, nameOf(error));
      }
    }
    await this.#store.publish(now, { written });
  }

  /** The feed as it is now; null where somebody deleted it, or made another of it, while its source was asked. */
  async #refresh(feed: Feed, now: number): Promise<Feed | null> {
    const got = await this.#ask(feed.url ?? '', feed, new TableImport(feed));
    const still = await this.#store.read(feed.name);
    if (still === null || JSON.stringify(still) !== JSON.stringify(feed)) return null;
    if (got.kind === 'unchanged') return this.#keep({ ...feed, triedAt: now, checkedAt: now, lastError: null });
    const order = { ...feed, force: false };
    const taken =
      got.kind === 'failed' ? { refusal: got.message } : await this.#take({ order, before: feed, got, now });
    if ('feed' in taken) return taken.feed;
    alert(feed, taken.refusal);
    return this.#keep({ ...feed, triedAt: now, lastError: { at: now, message: taken.refusal } });
  }

  async #ask(url: string, validators: Validators, reading: TableImport): Promise<Download> {
    return download(url, validators, { reading, kind: this.#kind });
  }

  async #keep(feed: Feed): Promise<Feed> {
    await this.#store.write(feed);
    return feed;
  }

  /** Puts a good content in force; the table first, so that no state speaks of one that is not there. */
  async #take({
    order: { force, ...order },
    before,
    got: { result, validators },
    now,
  }: {
    readonly order: FeedOrder;
    readonly before: Feed | null;
    readonly got: Extract<Download, { kind: 'fetched' }>;
    readonly now: number;
  }): Promise<{ readonly feed: Feed } | { readonly refusal: string }> {
    const refusal = refusalOf(result, force ? null : before);
    if (!result.ok || refusal !== null) return { refusal: refusal ?? '' };
    const encoded = await encodeTable(result.table);
    if (encoded.byteLength > TABLE_LIMIT_BYTES)
      return { refusal: `the table would be larger than ${TABLE_LIMIT_BYTES} bytes` };
    await this.#store.writeTable(order.name, encoded);
    const { entries, badLines, faults } = result.report;
    const feed: Feed = {
      name: order.name,
      kind: order.kind,
      url: order.url,
      refreshSeconds: order.refreshSeconds,
      score: order.score,
      ...validators,
      version: versionOf(encoded),
      bytes: encoded.byteLength,
      entries,
      badLines,
      faults: [...faults],
      fetchedAt: now,
      checkedAt: now,
      triedAt: now,
      lastError: null,
    };
    return { feed: await this.#keep(feed) };
  }
}

async function uploaded(body: ReadableStream<Uint8Array> | null, reading: TableImport): Promise<Download> {
  const result = body === null ? reading.end() : await readText(body, reading);
  if (result === null) return { kind: 'failed', message: TOO_LARGE };
  return { kind: 'fetched', result, validators: NO_VALIDATORS };
}

/** Why a text is not taken; null where it is. */
function refusalOf(result: ImportResult, before: Feed | null): string | null {
  if (!result.ok) return REFUSALS[result.because];
  if (before === null || result.report.entries >= before.entries * LEAST_SHARE) return null;
  return `it has shrunk from ${before.entries} entries to ${result.report.entries}`;
}

const REFUSALS = {
  empty: 'the text has no entry',
  unreadable: 'most lines of the text are no entries',
  too_many: 'the text has too many entries',
} as const;

function alert({ name, fetchedAt }: Feed, error: string): void {
  log({ event: 'feed_not_refreshed', feed: name, error, in_force_since: new Date(fetchedAt).toISOString() });
}
