/**
 * The judgement over an attempt's counters: `failures + in flight < limit` under every one that refuses.
 * Pure; the gate reads, this decides, the gate reserves, all in one synchronous step.
 */
import { type Counter, endOf } from './counter.ts';
import type { ActiveMode } from './rule.ts';
import type { Touch } from './touch.ts';

/** What the gate knows of a touched counter. */
export interface Reading {
  readonly touch: Touch;
  readonly counter: Counter | null;
  readonly inFlight: number;
}

export type ShutReading = Reading & { readonly counter: Counter };

/** Whether a lower limit has shut the key since anybody last looked. */
export function isJustShut(reading: Reading): reading is ShutReading {
  const { touch, counter } = reading;
  return counter !== null && counter.shutAt === null && counter.count >= touch.limit;
}

/** What one rule says: `shut` until a time, `busy` while others are in flight, or `open`. */
export interface Verdict {
  readonly rule: string;
  readonly key: string;
  readonly mode: ActiveMode;
  readonly state: 'open' | 'busy' | 'shut';
  readonly count: number;
  readonly inFlight: number;
  readonly limit: number;
  /** Milliseconds since the epoch; null unless shut. */
  readonly shutUntil: number | null;
}

export function judge({ touch, counter, inFlight }: Reading): Verdict {
  const { rule, key, mode, limit, part } = touch;
  const count = counter?.count ?? 0;
  const shut = part === 'check' && count >= limit;
  const busy = part === 'check' && count + inFlight >= limit;
  const state = shut ? 'shut' : busy ? 'busy' : 'open';
  const shutUntil = shut && counter !== null ? endOf(counter, touch) : null;
  return { rule, key, mode, state, count, inFlight, limit, shutUntil };
}

/** Whether the attempt may go on. A shadow rule never refuses. */
export function admits(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ state, mode }) => state === 'open' || mode === 'shadow');
}

/**
 * The touches under which an admitted attempt takes its place. One that a shadow rule would have refused is left out
 * of that rule's counter: a refused attempt counts nothing and extends no block.
 */
export function placesOf(touches: readonly Touch[], verdicts: readonly Verdict[]): readonly Touch[] {
  return touches.filter((_, index) => verdicts[index]?.state === 'open');
}
