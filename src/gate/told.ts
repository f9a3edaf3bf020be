/**
 * What a settlement tells beside its status, as it goes on record, and whether that is news. Pure.
 */
import type { Settlement } from './gate-messages.ts';
import type { OutcomeRow, Told } from './ledger.ts';

export function toldOf(settlement: Settlement, settledAt: number): Told {
  const { declineReason, declineCode, paymentId, tryId, keptText } = settlement;
  return { settledAt, declineReason, declineCode, paymentId, tryId, attempt: keptText };
}

/** Whether a word that changes nothing still says what was not known. */
export function tellsMore({ paymentId, tryId, attempt }: Told, before: OutcomeRow | null): boolean {
  if (before === null) return false;
  const isNews = (said: unknown, known: unknown) => (said ?? null) !== null && known === null;
  return (
    isNews(paymentId, before.paymentId) || isNews(tryId, before.tryId) || (attempt !== undefined && !before.isKept)
  );
}
