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
 * Of an attempt's counters. `counted`: failures and attempts in flight, a pair each; none of them: all are 0. Null: the
 * gate looked at no counter, so of those without a verdict nobody knows.
 */
export function countsOf(
  touches: readonly Touch[],
  verdicts: readonly Verdict[],
  counted: readonly number[] | null,
): readonly RuleCount[] {
  return touches.map((touch, index) => {
    const verdict = verdictOn(touch, touches, verdicts);
    if (verdict !== undefined) return countOf(verdict);
    const { rule, mode, limit } = touch;
    if (counted === null) return { rule, mode, state: 'unasked', count: null, in_flight: null, limit };
    const [count = 0, in_flight = 0] = [counted[2 * index], counted[2 * index + 1]];
    return { rule, mode, state: 'open', count, in_flight, limit };
  });
}

/** The gate may know the card by another name (gate/card-names.ts): then its rule alone tells which counter is meant. */
function verdictOn({ rule, key }: Touch, touches: readonly Touch[], verdicts: readonly Verdict[]) {
  const same = verdicts.find((verdict) => verdict.rule === rule && verdict.key === key);
  if (same !== undefined || verdicts.length === 0) return same;
  const isAlone = touches.every((touch) => touch.rule !== rule || touch.key === key);
  return isAlone ? verdicts.find((verdict) => verdict.rule === rule) : undefined;
}
