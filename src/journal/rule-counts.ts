/**
 * What each rule counted when an attempt was judged. Pure.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';
import type { RuleCount } from './entry.ts';

export function countOf({ rule, mode, state, count, inFlight, limit }: Verdict): RuleCount {
  return { rule, mode, state, count, in_flight: inFlight, limit };
}

/**
 * Of an attempt's counters. `counted`: failures and attempts in flight, a pair each; those of counters that the gate
 * said nothing of are 0.
 */
export function countsOf(
  touches: readonly Touch[],
  verdicts: readonly Verdict[],
  counted: readonly number[] = NONE,
): readonly RuleCount[] {
  const spoken = (touch: Touch) => verdicts.find(({ rule, key }) => rule === touch.rule && key === touch.key);
  return touches.map((touch, index) => {
    const verdict = spoken(touch);
    if (verdict !== undefined) return countOf(verdict);
    const { rule, mode, limit } = touch;
    const [count = 0, in_flight = 0] = [counted[2 * index], counted[2 * index + 1]];
    return { rule, mode, state: 'open', count, in_flight, limit };
  });
}

const NONE: readonly number[] = [];
