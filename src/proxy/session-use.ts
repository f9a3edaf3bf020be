/**
 * What a request uses its session with, for the gate to tell from what it was used with before.
 */
import { namesOf } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { isStopped } from '../decision/evaluation.ts';
import { reuseFindings } from '../decision/session-finding.ts';
import type { Clearing } from '../decision/step-up.ts';
import type { AdmitRequest } from '../gate/gate-messages.ts';
import { REUSES, type Visited } from '../velocity/session-use.ts';
import type { Tried } from './attempt-reader.ts';

/** Null where nothing is limited, and for a request that only puts a card somewhere: its payment is the use. */
export function visitOf(all: readonly Tried[], policy: Policy): Visited | null {
  const { session: rules } = policy;
  if (rules === null || (rules.most.addresses ?? rules.most.cards) === null) return null;
  const tried = all.filter(({ kind }) => kind === 'attempt');
  const { session = null, whence = null } = tried[0]?.attempt ?? {};
  if (session === null) return null;
  const { addresses, cards } = rules.most;
  const from = whence === null ? [] : [[whence.ip.counted]];
  return {
    session,
    ...(addresses === null ? {} : { addresses: { limit: addresses, of: from } }),
    ...(cards === null ? {} : { cards: { limit: cards, of: tried.flatMap(cardsOf) } }),
  };
}

/** What the gate is asked of the visit: whoever uses it for more is refused, where a challenge stops him. */
export function askedVisit(
  visit: Visited,
  { session: rules }: Policy,
  clearing: Clearing,
): NonNullable<AdmitRequest['visit']> {
  return { ...visit, isRefused: rules !== null && isStopped(reuseFindings(REUSES, rules), clearing) };
}

/** Each card that the request names, by its fingerprint under each key. */
function cardsOf({ attempt, others }: Tried): readonly (readonly string[])[] {
  const besides = others.map((card) => namesOf({ ...attempt, card }));
  return attempt.card === null ? besides : [namesOf(attempt), ...besides];
}
