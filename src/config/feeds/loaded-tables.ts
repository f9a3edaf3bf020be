/**
 * The tables that an isolate holds: read from KV when they are first needed, and again when the index names another
 * content. No attempt reads KV while they are at hand; what is not at hand is silent, and says so.
 */
import type { Whence } from '../../attempt/attempt.ts';
import { log, nameOf } from '../../journal/log.ts';
import { classNamed } from '../../network/class-text.ts';
import { SHARED_SCORE_LIMIT } from '../../network/observations.ts';
import type { Intelligence, Signal, Silence } from '../../network/risk.ts';
import { countryOfBin, nameOfNetwork, scoreOf, type Table, type TableKind } from '../../network/table.ts';
import { decodeTable, versionOf } from '../../network/table-bytes.ts';
import type { Listened, Need, NetworkClass, Tables } from '../../network/tables.ts';
import { isStale, type ListedFeed, SHARED_FEED, SHARED_KEPT_MS } from './feed.ts';
import type { FeedStore } from './feed-store.ts';

/** How old an isolate's knowledge of what is new may be; KV adds up to a minute. */
const INDEX_KEPT_MS = 30_000;
/** After KV did not answer, or gave what is no table. */
const RETRY_MS = 5_000;
/** After an answer the platform lets work go on for 30 seconds: a look that has not ended by then died with its request. */
const GIVEN_UP_AFTER_MS = 30_000;
const MAX_SCORE = 100;
/** How long the first attempts of an isolate wait. */
const BUDGET_MS = 250;
/** Of an isolate's 128 MB. */
const HELD_LIMIT_BYTES = 32 * 1024 * 1024;

type Afterwards = (work: Promise<unknown>) => void;

interface Held {
  readonly version: string;
  readonly bytes: number;
  readonly table: Table;
}

export class LoadedTables implements Tables {
  readonly #store: FeedStore;
  readonly #heldLimitBytes: number;
  readonly #held = new Map<string, Held>();
  /** By name: which content could not be had, and when it is tried again. */
  readonly #failed = new Map<string, { readonly version: string; readonly until: number }>();
  readonly #wantedFeeds = new Set<string>();
  readonly #wantedKinds = new Set<TableKind>();
  #listed: ReadonlyMap<string, ListedFeed> | null = null;
  #lookedAt = 0;
  #lookAgainAt = 0;
  #looking: Promise<void> | null = null;

  constructor(store: FeedStore, heldLimitBytes = HELD_LIMIT_BYTES) {
    this.#store = store;
    this.#heldLimitBytes = heldLimitBytes;
  }

