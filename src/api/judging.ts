/**
 * What a policy makes of an attempt that is told of, before anybody is asked: for the API, and for a replay of it.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { factsOf } from '../decision/attempt-facts.ts';
import type { Occasion } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { watchOver } from '../decision/watched-attempt.ts';
import type { Facts } from '../expression/facts.ts';
import type { Risk } from '../network/risk.ts';
import type { Tables } from '../network/tables.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { ApiAttempt } from './schemas.ts';
import { provenanceOf } from './weighing.ts';

/** A merchant in shadow is told what would have been, and never to refuse. */
export function inMode<T extends Finding | Touch>(one: T, { mode }: Policy): T {
  return mode === 'shadow' ? { ...one, mode: 'shadow' } : one;
}

/** `facts`: what expressions may ask of it; undefined where there are none. */
export function touchesUnder(attempt: Attempt, policy: Policy, { said, tables, facts }: Known): readonly Touch[] {
  if (policy.mode === 'off') return [];
  const { velocity, watching: rule, maxBlockSeconds, mode } = policy;
  const counted = touchesOf(attempt, velocity, maxBlockSeconds, facts);
  // The caller says which session it was, or nothing: that there was none it does not say.
  const { cardCountry } = provenanceOf(said, tables);
  const watching = { rule, route: null, tables, asksSession: false, cardCountry };
  const touches = rule === null ? counted : [...counted, ...watchOver(attempt, watching)];
  return mode === 'shadow' ? touches.map((touch) => inMode(touch, policy)) : touches;
}

interface Known {
  readonly said: ApiAttempt;
  readonly tables: Tables;
  readonly facts?: Facts | undefined;
}

interface Beside {
  readonly policy: Policy;
  readonly tables: Tables;
  readonly risk: Risk | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** What expressions may ask of an attempt; undefined where there are none. The caller vouches for what it says of it. */
export function factsUnder(
  said: ApiAttempt,
  attempt: Attempt,
  { policy, tables, risk, now }: Beside,
): Facts | undefined {
  const { asks, mode } = policy;
  if (asks === null || mode === 'off') return undefined;
  return factsOf(attempt, {
    route: null,
    provenance: provenanceOf(said, tables),
    emailDomain: domainOf(said.email),
    // The caller says which session it was, or nothing: that there was none it does not say.
    session: attempt.session === null ? null : { isPresent: true, bornAt: null },
    risk,
    now,
    asks,
  });
}

function domainOf(email: string | undefined): string | null {
  const at = email?.lastIndexOf('@') ?? -1;
  const domain = at < 0 ? '' : (email?.slice(at + 1) ?? '');
  return domain === '' ? null : domain.toLowerCase();
}

export function occasionOf({ merchant, mode, version, stepUpFallback }: Policy, id: string, now: number): Occasion {
  const configVersion = version.hash;
  return { id, merchant, mode, configVersion, now, reservedUntil: null, challengeFallback: stepUpFallback };
}
