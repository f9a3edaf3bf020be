/**
 * One counter may stand under several keys: of former fingerprint keys, and of a card's other names. Pure.
 */
import { type Counter, mergeLive } from '../velocity/counter.ts';
import type { Touch } from '../velocity/touch.ts';

export function keysOf(touch: Touch): readonly string[] {
  return [touch.key, ...touch.formerKeys];
}

/** As each attempt asks for them: `flatMap` over lists of one takes ten times as long. */
export function allKeysOf(touches: readonly Touch[]): readonly string[] {
  const keys: string[] = [];
  for (const { key, formerKeys } of touches) keys.push(key, ...formerKeys);
  return keys;
}

/** What all of its keys count together; null for nothing. `now` in ms since the epoch. */
export function merged(touch: Touch, counters: ReadonlyMap<string, Counter>, now: number): Counter | null {
  if (counters.size === 0) return null;
  const current = counters.get(touch.key);
  const found = current === undefined ? [] : [current];
  for (const key of touch.formerKeys) {
    const former = counters.get(key);
    if (former !== undefined) found.push(former);
  }
  return found.length === 0 ? null : mergeLive(found, touch, now);
}
