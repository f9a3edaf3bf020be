/**
 * What a settlement tells, beside its status, and how it goes on record.
 */
import type { Settlement } from './gate-messages.ts';
import type { Ledger, OutcomeRow, Told } from './ledger.ts';
import { settleOver, type Transition } from './settlement.ts';
import type { Said } from './settlement-text.ts';

export function toldOf(said: Said, settledAt: number): Told {
  const { declineReason, declineCode, paymentId, tryId, keptText } = said;
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
  else for (const news of newsIn(told, before, transition.kind)) ledger.completeOutcome(evaluation, news);
  return transition;
}

/**
 * What a word that changes nothing says that was not known: nothing, or one. One that contradicts may be about another
 * try of the payment (paid at last), whose failure is then told under its own id: it names no try.
 */
function newsIn(told: Told, before: OutcomeRow | null, kind: 'exists' | 'contradicts'): readonly Told[] {
  if (before === null) return [];
  const tryId = kind === 'contradicts' ? null : told.tryId;
  const isNews = (said: unknown, known: unknown) => (said ?? null) !== null && known === null;
  const isNewAttempt = told.attempt !== undefined && !before.isKept;
  const tells = isNews(told.paymentId, before.paymentId) || isNews(tryId, before.tryId) || isNewAttempt;
  return tells ? [{ ...told, tryId }] : [];
}
