/**
 * What a settlement tells, beside its status, and how it goes on record.
 */
import type { Settlement } from './gate-messages.ts';
import type { Ledger, OutcomeRow, Told } from './ledger.ts';
import { settleOver, type Transition } from './settlement.ts';

export function toldOf(settlement: Settlement, settledAt: number): Told {
  const { declineReason, declineCode, paymentId, tryId, keptText } = settlement;
  return { settledAt, declineReason, declineCode, paymentId, tryId, attempt: keptText };
}

/** Most outcomes are the first word: it is written at once, and only where another stands is that one looked at. */
export function putOutcome(ledger: Ledger, settlement: Settlement, now: number): Transition {
  const { evaluation, status } = settlement;
  const told = toldOf(settlement, now);
  const first = settleOver(null, status);
  if (first.kind === 'recorded' && ledger.putFirstOutcome(evaluation, first.to, told)) return first;
  const before = ledger.outcome(evaluation);
  const transition = settleOver(before, status);
  if ('to' in transition) ledger.putOutcome(evaluation, transition.to, told);
  else if (tellsMore(told, before)) ledger.completeOutcome(evaluation, told);
  return transition;
}

/** Whether a word that changes nothing still says what was not known. */
function tellsMore({ paymentId, tryId, attempt }: Told, before: OutcomeRow | null): boolean {
  if (before === null) return false;
  const isNews = (said: unknown, known: unknown) => (said ?? null) !== null && known === null;
  return (
    isNews(paymentId, before.paymentId) || isNews(tryId, before.tryId) || (attempt !== undefined && !before.isKept)
  );
}
