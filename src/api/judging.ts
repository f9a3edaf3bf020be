/**
 * What a policy makes of an attempt that is told of, before anybody is asked: for the API, and for a replay of it.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import type { Occasion } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';

/** A merchant in shadow is told what would have been, and never to refuse. */
export function inMode<T extends Finding | Touch>(one: T, { mode }: Policy): T {
  return mode === 'shadow' ? { ...one, mode: 'shadow' } : one;
}

export function touchesUnder(attempt: Attempt, policy: Policy): readonly Touch[] {
  if (policy.mode === 'off') return [];
  return touchesOf(attempt, policy.velocity, policy.maxBlockSeconds).map((touch) => inMode(touch, policy));
}

export function occasionOf({ merchant, mode, version, stepUpFallback }: Policy, id: string, now: number): Occasion {
  const configVersion = version.hash;
  return { id, merchant, mode, configVersion, now, reservedUntil: null, challengeFallback: stepUpFallback };
}
