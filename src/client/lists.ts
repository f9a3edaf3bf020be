/**
 * A merchant's deny and allow lists.
 */

import type { Card } from './evaluations.ts';
import { type Line, pathOf } from './line.ts';

export type ListName = 'deny' | 'allow';
export type ListItemType =
  | 'ip'
  | 'cidr'
  | 'asn'
  | 'country'
  | 'card_fingerprint'
  | 'card_bin'
  | 'email'
  | 'email_domain'
  | 'customer_id';

export interface ListItemRequest {
  readonly type: ListItemType;
  readonly value?: string | undefined;
  /** Instead of a value, for `card_fingerprint`. */
  readonly card?: Card | undefined;
  readonly reason: string;
  /** RFC 3339 in UTC; it stays, unless told. */
  readonly expires_at?: string | undefined;
}

export interface ListItem {
  readonly id: string;
  readonly list: ListName;
  readonly type: ListItemType;
  /** Canonical; of an e-mail its first letter and its domain, of a card its fingerprint. */
  readonly value: string;
  readonly reason: string;
  /** `admin`, or `key:` and the id of the key that wrote it last. */
  readonly actor: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly expires_at: string | null;
}

export interface ListItemPage {
  readonly items: readonly ListItem[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

export interface ListQuery {
  readonly type?: ListItemType | undefined;
  /** With `type`: this item alone. */
  readonly value?: string | undefined;
  readonly cursor?: string | null | undefined;
  readonly limit?: number | undefined;
}

export interface ImportOptions {
  /** Looks at every line and puts nothing. */
  readonly dryRun?: boolean | undefined;
  /** For lines that give none, as `expiresAt`. */
  readonly reason?: string | undefined;
  readonly expiresAt?: string | undefined;
}

export interface Imported {
  readonly added: number;
  readonly updated: number;
  readonly refused: number;
  /** The first thousand lines that were not taken, counted from 1. */
  readonly lines: readonly { readonly line: number; readonly message: string }[];
  readonly dry_run: boolean;
  readonly is_complete: boolean;
}

const IMPORT_TIMEOUT_MS = 120_000;

export class Lists {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The items in force, a page at a time: 100 unless told, 1,000 at most. */
  async items(merchant: string, list: ListName, query: ListQuery = {}): Promise<ListItemPage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value) search.set(name, String(value));
    const path = `${pathOf('merchants', merchant, 'lists', list)}${search.size === 0 ? '' : `?${search}`}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /** In force at the next attempt. Said twice it is the same. */
  async put(merchant: string, list: ListName, item: ListItemRequest): Promise<ListItem> {
    const path = pathOf('merchants', merchant, 'lists', list);
    return this.#line.send({ method: 'POST', path, body: item, isRepeatable: true });
  }

  /** CSV whose first line names its columns: `type,value,reason,expires_at`. The same file again changes nothing. */
  async importCsv(merchant: string, list: ListName, csv: string, options: ImportOptions = {}): Promise<Imported> {
    const search = new URLSearchParams();
    if (options.dryRun === true) search.set('dry_run', 'true');
    if (options.reason !== undefined) search.set('reason', options.reason);
    if (options.expiresAt !== undefined) search.set('expires_at', options.expiresAt);
    const path = `${pathOf('merchants', merchant, 'lists', list)}${search.size === 0 ? '' : `?${search}`}`;
    const sending = { method: 'POST', path, body: csv, contentType: 'text/csv', timeoutMs: IMPORT_TIMEOUT_MS } as const;
    return this.#line.send({ ...sending, isRepeatable: true });
  }

  /** Gone at the next attempt. */
  async remove(merchant: string, list: ListName, id: string): Promise<void> {
    const path = pathOf('merchants', merchant, 'lists', list, id);
    await this.#line.send({ method: 'DELETE', path, isRepeatable: false });
  }
}
