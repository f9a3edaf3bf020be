/**
 * A settlement that came as two texts: the word, and what is kept of the attempt, which is read only where it is asked
 * for. A success puts it on record as it is.
 */
import type { Kept, Settlement, Word } from './gate-messages.ts';

/** What is kept of the attempt, as a text. */
export function keptTextOf({ places, guest, reservationMs, cards, record, visit }: Kept): string {
  return JSON.stringify({ places, guest, reservationMs, cards, record, visit });
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
    get cards() {
      return kept().cards ?? [];
    },
  };
}
