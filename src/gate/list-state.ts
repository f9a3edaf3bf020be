/**
 * What is known of the lists without looking through them: which types they hold, how many rows, which lengths their
 * prefixes have, and the number of the last change. One row, and a copy in memory. Times are ms since the epoch.
 */
import { ITEM_TYPES, type Item, type ItemType, type ListName } from '../lists/item.ts';
import type { PrefixLengths } from '../lists/names.ts';
import type { ListsWord } from './list-messages.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS list_state (
  id INTEGER PRIMARY KEY CHECK (id = 1), items INTEGER NOT NULL, change INTEGER NOT NULL, word TEXT NOT NULL,
  lengths TEXT NOT NULL)`;

interface State {
  readonly items: number;
  readonly change: number;
  readonly word: ListsWord | null;
  readonly lengths: PrefixLengths;
}

const NOTHING: State = { items: 0, change: 0, word: null, lengths: { ipv4: [], ipv6: [] } };

interface Added {
  readonly list: ListName;
  readonly items: readonly Pick<Item, 'type' | 'value'>[];
  /** How many rows are new. */
  readonly rows: number;
}

export class ListState {
  readonly #sql: SqlStorage;
  #state: State;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    const [row] = sql.exec<{ items: number; change: number; word: string; lengths: string }>(
      'SELECT items, change, word, lengths FROM list_state WHERE id = 1',
    );
    this.#state =
      row === undefined ? NOTHING : { ...row, word: JSON.parse(row.word), lengths: JSON.parse(row.lengths) };
  }

  get items(): number {
    return this.#state.items;
  }

  get word(): ListsWord | null {
    return this.#state.word;
  }

  get lengths(): PrefixLengths {
    return this.#state.lengths;
  }

  /** A word that says that nothing is there is news only to who takes an earlier one for true. */
  isNews(knownAt: number | undefined): boolean {
    const { word } = this.#state;
    if (word === null || word.at <= (knownAt ?? 0)) return false;
    return knownAt !== undefined || word.deny.length + word.allow.length > 0;
  }

  /** Written with what it is the number of. */
  nextChange(): number {
    this.#state = { ...this.#state, change: this.#state.change + 1 };
    return this.#state.change;
  }

  add({ list, items, rows }: Added, now: number): ListsWord {
    const { word, lengths } = this.#state;
    const known = new Set(word?.[list]);
    const types = new Set([...known, ...items.map(({ type }) => type)]);
    const before = word ?? { at: 0, deny: [], allow: [] };
    const isKnown = word !== null && types.size === known.size;
    const next = isKnown ? word : { ...before, [list]: inOrder(types), at: laterThan(before, now) };
    this.#put({
      ...this.#state,
      items: this.#state.items + rows,
      word: next,
      lengths: withLengths(lengths, items),
    });
    return next;
  }

  remove(rows: number): void {
    this.#put({ ...this.#state, items: this.#state.items - rows });
  }

  /** Looks whether a type is still there. */
  look(list: ListName, type: ItemType, now: number): ListsWord | null {
    const { word } = this.#state;
    if (word === null || !word[list].includes(type) || this.#isThere(list, type, now)) return word;
    const left = word[list].filter((one) => one !== type);
    this.#put({ ...this.#state, word: { ...word, [list]: left, at: laterThan(word, now) } });
    return this.#state.word;
  }

  /** The word goes on: whoever knows of what was there must hear that it is gone. */
  clear(): void {
    const { word } = this.#state;
    if (word === null) return;
    this.#put({ ...NOTHING, change: this.#state.change, word: { at: word.at + 1, deny: [], allow: [] } });
  }

  #isThere(list: ListName, type: ItemType, now: number): boolean {
    const found = this.#sql.exec(
      'SELECT 1 FROM list_items WHERE list = ? AND type = ? AND (expires_at IS NULL OR expires_at > ?) LIMIT 1',
      list,
      type,
      now,
    );
    return found.toArray().length > 0;
  }

  #put(state: State): void {
    const { items, change, word, lengths } = state;
    this.#sql.exec(
      'INSERT OR REPLACE INTO list_state (id, items, change, word, lengths) VALUES (1, ?, ?, ?, ?)',
      items,
      change,
      JSON.stringify(word),
      JSON.stringify(lengths),
    );
    this.#state = state;
  }
}

/** Whatever the clocks: one that is said after another carries a later time. */
function laterThan({ at }: Pick<ListsWord, 'at'>, now: number): number {
  return Math.max(now, at + 1);
}

function inOrder(types: ReadonlySet<ItemType>): readonly ItemType[] {
  return ITEM_TYPES.filter((type) => types.has(type));
}

/** There are 161 lengths at most; one that is gone again costs a key more in a look-up. */
function withLengths(known: PrefixLengths, items: Added['items']): PrefixLengths {
  const written = items.filter(({ type }) => type === 'cidr').map(({ value }) => value);
  if (written.length === 0) return known;
  const [ipv6 = [], ipv4 = []] = [true, false].map((isV6) =>
    written.filter((value) => value.includes(':') === isV6).map((value) => Number(value.split('/')[1])),
  );
  return { ipv4: merged(known.ipv4, ipv4), ipv6: merged(known.ipv6, ipv6) };
}

function merged(known: readonly number[], further: readonly number[]): readonly number[] {
  return [...new Set([...known, ...further])].sort((a, b) => b - a);
}
