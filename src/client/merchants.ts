/**
 * A merchant's configuration, keys and blocks: the calls of whoever manages it.
 */

import type { Card } from './evaluations.ts';
import { ifMatch, type Line, pathOf } from './line.ts';
import type { ListItem, ListItemType } from './lists.ts';

/** A merchant's configuration, as the documentation lists its fields. What a release does not know, it refuses. */
export type Configuration = { readonly id: string } & Readonly<Record<string, unknown>>;

export type Scope = 'evaluate' | 'report' | 'manage';

export interface KeyRequest {
  readonly name?: string | undefined;
  /** All that the calling key has, when none is named. */
  readonly scopes?: readonly Scope[] | undefined;
}

export interface Key {
  readonly id: string;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  /** `admin`, or `key:` and the id of the key that made it; null where an earlier release did. */
  readonly created_by: string | null;
}

/** `key` is told here once, and never again. */
export interface NewKey extends Key {
  readonly key: string;
}

export interface Hold {
  readonly id: string;
  readonly rule: string;
  /** Of the rule: `enforce` refuses, `shadow` only records, `off` is out of force by now. */
  readonly mode: 'enforce' | 'shadow' | 'off';
  /** `shut` refuses; `counting` is below its limit; `in_flight` is a place that an attempt holds. */
  readonly state: 'shut' | 'counting' | 'in_flight';
  /** Cordon's own fingerprint of the card. */
  readonly card: string | null;
  /** The address, or the /64 of an IPv6 one. */
  readonly ip: string | null;
  readonly customer_id: string | null;
  /** All that its key is made of, by dimension; an e-mail and a device are keyed digests. */
  readonly by: Readonly<Record<string, string>>;
  /** What it counts: `failures`, `distinct_cards`, … */
  readonly counts: string;
  /** What becomes of an attempt beyond the limit. */
  readonly then: 'block' | 'challenge' | 'review';
  /** How much of it there is; failures, unless `counts` says otherwise. */
  readonly failures: number;
  readonly limit: number;
  readonly since: string | null;
  readonly until: string | null;
}

export interface Blocks {
  readonly blocks: readonly (Hold & { readonly denied_by: readonly ListItemType[] })[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

/** What was lifted: `lifted` names the first thousand of `count`. */
export interface Lifted {
  readonly lifted: readonly Hold[];
  readonly count: number;
  /** By his card's bank, his mailbox's domain or everybody: they hold others too, and stay. Lift one by its `id`. */
  readonly shared_holds: readonly Hold[];
  /** What of the deny list names the payer: it refuses him still, unless it was removed. */
  readonly deny_items: readonly (ListItem & { readonly is_removed: boolean })[];
}

/** At least one of them. */
export interface Payer {
  readonly card?: Card | undefined;
  readonly ip?: string | undefined;
  readonly customer_id?: string | undefined;
  readonly email?: string | undefined;
  /** Also takes off the deny list what names this payer alone. */
  readonly remove_deny_items?: boolean | undefined;
}

export class Merchants {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The ids of all merchants. Admin key only. */
  async list(): Promise<readonly string[]> {
    const path = pathOf('merchants');
    const { merchants } = await this.#line.send<{ merchants: string[] }>({ method: 'GET', path, isRepeatable: true });
    return merchants;
  }

  async get(id: string): Promise<Configuration> {
    return this.#line.send({ method: 'GET', path: pathOf('merchants', id), isRepeatable: true });
  }

  /**
   * Writes the whole configuration, given as an object or as JSON. A 422 lists every fault in `failure.errors`. `onlyIf`:
   * the version that it may replace; a 412 says that another is in force.
   */
  async put(
    id: string,
    configuration: Configuration | string,
    { onlyIf }: { onlyIf?: string | undefined } = {},
  ): Promise<Configuration> {
    const path = pathOf('merchants', id);
    const headers = ifMatch(onlyIf);
    return this.#line.send({ method: 'PUT', path, body: configuration, headers, isRepeatable: onlyIf === undefined });
  }

  /** Admin key only. */
  async delete(id: string): Promise<void> {
    await this.#line.send({ method: 'DELETE', path: pathOf('merchants', id), isRepeatable: false });
  }
}

export class Keys {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async list(merchant: string): Promise<readonly Key[]> {
    const path = pathOf('merchants', merchant, 'keys');
    return (await this.#line.send<{ keys: Key[] }>({ method: 'GET', path, isRepeatable: true })).keys;
  }

  async create(merchant: string, request: KeyRequest = {}): Promise<NewKey> {
    const path = pathOf('merchants', merchant, 'keys');
    return this.#line.send({ method: 'POST', path, body: request, isRepeatable: false });
  }

  async revoke(merchant: string, id: string): Promise<void> {
    await this.#line.send({ method: 'DELETE', path: pathOf('merchants', merchant, 'keys', id), isRepeatable: false });
  }
}

export class BlockList {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** What is shut, a page at a time: 100 unless told, 1,000 at most. */
  async list(merchant: string, page: { cursor?: string | null; limit?: number } = {}): Promise<Blocks> {
    const query = new URLSearchParams();
    if (page.limit !== undefined) query.set('limit', String(page.limit));
    if (page.cursor) query.set('cursor', page.cursor);
    const path = `${pathOf('merchants', merchant, 'blocks')}${query.size === 0 ? '' : `?${query}`}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /** Opens one block. */
  async lift(merchant: string, id: string): Promise<void> {
    await this.#line.send({ method: 'DELETE', path: pathOf('merchants', merchant, 'blocks', id), isRepeatable: false });
  }

  /** Lifts every hold on a payer, and says which they were. Not repeated: the second time there would be none. */
  async unblock(merchant: string, payer: Payer): Promise<Lifted> {
    const path = pathOf('merchants', merchant, 'unblock');
    return this.#line.send({ method: 'POST', path, body: payer, isRepeatable: false });
  }
}
