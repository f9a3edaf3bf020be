/**
 * A counter and its transitions. Pure: the clock is an argument, in milliseconds since the epoch.
 * What ends it: silence for a window, or what it counted falling out of it, and, once shut, the life of a block.
 */
import { amountOf, type Happening } from './happening.ts';
import { isDistinct } from './identity.ts';
import { addItem, addPart, countIn, expiryOf, leftAt, type Parts, partsAlive, unionOf } from './parts.ts';
import type { Touch } from './touch.ts';

export interface Counter {
  /** What is counted; of failures, a guest's abandoned 3-D Secure is half of one. */
  readonly count: number;
  readonly expiresAt: number;
  /** When the count first reached the limit; null while the key is open. */
  readonly shutAt: number | null;
  /** What the count is made of, where that must be known: of a distinct or a sliding one. */
  readonly parts?: Parts;
}

export type Life = Pick<Touch, 'limit' | 'windowSeconds' | 'maxBlockSeconds' | 'slides' | 'blockSeconds' | 'count'>;

/** When the counter ends whole. */
export function endOf(counter: Counter, { maxBlockSeconds, blockSeconds }: Omit<Life, 'limit'>): number {
  const { shutAt, expiresAt } = counter;
  if (shutAt === null) return expiresAt;
  const longest = shutAt + maxBlockSeconds * 1000;
  return Math.min(blockSeconds === undefined ? expiresAt : shutAt + blockSeconds * 1000, longest);
}

/** When whoever is shut out may come again: at its end, or as soon as enough has fallen out of a sliding count. */
export function opensAt(counter: Counter, life: Life): number {
  const end = endOf(counter, life);
  const { slides, blockSeconds, limit } = life;
  if (slides !== true || blockSeconds !== undefined || counter.parts === undefined) return end;
  return Math.min(end, leftAt(counter.parts, limit, life));
}

/** Several counters of one identity (a key rotation) as one; null when none of them is alive. */
export function mergeLive(counters: readonly Counter[], life: Life, now: number): Counter | null {
  const live: Counter[] = [];
  for (const counter of counters) {
    const left = endOf(counter, life) > now ? withoutOld(counter, life, now) : null;
    if (left !== null) live.push(left);
  }
  const [first, ...others] = live;
  if (first === undefined) return null;
  if (others.length === 0) return first;
  const shut = live.flatMap(({ shutAt }) => (shutAt === null ? [] : [shutAt]));
  const parts = live.some((one) => one.parts !== undefined)
    ? unionOf(
        live.map((one) => one.parts),
        life,
      )
    : undefined;
  const sum = live.reduce((all, { count }) => all + count, 0);
  const whole = {
    count: parts !== undefined && live.every((one) => one.parts !== undefined) ? countIn(parts, life) : sum,
    expiresAt: Math.max(...live.map(({ expiresAt }) => expiresAt)),
    shutAt: shut.length === 0 ? null : Math.min(...shut),
  };
  return parts === undefined ? whole : { ...whole, parts };
}

/** The counter with what happened in it; null where that adds nothing. */
export function counted(
  before: Counter | null,
  happening: Happening,
  { touch, now }: { readonly touch: Touch; readonly now: number },
): Counter | null {
  const amount = amountOf(happening, touch);
  if (amount === 0) return null;
  const { count, items } = touch;
  if (count === undefined || !isDistinct(count)) return addFailure(before, amount, { life: touch, now });
  const parts = addItem(before?.parts, items ?? [], { life: touch, now });
  return parts === null ? null : withParts(before, parts, { life: touch, now });
}

/** The counter after one more failure of the given weight. Every counted failure renews its life. */
export function addFailure(
  before: Counter | null,
  weight: number,
  { life, now }: { life: Life; now: number },
): Counter {
  if (life.slides === true) return withParts(before, addPart(before?.parts, weight, { life, now }), { life, now });
  const count = (before?.count ?? 0) + weight;
  const expiresAt = Math.max(before?.expiresAt ?? 0, now + life.windowSeconds * 1000);
  const shutAt = before?.shutAt ?? (count >= life.limit ? now : null);
  return lasting({ count, expiresAt, shutAt }, life);
}

/** The counter with a failure taken back that was counted twice; a key that it alone had shut is open again. */
export function takeBack(before: Counter, weight: number, life: Life): Counter {
  if (life.count !== undefined && isDistinct(life.count)) return before;
  const parts = before.parts === undefined ? undefined : addPart(before.parts, -weight, { life, now: 0 });
  const count = Math.max(0, before.count - weight);
  const left = { count, expiresAt: before.expiresAt, shutAt: count >= life.limit ? before.shutAt : null };
  return parts === undefined ? left : { ...left, parts };
}

/** Shut from now on. */
export function shut(counter: Counter, { life, now }: { readonly life: Life; readonly now: number }): Counter {
  return lasting({ ...counter, shutAt: now }, life);
}

function withParts(before: Counter | null, parts: Parts, { life, now }: { life: Life; now: number }): Counter {
  const own = countIn(parts, life);
  // What a release before this one has counted has no parts: it stays counted.
  const unknown = before === null || before.parts !== undefined ? 0 : before.count;
  const count = own + unknown;
  const expiresAt = Math.max(before?.expiresAt ?? 0, expiryOf(parts, now, life));
  const shutAt = before?.shutAt ?? (count >= life.limit ? now : null);
  return lasting({ count, expiresAt, shutAt, parts }, life);
}

/** A block with a time of its own may outlast the count: its row stays until then. */
function lasting(counter: Counter, { blockSeconds }: Pick<Life, 'blockSeconds'>): Counter {
  if (blockSeconds === undefined || counter.shutAt === null) return counter;
  return { ...counter, expiresAt: Math.max(counter.expiresAt, counter.shutAt + blockSeconds * 1000) };
}

/** A sliding count without what has fallen out of it; null where that is all. Under a block with a time of its own it is kept. */
function withoutOld(counter: Counter, life: Life, now: number): Counter | null {
  const { parts, shutAt } = counter;
  const isHeld = life.blockSeconds !== undefined && shutAt !== null;
  if (life.slides !== true || parts === undefined || isHeld) return counter;
  const alive = partsAlive(parts, now, life);
  if (alive === parts) return counter;
  if (alive.size === 0) return null;
  const count = countIn(alive, life);
  return { count, expiresAt: counter.expiresAt, shutAt: count >= life.limit ? shutAt : null, parts: alive };
}
