/**
 * A settlement that came as two texts: the word, and what is kept of the attempt. A success puts the second on record
 * as it is: only where it is asked for is it read.
 */
import { textOfTouches } from '../velocity/touch-text.ts';
import type { Kept, Settlement, Word } from './gate-messages.ts';

/** The word, and what is kept of the attempt. */
export function textsOf(settlement: Settlement): { readonly word: string; readonly kept: string } {
  const { places, guest, reservationMs, cards, record, visit, payer } = settlement;
  const kept = JSON.stringify({ guest, reservationMs, cards, record, visit, payer });
  // Each by its name: the rest of an object is dear to take (docs/performance.md), and nothing may be forgotten here.
  const word: Record<Exclude<keyof Settlement, keyof Kept | 'keptText'>, unknown> = {
    evaluation: settlement.evaluation,
    status: settlement.status,
    declineReason: settlement.declineReason,
    declineCode: settlement.declineCode,
    paymentId: settlement.paymentId,
    tryId: settlement.tryId,
    links: settlement.links,
    alsoKnownAs: settlement.alsoKnownAs,
    takenBy: settlement.takenBy,
    continues: settlement.continues,
    countsAttempts: settlement.countsAttempts,
  };
  return { word: JSON.stringify(word), kept: `{"places":${textOfTouches(places)},${kept.slice(1)}` };
}

/** A word about an attempt, without what was kept of it but as a text. */
export type Said = Word & Pick<Settlement, 'evaluation' | 'keptText' | 'countsAttempts'>;

export function saidIn(word: string, keptText: string): Said & { readonly keptText: string } {
  return Object.assign(JSON.parse(word) as Word & Pick<Settlement, 'evaluation' | 'countsAttempts'>, { keptText });
}

/** With what was kept. */
export function settlementOf(said: Said & { readonly keptText: string }): Settlement {
  const { places, guest, reservationMs, cards = [], payer = [] } = JSON.parse(said.keptText) as Kept;
  return { ...said, places, guest, reservationMs, cards, payer };
}
