/**
 * A challenge that no step-up can run meets the merchant's fallback. Where that is to block, and anybody could have caused
 * the challenge for somebody else (by writing his e-mail), the attempt is looked at by a person instead. Pure.
 */
import { NARROW, TYPED, type VelocityRule } from '../velocity/rule.ts';
import type { Touch } from '../velocity/touch.ts';
import { type Clearing, UNREACHABLE } from './step-up.ts';

/** The touches as they are judged once it is known what there is for this payer. */
export function withoutDeadEnds(
  touches: readonly Touch[],
  rules: readonly VelocityRule[],
  clearing: Clearing,
): readonly Touch[] {
  if (!isDeadEnd(clearing)) return touches;
  const typed = rules.filter(({ by, then }) => then === 'challenge' && isTyped(by)).map(({ name }) => name);
  if (typed.length === 0) return touches;
  return touches.map((touch) =>
    touch.then === 'challenge' && typed.includes(touch.rule) ? { ...touch, then: 'review' } : touch,
  );
}

function isDeadEnd({ challengeFallback, stepUp, passed }: Clearing): boolean {
  if (challengeFallback !== 'block') return false;
  return passed?.method === UNREACHABLE || (passed === undefined && (stepUp === undefined || stepUp.kind === 'none'));
}

function isTyped(by: VelocityRule['by']): boolean {
  return by.some((it) => TYPED.includes(it)) && !by.some((it) => NARROW.includes(it));
}
