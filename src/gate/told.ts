/**
 * What a settlement tells beside its status, as it goes on record, and whether that is news. Pure.
 */
import type { Settlement } from './gate-messages.ts';
import type { OutcomeRow, Told } from './ledger.ts';

export function toldOf(settlement: Settlement, settledAt: number): Told {
  const { declineReason, declineCode, paymentId, tryId, keptText } = settlement;
  return { settledAt, declineReason, declineCode, paymentId, tryId, attempt: keptText };
}

/**
 * What a word that changes nothing says that was not known: nothing, or one. One that contradicts may be about another
 * try of the payment (paid at last), whose failure is then told under its own id: it names no try.
 */
export function newsIn(told: Told, before: OutcomeRow | null, kind: 'exists' | 'contradicts'): readonly Told[] {
  if (before === null) return [];
  const tryId = kind === 'contradicts' ? null : told.tryId;
  const isNews = (said: unknown, known: unknown) => (said ?? null) !== null && known === null;
  const isNewAttempt = told.attempt !== undefined && !before.isKept;
  const tells = isNews(told.paymentId, before.paymentId) || isNews(tryId, before.tryId) || isNewAttempt;
  return tells ? [{ ...told, tryId }] : [];
}