  /**
   * Sees to it that what is needed is at hand: null where it is, or where waiting would not help; otherwise a promise
   * that ends when it is, or a quarter of a second later. `now` in ms since the epoch.
   */
  prepare(need: Need, now: number, afterwards: Afterwards): Promise<void> | null {
    const isNew = this.#want(need);
    if (isNew || now >= this.#lookAgainAt) afterwards(this.#lookOnce(now));
    if (this.#looking === null || this.#hasAll(need)) return null;
    const left = this.#lookedAt + BUDGET_MS - now;
    return left > 0 ? patience(this.#looking, left) : null;
  }

  consult(feeds: readonly Listened[], whence: Whence, now: number): Intelligence {
    const signals: Signal[] = [];
    const silent: Silence[] = [];
    for (const { name, weight } of feeds) {
      const source = name === SHARED_FEED ? name : `feed:${name}`;
      const reason = this.#silenceOf(name, now);
      if (reason !== null) silent.push({ source, reason });
      const table = reason === 'missing' ? undefined : this.#held.get(name)?.table;
      const signal = table === undefined ? null : signalOf(table, whence, { name, weight });
      if (signal !== null) signals.push({ source, ...signal });
    }
    return { asked: feeds.length, signals, silent };
  }

  #silenceOf(name: string, now: number): 'missing' | 'stale' | null {
    const listed = this.#listed?.get(name);
    // Nothing was seen of anybody: that is an answer, where it is known that there is no such list.
    if (name === SHARED_FEED && this.#listed !== null && listed === undefined) return null;
    if (listed === undefined || this.#held.get(name)?.table.kind !== 'addresses') return 'missing';
    // What is seen is forgotten after a day, also where nobody comes to forget it.
    if (name === SHARED_FEED && now - listed.checkedAt > SHARED_KEPT_MS) return 'missing';
    return isStale(listed, now) ? 'stale' : null;
  }

  classOf(asn: number): NetworkClass | null {
    for (const table of this.#ofKind('networks')) {
      const name = nameOfNetwork(table, asn);
      if (name !== null) return classNamed(name);
    }
    return null;
  }

  issuerCountry(bin: string): string | null {
    for (const table of this.#ofKind('bins')) {
      const country = countryOfBin(table, bin);
      if (country !== null) return country;
    }
    return null;
  }

  /** By name, so that all isolates ask several lists of one kind in the same order. */
  *#ofKind(kind: TableKind): Generator<Table> {
    for (const { name } of this.#listed?.values() ?? []) {
      const table = this.#held.get(name)?.table;
      if (table?.kind === kind) yield table;
    }
  }

  /** Notes what is needed; true where something was not needed before. */
  #want({ feeds, kinds }: Need): boolean {
    const before = this.#wantedFeeds.size + this.#wantedKinds.size;
    for (const kind of kinds) this.#wantedKinds.add(kind);
    for (const feed of feeds) if (this.#isListable(feed)) this.#wantedFeeds.add(feed);
    return this.#wantedFeeds.size + this.#wantedKinds.size > before;
  }

  // Names come from configurations: those of no feed are not kept for ever.
  #isListable(feed: string): boolean {
    return this.#listed === null || this.#listed.has(feed);
  }

  #hasAll({ feeds, kinds }: Need): boolean {
    if (this.#listed === null) return false;
    const isAtHand = ({ name }: ListedFeed) => this.#held.has(name);
    return [...this.#listed.values()]
      .filter(({ name, kind }) => feeds.includes(name) || kinds.some((it) => it === kind))
      .every(isAtHand);
  }

  #lookOnce(now: number): Promise<void> {
    if (this.#looking !== null && now - this.#lookedAt < GIVEN_UP_AFTER_MS) return this.#looking;
    const looking = this.#look(now).finally(() => {
      if (this.#looking === looking) this.#looking = null;
    });
    this.#looking = looking;
    return looking;
  }

  async #look(now: number): Promise<void> {
    this.#lookedAt = now;
    this.#lookAgainAt = now + INDEX_KEPT_MS;
    try {
      const listed = (await this.#store.index()) ?? [];
      this.#listed = new Map(listed.map((feed) => [feed.name, feed]));
      for (const name of this.#held.keys()) if (!this.#listed.has(name)) this.#held.delete(name);
      // Again, for what others came to need meanwhile.
      for (let next = this.#toLoad(now); next.length > 0; next = this.#toLoad(now)) {
        await Promise.all(next.map((feed) => this.#load(feed, now)));
      }
    } catch (error) {
      this.#lookAgainAt = now + RETRY_MS;
      alert('index', nameOf(error));
    }
  }

  #toLoad(now: number): readonly ListedFeed[] {
    return [...(this.#listed?.values() ?? [])].filter((feed) => this.#isToLoad(feed, now));
  }

  #isToLoad({ name, kind, version }: ListedFeed, now: number): boolean {
    const failed = this.#failed.get(name);
    if (failed?.version === version && failed.until > now) return false;
    if (!this.#wantedFeeds.has(name) && !this.#wantedKinds.has(kind)) return false;
    return this.#held.get(name)?.version !== version;
  }

  /** What cannot be had leaves what is held: KV may show the content before last, and a broken one is no reason to forget. */
  async #load({ name, version }: ListedFeed, now: number): Promise<void> {
    const encoded = await this.#store.readTable(name).catch(() => null);
    const table = encoded === null ? null : await decodeTable(encoded);
    if (encoded === null || table === null || !this.#fits(name, encoded.byteLength)) {
      this.#failed.set(name, { version, until: now + INDEX_KEPT_MS });
      alert(name, encoded === null ? 'not there' : table === null ? 'broken' : 'too large beside the others');
      return;
    }
    const shown = versionOf(new Uint8Array(encoded));
    this.#held.set(name, { table, bytes: encoded.byteLength, version: shown });
    // KV still shows the content before: it is good, and the new one is looked for with the next index.
    if (shown !== version) this.#failed.set(name, { version, until: now + INDEX_KEPT_MS });
  }

  #fits(name: string, bytes: number): boolean {
    const others = [...this.#held].filter(([held]) => held !== name);
    return others.reduce((sum, [, held]) => sum + held.bytes, bytes) <= this.#heldLimitBytes;
  }
}

/** What a table says of an address or its network; null: nothing. */
export function signalOf(table: Table, { ip, asn }: Whence, { name, weight }: Listened): Omit<Signal, 'source'> | null {
  const found = scoreOf(table, ip, asn);
  const most = name === SHARED_FEED ? SHARED_SCORE_LIMIT : MAX_SCORE;
  const score = Math.min(most, Math.round((found?.score ?? 0) * weight));
  if (found === null || score === 0) return null;
  if (name === SHARED_FEED) return { score, message: 'payments from this address failed at other shops' };
  const subject = found.listed === 'address' ? 'the address' : `its network AS${asn}`;
  return { score, message: `${subject} is on the feed ${name}` };
}

/** Other work goes on when the time is over. */
async function patience(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}

function alert(feed: string, error: string): void {
  log({ event: 'feed_not_loaded', feed, error });
}
