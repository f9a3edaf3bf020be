/**
 * When a message is tried again: eight times within about a day, a little earlier or later each, so that no two
 * receivers that failed together are tried together. Pure.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** After the first try, the second, … */
const DELAYS_MS = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  16 * HOUR_MS,
] as const;
export const TRIES = DELAYS_MS.length + 1;
/** Of a delay, in either direction. */
const JITTER = 0.15;
/** A receiver may ask for more time, within reason. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;

/** How long to wait after `tries` tries; null: no more. `chance` from 0 to 1. */
export function delayAfter(tries: number, chance: number, retryAfterMs: number | null = null): number | null {
  const delayMs = DELAYS_MS[tries - 1];
  if (delayMs === undefined) return null;
  const jittered = delayMs * (1 - JITTER + 2 * JITTER * chance);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
}
