/**
 * The names of one card. A number's fingerprint is the card; a processor's fingerprint, a token and a payment that a
 * card was attached to are names for it, once somebody who knows has said so. Counters stand under the card.
 */
import type { Touch } from '../velocity/touch.ts';
import { placeholders } from './ledger.ts';

// Each pair stands in both directions, so that one statement finds a name's card and a card's names.
const SCHEMA = `CREATE TABLE IF NOT EXISTS card_names (
  name TEXT NOT NULL, other TEXT NOT NULL, is_card INTEGER NOT NULL, seen_at INTEGER NOT NULL,
  PRIMARY KEY (name, other)) WITHOUT ROWID`;

/** From a mere name to the card itself: attempt/card-fingerprint.ts says what the kinds stand for. */
const KINDS = ['at', 'tk', 'pf', 'fp'];
const CARD_NAME = new RegExp(`^(?:${KINDS.join('|')})_[A-Za-z0-9_-]{43}$`);
/** token → processor's fingerprint → number → number under the current fingerprint key. */
const LONGEST_WAY = 4;
/** Names whose counters are read with their card's. Counting moves them to the card, so that older names hold nothing. */
const NAMES_LIMIT = 12;
/** A pair that is said again is written again only when it is older than this. */
const FRESH_MS = 86_400_000;

export class CardNames {
  readonly #sql: SqlStorage;
  #areAny: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    this.#areAny = sql.exec('SELECT 1 FROM card_names LIMIT 1').toArray().length > 0;
  }

  /** False while no card has a second name, as with most merchants: then no statement looks for any. */
  get areAny(): boolean {
    return this.#areAny;
  }

  /** The card that goes by these (one name, under each fingerprint key), and then all its names. */
  of(names: readonly string[]): readonly string[] {
    if (!this.#areAny || names.length === 0) return names;
    const card = names.map((name) => this.#cardOf(name)).find((found, index) => found !== names[index]);
    const near = this.#namesOf([...(card === undefined ? [] : [card]), ...names]);
    return [...new Set([...(card === undefined ? [] : [card]), ...names, ...near, ...this.#namesOf(near)])];
  }

  /**
   * From now on these are names of one card. A name means one card at a time: what it meant before is forgotten.
   * Two numbers are never one card. `now` in ms since the epoch.
   */
  join(names: readonly string[], now: number): void {
    const [card, ...others] = names.toSorted((a, b) => rankOf(b) - rankOf(a));
    for (const name of others) if (card !== undefined && rankOf(name) < rankOf(card)) this.#put(name, card, now);
  }

  /** After a change of the fingerprint key, what is known of the card under the former key belongs to the current one. */
  follow([current, ...former]: readonly string[], now: number): void {
    if (!this.#areAny || current === undefined) return;
    for (const name of former) if (this.#namesOf([name]).length > 0) this.#put(name, current, now);
  }

  /** The touches of a card under the card itself, with all its names among their former keys: one counter. */
  widen(touches: readonly Touch[], names: readonly string[]): readonly Touch[] {
    const all = this.of(names);
    return all.length === names.length ? touches : touches.map((touch) => under(all, touch));
  }

  #cardOf(name: string): string {
    let card = name;
    for (let step = 0; step < LONGEST_WAY; step++) {
      const [above] = this.#sql.exec<{ other: string }>(
        'SELECT other FROM card_names WHERE name = ? AND is_card = 1',
        card,
      );
      if (above === undefined) break;
      card = above.other;
    }
    return card;
  }

  #namesOf(cards: readonly string[]): readonly string[] {
    if (cards.length === 0) return [];
    const rows = this.#sql.exec<{ other: string }>(
      `SELECT other FROM card_names WHERE name IN (${placeholders(cards)}) AND is_card = 0
         ORDER BY seen_at DESC LIMIT ?`,
      ...cards,
      NAMES_LIMIT,
    );
    return [...rows].map(({ other }) => other);
  }

  #put(name: string, card: string, now: number): void {
    const [there] = this.#sql.exec<{ other: string; seen_at: number }>(
      'SELECT other, seen_at FROM card_names WHERE name = ? AND is_card = 1',
      name,
    );
    if (there?.other === card && there.seen_at > now - FRESH_MS) return;
    if (there !== undefined) this.#forget(name, there.other);
    this.#areAny = true;
    this.#sql.exec('INSERT INTO card_names VALUES (?, ?, 1, ?), (?, ?, 0, ?)', name, card, now, card, name, now);
  }

  #forget(name: string, card: string): void {
    for (const pair of [
      [name, card],
      [card, name],
    ]) {
      this.#sql.exec('DELETE FROM card_names WHERE name = ? AND other = ?', ...pair);
    }
  }
}

/** Whether an identity is some card's keyed name. */
export function isCardName(identity: string): boolean {
  return CARD_NAME.test(identity);
}

function rankOf(name: string): number {
  return KINDS.indexOf(name.slice(0, 2));
}

// A key is its rule's name and then the identities: see velocity/touch.ts. A fingerprint is 43 characters of a keyed
// hash behind its kind, so no other identity is taken for one.
function under(names: readonly string[], touch: Touch): Touch {
  const [rule, ...parts] = JSON.parse(touch.key) as string[];
  if (!parts.some((part) => names.includes(part))) return touch;
  const [key = touch.key, ...formerKeys] = names.map((name) =>
    JSON.stringify([rule, ...parts.map((part) => (names.includes(part) ? name : part))]),
  );
  return { ...touch, key, formerKeys: [...new Set([...formerKeys, ...touch.formerKeys])].filter((it) => it !== key) };
}
