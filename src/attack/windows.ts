/**
 * Over which spans of time failures are looked at, and how far beyond the usual is suspicious, and how far an attack.
 * Chosen on simulated days (docs/simulation.md), on other seeds than its table's.
 */
import type { Threshold } from './suspicion.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Window {
  readonly spanMs: number;
  /** Silence that ends an attack. */
  readonly quietMs: number;
  readonly elevated: Threshold;
  readonly attack: Threshold;
}

/** A burst shows in minutes, a patient one in hours, one try at a time only in a day. */
export const WINDOWS: readonly [Window, ...Window[]] = [
  {
    spanMs: 15 * MINUTE_MS,
    quietMs: 15 * MINUTE_MS,
    elevated: { deviation: 4, excess: 4, share: 0.25 },
    attack: { deviation: 6.5, excess: 10, share: 0.3 },
  },
  {
    spanMs: 2 * HOUR_MS,
    quietMs: 60 * MINUTE_MS,
    elevated: { deviation: 3.5, excess: 3.6, share: 0.25 },
    attack: { deviation: 7, excess: 12, share: 0.3 },
  },
  {
    spanMs: DAY_MS,
    quietMs: 3 * HOUR_MS,
    elevated: { deviation: 3.6, excess: 4, share: 0.2 },
    attack: { deviation: 7.5, excess: 16, share: 0.3 },
  },
];
