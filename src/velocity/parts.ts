/**
 * What a count is made of. Of a distinct count: what it counted, and when last. Of a sliding one: how much, by stretches
 * of a twelfth of its window. Bounded: no more things than the limit, no more than thirteen stretches. Pure; ms.
 */
import { isDistinct } from './identity.ts';
import type { Count } from './rule.ts';
import { shortHash } from './short-hash.ts';

/** Distinct: the shortened item → when its stretch began (0 where the count does not slide). Else: stretch → amount. */
export type Parts = ReadonlyMap<string, number>;

interface Life {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly slides?: true;
  readonly count?: Exclude<Count, 'failures'>;
}

interface Moment {
  readonly life: Life;
  readonly now: number;
}

/** What happened stays counted for the window, and for a twelfth of it longer at most. */
const STRETCHES = 12;
/** What is longer is shortened: a customer's id may have 256 characters. */
const LONGEST_ITEM = 43;
const CARD_NAME = /^(?:fp|pf)_[A-Za-z0-9_-]{43}$/;
const MERE_NAME = /^(?:tk|at)_/;
/** 72 bits of a keyed hash. */
const CARD_ITEM = { from: 0, to: 15 } as const;

/** How many there are, or how much. */
export function countIn(parts: Parts, { count }: Pick<Life, 'count'>): number {
  if (count !== undefined && isDistinct(count)) return parts.size;
  let sum = 0;
  for (const amount of parts.values()) sum += amount;
  return sum;
}

/**
 * A thing by its names; null for a token that nobody has joined to a card yet: whether two of them are two cards nobody
 * knows, so it is none.
 */
export function itemNames(items: readonly string[], count: Life['count']): readonly string[] | null {
  const known = count === 'distinct_cards' ? items.filter((item) => !MERE_NAME.test(item)) : items;
  return known.length === 0 ? null : known.map(shortened);
}

/** Whether it is a thing at all. */
export function hasNames(items: readonly string[], count: Life['count']): boolean {
  return items.some((item) => count !== 'distinct_cards' || !MERE_NAME.test(item));
}

/** The parts with this thing in them, under its first name alone; null where it is none. */
export function addItem(before: Parts | undefined, items: readonly string[], { life, now }: Moment): Parts | null {
  const names = itemNames(items, life.count);
  const [first] = names ?? [];
  if (names === null || first === undefined) return null;
  const parts = new Map(before);
  for (const name of names) parts.delete(name);
  parts.set(first, life.slides === true ? stretchOf(now, life) : 0);
  // The last `limit` of them: who has reached it is over it whatever came before.
  for (const oldest of parts.keys()) {
    if (parts.size <= life.limit) break;
    parts.delete(oldest);
  }
  return parts;
}

/** The parts of a sliding count with an amount more; a negative one is taken out of the latest stretches. */
export function addPart(before: Parts | undefined, amount: number, { life, now }: Moment): Parts {
  const parts = new Map(before);
  if (amount < 0) return takenFrom(parts, -amount);
  const stretch = String(stretchOf(now, life));
  parts.set(stretch, (parts.get(stretch) ?? 0) + amount);
  // More of them only where the window was another before: the two oldest become one, which counts rather too long.
  while (parts.size > STRETCHES + 1) {
    const [oldest = '', next = ''] = [...parts.keys()].toSorted((a, b) => Number(a) - Number(b));
    parts.set(next, (parts.get(next) ?? 0) + (parts.get(oldest) ?? 0));
    parts.delete(oldest);
  }
  return parts;
}

function takenFrom(parts: Map<string, number>, amount: number): Parts {
  let left = amount;
  for (const stretch of [...parts.keys()].toSorted((a, b) => Number(b) - Number(a))) {
    const taken = Math.min(left, parts.get(stretch) ?? 0);
    parts.set(stretch, (parts.get(stretch) ?? 0) - taken);
    left -= taken;
  }
  return parts;
}

/** Those that have not fallen out; the same object where none has. */
export function partsAlive(parts: Parts, now: number, life: Life): Parts {
  const alive = [...parts].filter(([name, value]) => fallsOutAt(startOf(name, value, life), life) > now);
  return alive.length === parts.size ? parts : new Map(alive);
}

/** When all of it has fallen out. */
export function expiryOf(parts: Parts, now: number, life: Life): number {
  if (life.slides !== true) return now + life.windowSeconds * 1000;
  let last = 0;
  for (const [name, value] of parts) last = Math.max(last, fallsOutAt(startOf(name, value, life), life));
  return last;
}

/** When so much has fallen out of a sliding count that less than the limit is left. */
export function leftAt(parts: Parts, limit: number, life: Life): number {
  const isOfThings = life.count !== undefined && isDistinct(life.count);
  const timed = [...parts].map(([name, value]) => ({
    at: fallsOutAt(startOf(name, value, life), life),
    amount: isOfThings ? 1 : value,
  }));
  let left = countIn(parts, life);
  for (const { at, amount } of timed.toSorted((a, b) => a.at - b.at)) {
    left -= amount;
    if (left < limit) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** Of several counters of one identity. */
export function unionOf(all: readonly (Parts | undefined)[], life: Life): Parts {
  const isOfThings = life.count !== undefined && isDistinct(life.count);
  const union = new Map<string, number>();
  for (const [name, value] of all.flatMap((parts) => [...(parts ?? [])])) {
    const known = union.get(name) ?? 0;
    union.set(name, isOfThings ? Math.max(known, value) : known + value);
  }
  return union;
}

function startOf(name: string, value: number, { count }: Life): number {
  return count !== undefined && isDistinct(count) ? value : Number(name);
}

function widthOf({ windowSeconds }: Life): number {
  return (windowSeconds * 1000) / STRETCHES;
}

function stretchOf(now: number, life: Life): number {
  const width = widthOf(life);
  return Math.floor(Math.floor(now / width) * width);
}

function fallsOutAt(start: number, life: Life): number {
  return Math.ceil(start + widthOf(life) + life.windowSeconds * 1000);
}

function shortened(item: string): string {
  if (CARD_NAME.test(item)) return item.slice(CARD_ITEM.from, CARD_ITEM.to);
  return item.length <= LONGEST_ITEM ? item : `${item.slice(0, 20)}#${shortHash(item)}`;
}
