/**
 * The names of one card. A number's fingerprint is the card; a processor's fingerprint, a token and a payment that a
 * card was attached to are names for it, once somebody who knows has said so. Counters stand under the card.
 */
import type { Watched } from '../attack/watched.ts';
import type { Touch } from '../velocity/touch.ts';
import { cardName } from '../velocity/watched-touch.ts';
import { placeholders } from './counter-rows.ts';
import type { Kept } from './gate-messages.ts';

// Each pair stands in both directions, so that one statement finds a name's card and a card's names.
const SCHEMA = `CREATE TABLE IF NOT EXISTS card_names (
  name TEXT NOT NULL, other TEXT NOT NULL, is_card INTEGER NOT NULL, seen_at INTEGER NOT NULL,
  PRIMARY KEY (name, other)) WITHOUT ROWID`;

/** From a mere name to the card itself: attempt/card-fingerprint.ts says what the kinds stand for. */
const KINDS = ['at', 'tk', 'pf', 'fp'];
const ATTACHED = 0;
const NUMBER = 3;
/** A fingerprint is 43 characters of a keyed hash behind its kind, so no other identity is taken for one. */
const NAME = /^(?:at|tk|pf|fp)_[A-Za-z0-9_-]{43}$/;
/** token → processor's fingerprint → number → number under the current fingerprint key. */
const LONGEST_WAY = 4;
/** Names whose counters are read with their card's. Counting moves them to the card, so that older names hold nothing. */
const NAMES_LIMIT = 12;
/** Names that a card is known to have: anyone may make tokens of one card for ever, and all of them are sorted. */
const KEPT_NAMES_LIMIT = 64;
/** A pair that is said again is written again only when it is older than this. */
const FRESH_MS = 86_400_000;

