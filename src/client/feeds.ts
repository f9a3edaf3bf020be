/**
 * Imported lists: what is said against addresses and networks, what networks are for, whose a card is. The admin's calls.
 */
import { type Line, pathOf } from './line.ts';

export type FeedKind = 'addresses' | 'networks' | 'bins';

export interface FeedOptions {
  /** `addresses` unless told. */
  readonly kind?: FeedKind | undefined;
  /** 0 to 100, of lines that name none; 80 unless told. */
  readonly score?: number | undefined;
  /** Takes a text that has shrunk to less than a tenth. */
  readonly force?: boolean | undefined;
}

export interface FeedSource extends FeedOptions {
  readonly url: string;
  /** 3,600 unless told; 300 to 604,800. */
  readonly refresh_seconds?: number | undefined;
}

export interface Feed {
  readonly name: string;
  readonly kind: FeedKind;
  /** Null: it was uploaded. */
  readonly url: string | null;
  readonly refresh_seconds: number | null;
  readonly score: number;
  /** Lines that were taken. */
  readonly entries: number;
  readonly bad_lines: number;
  /** The first few bad lines. */
  readonly faults: readonly { readonly line: number; readonly why: string; readonly text: string }[];
  readonly bytes: number;
  readonly version: string;
  /** When the content in force came. */
  readonly fetched_at: string;
  /** When its source last said that this is its content. */
  readonly checked_at: string;
  readonly is_stale: boolean;
  /** Why the last refresh changed nothing; null where it went well. */
  readonly last_error: { readonly at: string; readonly message: string } | null;
}

/** A source has 20 seconds, and a long list takes some to read. */
const IMPORT_TIMEOUT_MS = 60_000;

export class Feeds {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async list(): Promise<readonly Feed[]> {
    const path = pathOf('feeds');
    return (await this.#line.send<{ feeds: Feed[] }>({ method: 'GET', path, isRepeatable: true })).feeds;
  }

  async get(name: string): Promise<Feed> {
    return this.#line.send({ method: 'GET', path: pathOf('feeds', name), isRepeatable: true });
  }

  /** Imports a text. A 422 `unusable_feed` changes nothing; `failure.errors` names the first bad lines. */
  async upload(name: string, text: string, { kind, score, force }: FeedOptions = {}): Promise<Feed> {
    const query = new URLSearchParams({
      ...(kind !== undefined && { kind }),
      ...(score !== undefined && { score: String(score) }),
      ...(force === true && { force: 'true' }),
    });
    return this.#line.send({
      method: 'PUT',
      path: `${pathOf('feeds', name)}${query.size === 0 ? '' : `?${query}`}`,
      body: text,
      contentType: 'text/plain',
      timeoutMs: IMPORT_TIMEOUT_MS,
      isRepeatable: false,
    });
  }

  /** Has Cordon fetch a list itself: now, and from then on when it is due. */
  async follow(name: string, source: FeedSource): Promise<Feed> {
    const path = pathOf('feeds', name);
    return this.#line.send({ method: 'PUT', path, body: source, timeoutMs: IMPORT_TIMEOUT_MS, isRepeatable: false });
  }

  async delete(name: string): Promise<void> {
    await this.#line.send({ method: 'DELETE', path: pathOf('feeds', name), isRepeatable: false });
  }
}
