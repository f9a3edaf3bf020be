/**
 * A settlement that came as two texts: the word, and what is kept of the attempt, which is read only where it is asked
 * for. A success puts it on record as it is.
 */
import type { Kept, Settlement, Word } from './gate-messages.ts';

/** The word, and what is kept of the attempt. */
export function textsOf(settlement: Settlement): { readonly word: string; readonly kept: string } {
  const { places, guest, reservationMs, cards, record, visit, payer, ...word } = settlement;
  const kept = { places, guest, reservationMs, cards, record, visit, payer };
  return { word: JSON.stringify(word), kept: JSON.stringify(kept) };
}

export function settlementOf(word: string, keptText: string): Settlement {
  const { evaluation, ...said } = JSON.parse(word) as Word & Pick<Settlement, 'evaluation'>;
  let parsed: Kept | null = null;
  const kept = () => (parsed ??= JSON.parse(keptText) as Kept);
  return {
    ...said,
    evaluation,
    keptText,
    get places() {
      return kept().places;
    },
    get guest() {
      return kept().guest;
    },
    get reservationMs() {
      return kept().reservationMs;
    },
    get payer() {
      return kept().payer ?? [];
    },
    get cards() {
      return kept().cards ?? [];
    },
  };
}
