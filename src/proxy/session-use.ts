/**
 * What a request uses its session with, for the gate to tell from what it was used with before.
 */
import { namesOf } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { isStopped } from '../decision/evaluation.ts';
import { reuseFindings } from '../decision/session-finding.ts';
import type { AdmitRequest } from '../gate/gate-messages.ts';
import { REUSES } from '../velocity/session-use.ts';
import type { Tried } from './attempt-reader.ts';

/** Null where nothing is limited, and for a request that only puts a card somewhere: its payment is the use. */
export function visitOf(all: readonly Tried[], policy: Policy): NonNullable<AdmitRequest['visit']> | null {
  const { session: rules, stepUpFallback } = policy;
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
    isRefused: isStopped(reuseFindings(REUSES, rules), { challengeFallback: stepUpFallback }),
  };
}

/** Each card that the request names, by its fingerprint under each key. */
function cardsOf({ attempt, others }: Tried): readonly (readonly string[])[] {
  const besides = others.map((card) => namesOf({ ...attempt, card }));
  return attempt.card === null ? besides : [namesOf(attempt), ...besides];
}
