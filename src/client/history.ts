/**
 * The history of a merchant's configuration: what was in force, by whom, and the way back.
 */
import { ifMatch, type Line, pathOf } from './line.ts';
import type { Configuration } from './merchants.ts';

export interface Version {
  /** A hash of the content; null where the merchant was deleted. */
  readonly version: string | null;
  readonly in_force: boolean;
  /** When it came into force. */
  readonly since: string;
  /** `admin`, `key:` and the key's id, `kv` for a write straight into KV, or `unknown`: older than the history. */
  readonly who: string;
  /** The version that was brought back by this. */
  readonly restores: string | null;
  readonly bytes: number;
}

export interface VersionPage {
  readonly versions: readonly Version[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

/** `before` is absent where something came, `after` where it went. */
export interface Difference {
  /** JSON Pointer into the later version; of what went, into the earlier. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** `differences` names the first thousand of `count`; `with` is null for the first version of all. */
export interface Comparison {
  readonly version: string;
  readonly with: string | null;
  readonly differences: readonly Difference[];
  readonly count: number;
}

export interface Restored {
  readonly version: string;
  readonly restores: string;
  readonly replaced: string | null;
}

export class Versions {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The newest first, a page at a time: 100 unless told, 500 at most. */
  async list(merchant: string, page: { cursor?: string | null; limit?: number } = {}): Promise<VersionPage> {
    const query = new URLSearchParams();
    if (page.limit !== undefined) query.set('limit', String(page.limit));
    if (page.cursor) query.set('cursor', page.cursor);
    const path = `${pathOf('merchants', merchant, 'versions')}${query.size === 0 ? '' : `?${query}`}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  async get(merchant: string, version: string): Promise<Configuration> {
    return this.#line.send({
      method: 'GET',
      path: pathOf('merchants', merchant, 'versions', version),
      isRepeatable: true,
    });
  }

  /** What a version changed, or how it differs from `other`. */
  async difference(merchant: string, version: string, other?: string): Promise<Comparison> {
    const query = other === undefined ? '' : `?${new URLSearchParams({ with: other })}`;
    const path = `${pathOf('merchants', merchant, 'versions', version, 'difference')}${query}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /** In force at the next attempt. A 422 lists every fault in `failure.errors`. `onlyIf`: the version that it may replace. */
  async restore(
    merchant: string,
    version: string,
    { onlyIf }: { onlyIf?: string | undefined } = {},
  ): Promise<Restored> {
    const path = pathOf('merchants', merchant, 'versions', version, 'restore');
    return this.#line.send({ method: 'POST', path, headers: ifMatch(onlyIf), isRepeatable: onlyIf === undefined });
  }
}

export interface Change {
  readonly id: string;
  readonly at: string;
  /** Null: it concerns the whole deployment. */
  readonly merchant: string | null;
  /** `admin`, `key:` and the key's id, or `kv`. */
  readonly who: string;
  /** `merchant.put`, `key.create` and the like. */
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

export interface ChangeQuery {
  /** RFC 3339. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly who?: string | undefined;
  /** `key.create`, or `key` for all that begin so. */
  readonly what?: string | undefined;
  /** 100 unless told, 500 at most. */
  readonly limit?: number | undefined;
  readonly cursor?: string | null | undefined;
}

/** Who changed what: the newest first, a page at a time. */
export class Changes {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async list(merchant: string, query: ChangeQuery = {}): Promise<ChangePage> {
    return this.#ask(pathOf('merchants', merchant, 'changes'), query);
  }

  /** Of all merchants, and of the deployment. Admin key only. */
  async listAll(query: ChangeQuery & { readonly merchant?: string | undefined } = {}): Promise<ChangePage> {
    return this.#ask(pathOf('changes'), query);
  }

  #ask(path: string, query: object): Promise<ChangePage> {
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) text.set(name, String(value));
    }
    return this.#line.send({ method: 'GET', path: text.size === 0 ? path : `${path}?${text}`, isRepeatable: true });
  }
}
