/**
 * What became of an attempt, as far as counters care: how much of a failure it is, and whether it is an attempt that
 * was not counted yet. Pure.
 */
import type { Touch } from './touch.ts';

/** What an attempt adds to the counters that it holds a place under. */
export interface Happening {
  /** A definitive failure is 1 whatever its reason, a guest who walked away from 3-D Secure ½; 0 for none. */
  readonly failures: number;
  /** The same by the weight of its reason. */
  readonly weighted: number;
  /** 1 for the first word about it, whatever that says. */
  readonly attempts: 0 | 1;
  /** Canonical; null where nothing was declined, or nobody said why. */
  readonly declineReason: string | null;
}

/** What a failed attempt weighs. */
export const FAILURE = 1;
/** A guest who walked away from 3-D Secure: the card may be known to live by then. */
export const ABANDONED = 0.5;

// Who has a list of stolen cards is told that number or code are wrong; whose processor is down is told nothing of a card.
const WEIGHTS: Readonly<Record<string, number>> = {
  incorrect_number: 2,
  invalid_account: 2,
  incorrect_cvc: 2,
  authentication_failed: 0.5,
  processing_error: 0,
  try_again_later: 0,
};
/** What one failure weighs at most: as much as each attempt in flight may turn out to. */
export const HEAVIEST = 2;

/** The weight of a decline by its canonical reason; what is not named there, or has no reason, weighs 1. */
export function weightOf(declineReason: string | null): number {
  return (declineReason === null ? undefined : WEIGHTS[declineReason]) ?? FAILURE;
}

export type Status = 'succeeded' | 'failed' | 'pending' | 'unknown';

/** The first word about an attempt. For replays, which hear of each attempt once. */
export function firstWord(status: Status, declineReason: string | null = null): Happening {
  if (status !== 'failed') return { failures: 0, weighted: 0, attempts: 1, declineReason: null };
  return { failures: FAILURE, weighted: weightOf(declineReason), attempts: 1, declineReason };
}

/** How much of it counts under a touch; of a distinct count whether it counts at all. */
export function amountOf(happening: Happening, { count, of, declineReasons, watched }: Touch): number {
  if (watched !== undefined) return 0;
  if (count === 'attempts' || of === 'attempts') return happening.attempts;
  const { failures, weighted, declineReason } = happening;
  if (declineReasons !== undefined && !(declineReason !== null && declineReasons.includes(declineReason))) return 0;
  return count === undefined ? failures : weighted;
}
