/**
 * The merchant's deny and allow lists: a row an item, looked up by primary key, so that a look-up does not grow with the
 * list. What of them there is at all is in memory: a merchant without items is asked nothing. Times: ms since the epoch.
 */
import {
  ADDRESS_TYPES,
  type Hit,
  ITEMS_LIMIT,
  type Item,
  type ItemType,
  LISTS,
  type Listed,
  type ListName,
  type ListQuestion,
  type Name,
  type Power,
  powerOf,
} from '../lists/item.ts';
import { prefixesOf } from '../lists/names.ts';
import type {
  AddressChanges,
  ItemPage,
  ItemQuery,
  ListsTold,
  ListsWord,
  Put,
  Putting,
  Removed,
} from './list-messages.ts';
import { ListState } from './list-state.ts';

// The index finds what changed among the denied addresses: isolates hold copies of those (proxy/denied-addresses.ts).
const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS list_items (
     list TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, label TEXT, reason TEXT NOT NULL,
     actor TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, expires_at INTEGER,
     change INTEGER NOT NULL, PRIMARY KEY (list, type, value)) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS denied_addresses ON list_items (change)
     WHERE list = 'deny' AND type IN ('ip', 'cidr', 'asn', 'country')`,
];
/** The names come as JSON: one statement, however many they are (a statement takes 100 parameters). */
export const LOOK_UP = `SELECT i.list, i.type, i.value, i.reason FROM json_each(?1) n CROSS JOIN list_items i
  WHERE i.list IN ('deny', 'allow') AND i.type = n.value ->> 0 AND i.value = n.value ->> 1
    AND (i.expires_at IS NULL OR i.expires_at > ?2)`;
const NOTHING: Listed = { deny: [], allow: [] };
const SWEPT_AT_ONCE = 500;
/** So long a copy of the denied addresses may stay away and still learn what has gone. */
export const GONE_KEPT_MS = 3_600_000;

interface Row extends Record<string, SqlStorageValue> {
  list: ListName;
  type: ItemType;
  value: string;
  label: string | null;
  reason: string;
  actor: string;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
}

export class Lists {
  readonly #sql: SqlStorage;
  readonly #state: ListState;
  #sweptTo: readonly [string, string, string] = ['', '', ''];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
    this.#state = new ListState(sql);
  }

  /** What is there; null where there never was anything. */
  get word(): ListsWord | null {
    return this.#state.word;
  }

  /** Whether somebody who knows of a word of `knownAt` (undefined: of none) must hear another. */
  isNews(knownAt: number | undefined): boolean {
    return this.#state.isNews(knownAt);
  }

  get isEmpty(): boolean {
    return this.#state.items === 0;
  }

  /** What is said to whoever asks; nothing to who does not. */
  tell(question: ListQuestion | undefined, cards: readonly string[], now: number): ListsTold {
    if (question === undefined) return {};
    const { names, allow } = question;
    const hits = this.#lookUp(names, now);
    this.#follow(hits, cards);
    const of = (list: ListName) =>
      hits.filter((hit) => hit.list === list).map(({ type, reason }) => ({ type, reason }));
    return { listed: { deny: of('deny'), allow: of('allow').filter(({ type }) => allow.includes(type)) } };
  }

  /** Which of these names stand on the deny list, whatever is in force. */
  denied(names: readonly Name[], now: number): readonly Name[] {
    return this.#lookUp(names, now).flatMap(({ list, type, value }): Name[] =>
      list === 'deny' ? [[type, value]] : [],
    );
  }

  put({ list, actor, items }: Putting, now: number): Put {
    const known = this.#count(list, items);
    const room = ITEMS_LIMIT - this.#state.items;
    if (items.length - known.rows > room) return { kind: 'full', room };
    const change = this.#state.nextChange();
    this.#sql.exec(
      `INSERT INTO list_items (list, type, value, label, reason, actor, created_at, updated_at, expires_at, change)
         SELECT ?1, n.value ->> 'type', n.value ->> 'value', n.value ->> 'label', n.value ->> 'reason', ?2, ?3, ?3,
           n.value ->> 'expiresAt', ?4 FROM json_each(?5) n WHERE true
         ON CONFLICT (list, type, value) DO UPDATE SET label = excluded.label, reason = excluded.reason,
           actor = excluded.actor, updated_at = excluded.updated_at, expires_at = excluded.expires_at,
           change = excluded.change,
           created_at = iif(expires_at <= excluded.updated_at, excluded.created_at, created_at)`,
      list,
      actor,
      now,
      change,
      JSON.stringify(items),
    );
    const word = this.#state.add({ list, items, rows: items.length - known.rows }, now);
    return { kind: 'put', added: items.length - known.live(now), updated: known.live(now), word };
  }

  /** Gone at the next look-up. What tells about an address leaves a trace for those who hold a copy. */
  remove(list: ListName, [type, value]: Name, now: number): Removed {
    const item = this.#get(list, [type, value], now);
    if (item === null) return { item, word: this.word };
    const isCopied = list === 'deny' && ADDRESS_TYPES.some((one) => one === type);
    if (isCopied) {
      this.#sql.exec(
        'UPDATE list_items SET expires_at = ?, updated_at = ?, change = ? WHERE list = ? AND type = ? AND value = ?',
        now,
        now,
        this.#state.nextChange(),
        list,
        type,
        value,
      );
    } else this.#delete([list, type, value]);
    this.#state.remove(isCopied ? 0 : 1);
    return { item, word: this.#state.look(list, type, now) };
  }

  /** In order of type and value. */
  list({ list, type, value, after, limit }: ItemQuery, now: number): ItemPage {
    const [afterType, afterValue] = after ?? ['', ''];
    const [where, from] =
      type === undefined
        ? (['(type, value) > (?2, ?3)', [afterType, afterValue]] as const)
        : value === undefined
          ? (['type = ?2 AND value > ?3', [type, afterType === type ? afterValue : '']] as const)
          : (['type = ?2 AND value = ?3', [type, value]] as const);
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM list_items WHERE list = ?1 AND ${where} AND (expires_at IS NULL OR expires_at > ?4)
           ORDER BY type, value LIMIT ?5`,
        list,
        ...from,
        now,
        limit + 1,
      )
      .toArray();
    const items = rows.slice(0, limit).map(itemOf);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? [last.type, last.value] : null };
  }

  /** What changed among the denied addresses from behind `change`, a stretch at a time. */
  addressChanges(after: number, limit: number): AddressChanges {
    const rows = this.#sql
      .exec<{ type: ItemType; value: string; expires_at: number | null; change: number }>(
        `SELECT type, value, expires_at, change FROM list_items INDEXED BY denied_addresses
           WHERE list = 'deny' AND type IN ('ip', 'cidr', 'asn', 'country') AND change > ? ORDER BY change LIMIT ?`,
        after,
        limit,
      )
      .toArray();
    const items = rows.map(({ type, value, expires_at }) => [type, value, expires_at] as const);
    return { items, change: rows.at(-1)?.change ?? after, isComplete: rows.length < limit };
  }

  /** Deletes what is over, a stretch at a time; true when the round is complete. */
  sweep(now: number): boolean {
    if (this.isEmpty) return true;
    const rows = this.#sql
      .exec<Row>(
        `SELECT list, type, value, expires_at FROM list_items WHERE (list, type, value) > (?, ?, ?)
           ORDER BY list, type, value LIMIT ?`,
        ...this.#sweptTo,
        SWEPT_AT_ONCE,
      )
      .toArray();
    const over = rows.filter(({ expires_at: at }) => at !== null && at <= now - GONE_KEPT_MS);
    for (const { list, type, value } of over) this.#delete([list, type, value]);
    if (over.length > 0) this.#state.remove(over.length);
    const last = rows.at(-1);
    const isComplete = rows.length < SWEPT_AT_ONCE || last === undefined;
    this.#sweptTo = isComplete ? ['', '', ''] : [last.list, last.type, last.value];
    if (isComplete) this.#lookAgain(now);
    return isComplete;
  }

  /** Those of a deleted merchant refuse nobody of a later one with its id. */
  clear(): void {
    this.#sql.exec('DELETE FROM list_items');
    this.#state.clear();
  }

  #lookAgain(now: number): void {
    for (const list of LISTS) for (const type of this.word?.[list] ?? []) this.#state.look(list, type, now);
  }

  #lookUp(names: readonly Name[], now: number): readonly (Name2Hit & { readonly list: ListName })[] {
    if (this.isEmpty || names.length === 0) return [];
    const lengths = this.#state.lengths;
    const all = names.flatMap(([type, value]): readonly Name[] =>
      type === 'cidr' ? prefixesOf(value, lengths).map((prefix): Name => [type, prefix]) : [[type, value]],
    );
    return this.#sql.exec<Row>(LOOK_UP, JSON.stringify(all), now).toArray();
  }

  /** An item under an earlier fingerprint key goes on under the current one: a second rotation would lose it. */
  #follow(hits: readonly (Name2Hit & { readonly list: ListName })[], [current, ...former]: readonly string[]): void {
    if (current === undefined || former.length === 0) return;
    for (const { list, type, value } of hits) {
      if (type !== 'card_fingerprint' || !former.includes(value)) continue;
      this.#sql.exec(
        `UPDATE OR REPLACE list_items SET value = ? WHERE list = ? AND type = ? AND value = ?`,
        current,
        list,
        type,
        value,
      );
    }
  }

  #get(list: ListName, [type, value]: Name, now: number): Item | null {
    return this.list({ list, type, value, after: null, limit: 1 }, now).items[0] ?? null;
  }

  /** How many of these stand there, and how many of them are still items. */
  #count(list: ListName, items: Putting['items']): { rows: number; live: (now: number) => number } {
    const found = this.#sql
      .exec<{ expires_at: number | null }>(
        `SELECT i.expires_at FROM json_each(?2) n CROSS JOIN list_items i
           WHERE i.list = ?1 AND i.type = n.value ->> 'type' AND i.value = n.value ->> 'value'`,
        list,
        JSON.stringify(items.map(({ type, value }) => ({ type, value }))),
      )
      .toArray();
    const live = (now: number) => found.filter(({ expires_at: at }) => at === null || at > now).length;
    return { rows: found.length, live };
  }

  #delete(key: readonly [string, string, string]): void {
    this.#sql.exec('DELETE FROM list_items WHERE list = ? AND type = ? AND value = ?', ...key);
  }
}

type Name2Hit = Hit & { readonly value: string };

/** Whether what was found is enough for an attempt that something else would stop. */
export function isEnough(enough: readonly (readonly Power[])[], { allow }: Listed = NOTHING): boolean {
  const found = new Set(allow.map(({ type }) => powerOf(type)));
  return enough.some((powers) => powers.every((power) => found.has(power)));
}

function itemOf(row: Row): Item {
  const { type, value, label, reason, actor, created_at, updated_at, expires_at } = row;
  return { type, value, label, reason, actor, createdAt: created_at, updatedAt: updated_at, expiresAt: expires_at };
}