/** What is touched, and the names of the card among it. */
type Carded = Pick<Kept, 'places' | 'cards'>;

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

  /** Whether these two are known to be one card, each by one name under each fingerprint key. */
  areOne(some: readonly string[], others: readonly string[]): boolean {
    const cards = this.#cardsOf(some);
    return this.#cardsOf(others).some((card) => cards.includes(card));
  }

  /** Whether they are known to be two: by their numbers, for of one card two processors have two fingerprints. */
  areTwo(some: readonly string[], others: readonly string[]): boolean {
    if (!this.#areAny || some.length * others.length === 0 || this.areOne(some, others)) return false;
    return [some, others].every((names) => this.#cardsOf(names).some((card) => rankOf(card) === NUMBER));
  }

  /** What one try of an attempt touches: what the attempt does, but by the card that was tried where that is another. */
  ofTry({ places, cards = [] }: Carded, tried: Carded): Carded {
    const { cards: triedCards = [] } = tried;
    if (triedCards.length === 0 || this.areOne(cards, triedCards)) return { places, cards };
    const moved = cards.length === 0 ? [...places, ...tried.places] : withCard(places, triedCards);
    return { places: moved, cards: triedCards };
  }

  /**
   * From now on these are names of one card. A name means one card at a time: what it meant before is forgotten.
   * Two numbers are never one card. `now` in ms since the epoch.
   */
  join(names: readonly string[], now: number): void {
    for (const [name, card] of pairsOf(names)) this.#join(name, card, now);
  }

  /** As `join`, by the word of somebody who may be mistaken: a name that has a card keeps it. */
  suggest(names: readonly string[], now: number): void {
    for (const [name, card] of pairsOf(names)) {
      const known = this.#cardOf(name);
      if (known === name) this.#put(name, card, now);
      else if (rankOf(card) < rankOf(known) && this.#cardOf(card) === card) this.#put(card, known, now);
    }
  }

  /** After a change of the fingerprint key, what is known of the card under the former key belongs to the current one. */
  follow([current, ...former]: readonly string[], now: number): void {
    if (!this.#areAny || current === undefined) return;
    for (const name of former) if (this.#namesOf([name]).length > 0) this.#put(name, current, now);
  }

  /**
   * Touches of a card under the card itself, with all its names among their former keys: one counter, and one touch of
   * it. `names` are those of the attempt's card; what it touches besides may be of other cards.
   */
  widen(touches: readonly Touch[], names: readonly string[]): readonly Touch[] {
    if (!this.#areAny) return touches;
    const known = new Map<string, readonly string[]>();
    const wide = touches.map((touch) => {
      const [item] = touch.items ?? [];
      const own = cardIn(touch) ?? (item !== undefined && NAME.test(item) ? item : null);
      if (own === null) return touch;
      const all = known.get(own) ?? this.of(names.includes(own) ? names : cardsIn(touch));
      known.set(own, all);
      return all.length === 1 ? touch : under(all, touch);
    });
    return wide.filter((one, index) => wide.findIndex((other) => isSame(one, other)) === index);
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

  #cardsOf(names: readonly string[]): readonly string[] {
    return this.#areAny ? names.map((name) => this.#cardOf(name)) : names;
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

  /** Of a token that has a number and is told with its processor's fingerprint, the number learns the fingerprint. */
  #join(name: string, card: string, now: number): void {
    const known = this.#cardOf(name);
    const isNews = rankOf(name) > ATTACHED && rankOf(card) < rankOf(known) && this.#cardOf(card) === card;
    if (isNews && !this.#isUnder(name, rankOf(card))) this.#put(card, known, now);
    else this.#put(name, card, now);
  }

  /** Whether the name's next is of this rank: then there is another one of its kind already. */
  #isUnder(name: string, rank: number): boolean {
    const [above] = this.#sql.exec<{ other: string }>(
      'SELECT other FROM card_names WHERE name = ? AND is_card = 1',
      name,
    );
    return above !== undefined && rankOf(above.other) === rank;
  }

  #put(name: string, card: string, now: number): void {
    const [there] = this.#sql.exec<{ other: string; seen_at: number }>(
      'SELECT other, seen_at FROM card_names WHERE name = ? AND is_card = 1',
      name,
    );
    if (there?.other === card && there.seen_at > now - FRESH_MS) return;
    if (there !== undefined) this.#forget(name, there.other);
    this.#areAny = true;
    this.#sql.exec(
      'INSERT INTO card_names (name, other, is_card, seen_at) VALUES (?, ?, 1, ?), (?, ?, 0, ?)',
      name,
      card,
      now,
      card,
      name,
      now,
    );
    this.#sql.exec(
      `DELETE FROM card_names WHERE name = ? AND is_card = 0 AND other IN
         (SELECT other FROM card_names WHERE name = ? AND is_card = 0 ORDER BY seen_at DESC LIMIT -1 OFFSET ?)`,
      card,
      card,
      KEPT_NAMES_LIMIT,
    );
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
  return NAME.test(identity);
}

function rankOf(name: string): number {
  return KINDS.indexOf(name.slice(0, 2));
}

/** Each mere name with the card that it is to mean. */
function pairsOf(names: readonly string[]): readonly (readonly [string, string])[] {
  const [card, ...others] = names.toSorted((a, b) => rankOf(b) - rankOf(a));
  if (card === undefined) return [];
  return others.flatMap((name) => (rankOf(name) < rankOf(card) ? [[name, card] as const] : []));
}

// A key is its rule's name and then the identities: see velocity/touch.ts.
function under(names: readonly string[], touch: Touch): Touch {
  const [rule, ...parts] = JSON.parse(touch.key) as string[];
  const [key = touch.key, ...formerKeys] = names.map((name) =>
    JSON.stringify([rule, ...parts.map((part) => (NAME.test(part) ? name : part))]),
  );
  const former = [...new Set([...formerKeys, ...touch.formerKeys])].filter((it) => it !== key);
  const wide = { ...touch, key, formerKeys: former };
  const isOfCards = touch.items?.some((item) => NAME.test(item)) === true;
  return isOfCards ? { ...wide, items: names } : wide;
}

/** One counter, and of a distinct count one thing. */
function isSame({ key, items = [] }: Touch, { key: otherKey, items: others = [] }: Touch): boolean {
  return key === otherKey && items[0] === others[0];
}

/** The card that a touch is of; null for one of no card. */
function cardIn({ key }: Pick<Touch, 'key'>): string | null {
  const [, ...parts] = JSON.parse(key) as string[];
  return parts.find((part) => NAME.test(part)) ?? null;
}

function cardsIn({ key, formerKeys, items = [] }: Touch): readonly string[] {
  const named = [key, ...formerKeys].flatMap((one) => cardIn({ key: one }) ?? []);
  return named.length > 0 ? named : items;
}

/** Whose history it is, and of which bank the card is nobody told. */
function ofCard({ formerCards: _, ...watched }: Watched, [name, ...former]: readonly string[]): Watched {
  const formerCards = former.length === 0 ? {} : { formerCards: former.map(cardName) };
  const card = name === undefined ? null : cardName(name);
  return { ...watched, traits: { ...watched.traits, bin: null, isAbroad: null }, card, ...formerCards };
}

/** What an attempt touches, with another card in the place of its own. */
function withCard(touches: readonly Touch[], names: readonly string[]): readonly Touch[] {
  return touches.map((touch) => {
    const { watched } = touch;
    if (watched !== undefined) return { ...touch, watched: ofCard(watched, names) };
    const isOfCards = touch.items?.some((item) => NAME.test(item)) === true;
    return cardIn(touch) === null && !isOfCards ? touch : under(names, { ...touch, formerKeys: [] });
  });
}
