/**
 * A counter of failures and its transitions. Pure: the clock is an argument, in milliseconds since the epoch.
 * Two edges end a counter: silence for a window, and, once shut, the longest life of a block.
 */
import type { Touch } from './touch.ts';

export interface Counter {
  /** Failures; a guest's abandoned 3-D Secure is half of one. */
  readonly count: number;
  readonly expiresAt: number;
  /** When the count first reached the limit; null while the key is open. */
  readonly shutAt: number | null;
}

type Life = Pick<Touch, 'limit' | 'windowSeconds' | 'maxBlockSeconds'>;

/** When the counter stops counting. */
export function endOf(counter: Counter, { maxBlockSeconds }: Life): number {
  if (counter.shutAt === null) return counter.expiresAt;
  return Math.min(counter.expiresAt, counter.shutAt + maxBlockSeconds * 1000);
}

/** Several counters of one identity (a key rotation) as one; null when none of them is alive. */
export function mergeLive(counters: readonly Counter[], life: Life, now: number): Counter | null {
  const live = counters.filter((counter) => endOf(counter, life) > now);
  if (live.length === 0) return null;
  const shut = live.flatMap(({ shutAt }) => (shutAt === null ? [] : [shutAt]));
  return {
    count: live.reduce((sum, { count }) => sum + count, 0),
    expiresAt: Math.max(...live.map(({ expiresAt }) => expiresAt)),
    shutAt: shut.length === 0 ? null : Math.min(...shut),
  };
}

/** The counter after one more failure of the given weight. Every counted failure renews its life. */
export function addFailure(
  before: Counter | null,
  weight: number,
  { life, now }: { life: Life; now: number },
): Counter {
  const count = (before?.count ?? 0) + weight;
  const shutAt = before?.shutAt ?? (count >= life.limit ? now : null);
  return { count, expiresAt: Math.max(before?.expiresAt ?? 0, now + life.windowSeconds * 1000), shutAt };
}

/** The counter with a failure taken back that was counted twice; a key that it alone had shut is open again. */
export function takeBack(before: Counter, weight: number, { limit }: Life): Counter {
  const count = Math.max(0, before.count - weight);
  return { ...before, count, shutAt: count >= limit ? before.shutAt : null };
}
