/**
 * Where an attempt is known from: its row if the API asked, what was kept with its outcome, the places it holds in memory,
 * or its written reservation. Times are ms since the epoch.
 */
import { evaluationOf } from './evaluation-id.ts';
import type { Found, Kept } from './gate-messages.ts';
import type { Ledger } from './ledger.ts';
import type { OpenPlaces } from './open-places.ts';
import type { Register, Registered } from './register.ts';
import type { Reservations } from './reservations.ts';

export interface KnownAttempt extends Kept {
  readonly evaluation: string;
  /** To be put on record with its outcome, where nothing else keeps what it was. */
  readonly keptText?: string;
  /** When its reservation ends; null where that is not known any more. */
  readonly reservedUntil: number | null;
  /** Its row, where the API asked for it. */
  readonly row?: Registered;
}

interface Rooms {
  readonly ledger: Ledger;
  readonly open: OpenPlaces;
  readonly reservations: Reservations;
  readonly register: Register;
}

export class Attempts {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** An attempt that was let through; null for one that was refused, or that nothing is known of. */
  find(evaluation: string): KnownAttempt | null {
    const { ledger, open, reservations, register } = this.#rooms;
    const id = evaluationOf(evaluation);
    const entry = register.get(id);
    if (entry !== null) return entry.reservedUntil === null ? null : registeredAttempt(entry);
    const kept = ledger.keptAttempt(id);
    if (kept !== null) return kept.stranger === undefined ? { ...kept, evaluation: id, reservedUntil: null } : null;
    const inMemory = open.get(id);
    if (inMemory !== undefined) return heldAttempt(inMemory, inMemory.expiresAt - inMemory.openedAt);
    const written = reservations.get(id);
    return written === null ? null : heldAttempt(written, WRITTEN_RESERVATION_MS);
  }

  /** Those in flight with one of these cards, oldest first. */
  inFlight(cards: readonly string[]): readonly string[] {
    if (cards.length === 0) return [];
    const { open, reservations } = this.#rooms;
    const held = [...open.all()].filter((it) => it.cards.some((card) => cards.includes(card)));
    return [...held.map(({ evaluation }) => evaluation), ...reservations.ofCards(cards)].sort();
  }
}

/** A word that comes this late about an attempt that nobody spoke of yet: a pending one is held this long again. */
const WRITTEN_RESERVATION_MS = 900_000;

function registeredAttempt(row: Registered): KnownAttempt {
  const { evaluation, places, guest, reservationMs, cards, reservedUntil } = row;
  return { evaluation, places, guest, reservationMs, cards, reservedUntil, row };
}

function heldAttempt(held: Held, reservationMs: number): KnownAttempt {
  const { evaluation, places, guest, expiresAt, cards, found } = held;
  const kept: Kept = { places, guest, reservationMs, cards, ...(found === undefined ? {} : { found }) };
  return { ...kept, evaluation, reservedUntil: expiresAt, keptText: JSON.stringify(kept) };
}

interface Held extends Pick<Kept, 'places' | 'guest'> {
  readonly evaluation: string;
  readonly expiresAt: number;
  readonly cards: readonly string[];
  readonly found?: Found;
}
