/**
 * Which counters an attempt in front of a checkout touches, and its place in the watch.
 */
import type { Policy } from '../config/policy.ts';
import { watchOver } from '../decision/watched-attempt.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';
import type { Guarding } from './guarding.ts';

/** The counters, and the watch where the merchant has one. */
export function touchesFor({ inForce, route, edge }: Guarding, tried: Tried): readonly Touch[] {
  const { policy } = inForce;
  const { watching: rule, session } = policy;
  const touches = touchesOfAll(tried, policy);
  if (rule === null) return touches;
  const { tables } = edge.environment.sources;
  return [...touches, ...watchOver(tried.attempt, { rule, route: route.name, tables, asksSession: session !== null })];
}

/** By each card that the request names: the shop takes one of them, and a decoy would hide it. */
function touchesOfAll(tried: Tried, policy: Policy): readonly Touch[] {
  const { attempt, others } = tried;
  const { velocity, maxBlockSeconds } = policy;
  const own = rulesFor(tried, policy);
  if (others.length === 0) return touchesOf(attempt, own, maxBlockSeconds);
  const byCard = velocity.filter(({ by }) => by.includes('card'));
  const besides = others.flatMap((card) => touchesOf({ ...attempt, card }, byCard, maxBlockSeconds));
  return [...touchesOf(attempt, own, maxBlockSeconds), ...besides];
}

/** The rules that look at an attempt: those about a card alone leave out one that anybody can name. */
export function rulesFor({ isTyped }: Tried, { velocity }: Policy): readonly VelocityRule[] {
  return isTyped ? velocity.filter(({ by }) => by.some((dimension) => dimension !== 'card')) : velocity;
}
