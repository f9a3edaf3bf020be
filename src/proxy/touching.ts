/**
 * Which counters a request touches.
 */
import type { Policy } from '../config/policy.ts';
import type { Facts } from '../expression/facts.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';

/** By each card that the request names: the shop takes one of them, and a decoy would hide it. */
export function touchesOfAll(tried: Tried, policy: Policy, facts: Facts | undefined): readonly Touch[] {
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
