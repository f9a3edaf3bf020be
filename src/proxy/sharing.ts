/**
 * What of an attempt is told to the merchants who share: that payments from an address that the edge has seen failed or
 * went well. Nothing of card, payer or amount; nothing that an API caller typed; nothing of who does not share.
 */
import type { Policy } from '../config/policy.ts';
import type { Counts } from '../network/observations.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Guarding, Judgement } from './guarding.ts';

/** Not the payer's doing. */
const BLAMELESS: ReadonlySet<Outcome['declineReason']> = new Set(['processing_error', 'try_again_later']);
/** As the field notes weigh it: many who are asked for 3-D Secure give up. */
const WEIGHT_OF_AUTHENTICATION = 0.5;

export function share(guarding: Guarding, { tried }: Judgement, outcome: Outcome): void {
  const { edge, inForce, route, visit, now, afterwards } = guarding;
  if (!isShared(inForce.policy) || visit.whence === null) return;
  // A merchant's own server is no payer, and a renewal is nobody's visit.
  const isPayer = route.access === 'shopper' && tried.kind === 'attempt' && tried.attempt.kind !== 'renewal';
  const counts = isPayer ? countsOf(outcome) : null;
  if (counts === null) return;
  edge.sightings.note({
    merchant: inForce.policy.merchant,
    address: visit.whence.ip.counted,
    ...counts,
    now,
    afterwards,
  });
}

function isShared({ reputation, mode }: Policy): boolean {
  return reputation?.shared === true && reputation.modes.reputation !== 'off' && mode !== 'off';
}

/** Null for what says nothing about whoever tried it. */
function countsOf({ status, declineReason }: Outcome): Counts | null {
  if (status === 'succeeded') return { failures: 0, successes: 1 };
  if (status !== 'failed' || BLAMELESS.has(declineReason)) return null;
  return { failures: declineReason === 'authentication_failed' ? WEIGHT_OF_AUTHENTICATION : 1, successes: 0 };
}
