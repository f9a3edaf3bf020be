/**
 * Which counters an attempt in front of a checkout touches, and its place in the watch.
 */
import type { Policy } from '../config/policy.ts';
import { watchOver } from '../decision/watched-attempt.ts';
import type { Facts } from '../expression/facts.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';
import type { Guarding } from './guarding.ts';

/** The counters, and the watch where the merchant has one. */
export function touchesFor({ inForce, route, edge }: Guarding, tried: Tried, facts?: Facts): readonly Touch[] {
  const { policy } = inForce;
  const { watching: rule, session } = policy;
  const touches = touchesOfAll(tried, policy, facts);
  if (rule === null) return touches;
  const { tables } = edge.environment.sources;
  const { cardCountry } = tried.provenance;
  const watching = { rule, route: route.name, tables, asksSession: session !== null, cardCountry };
  return [...touches, ...watchOver(tried.attempt, watching)];
}

/** By each card that the request names: the shop takes one of them, and a decoy would hide it. */
function touchesOfAll(tried: Tried, policy: Policy, facts: Facts | undefined): readonly Touch[] {
  const { attempt, others } = tried;
  const { velocity, maxBlockSeconds } = policy;
  const own = rulesFor(tried, policy);
  const touches = touchesOf(attempt, own, maxBlockSeconds, facts);
  if (others.length === 0) return touches;
  const byCard = velocity.filter(({ by, count }) => by.includes('card') || count === 'distinct_cards');
  const besides = others.flatMap((card) => touchesOf({ ...attempt, card }, byCard, maxBlockSeconds, facts));
  return [...touches, ...besides];
}

/** The rules that look at an attempt: those about a card leave out one that anybody can name, but with its payer. */
export function rulesFor({ isTyped }: Tried, { velocity }: Policy): readonly VelocityRule[] {
  if (!isTyped) return velocity;
  return velocity.filter(({ by }) => !by.includes('card') || by.includes('ip') || by.includes('customer'));
}
