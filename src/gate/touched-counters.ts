/**
 * One counter may stand under several keys: of former fingerprint keys, and of a card's other names. Pure.
 */
import { type Counter, mergeLive } from '../velocity/counter.ts';
import type { Touch } from '../velocity/touch.ts';

export function keysOf(touch: Touch): readonly string[] {
  return [touch.key, ...touch.formerKeys];
}

/** What all of its keys count together; null for nothing. `now` in ms since the epoch. */
export function merged(touch: Touch, counters: ReadonlyMap<string, Counter>, now: number): Counter | null {
  if (counters.size === 0) return null;
  const found = keysOf(touch).flatMap((key) => counters.get(key) ?? []);
  return mergeLive(found, touch, now);
}
