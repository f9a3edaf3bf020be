/**
 * What a policy makes of an attempt that is told of, before anybody is asked: for the API, and for a replay of it.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import type { Occasion } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { watchOver } from '../decision/watched-attempt.ts';
import type { Tables } from '../network/tables.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';

/** A merchant in shadow is told what would have been, and never to refuse. */
export function inMode<T extends Finding | Touch>(one: T, { mode }: Policy): T {
  return mode === 'shadow' ? { ...one, mode: 'shadow' } : one;
}

export function touchesUnder(attempt: Attempt, policy: Policy, tables: Tables): readonly Touch[] {
  if (policy.mode === 'off') return [];
  // The caller says which session it was, or nothing: that there was none it does not say.
  const watching = { rule: policy.watching, route: null, tables, asksSession: false };
  const touches = touchesOf(attempt, policy.velocity, policy.maxBlockSeconds);
  return [...touches, ...watchOver(attempt, watching)].map((touch) => inMode(touch, policy));
}

export function occasionOf({ merchant, mode, version, stepUpFallback }: Policy, id: string, now: number): Occasion {
  const configVersion = version.hash;
  return { id, merchant, mode, configVersion, now, reservedUntil: null, challengeFallback: stepUpFallback };
}
