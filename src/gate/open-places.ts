/**
 * Attempts that are in flight and young: held in memory, because most are over before a row would be written.
 * Bounded in number and age; what grows past either is handed out to be written down.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';
import type { AdmitRequest, Found } from './gate-messages.ts';

export interface OpenReservation {
  readonly evaluation: string;
  readonly places: readonly Touch[];
  readonly guest: boolean;
  readonly openedAt: number;
  readonly expiresAt: number;
  /** There is a row of it: age is no reason to write it down again. */
  readonly isDurable: boolean;
  /** The card's names when it was admitted. */
  readonly cards: readonly string[];
  readonly found?: Found;
}

/** What is to be said of an attempt that is let through: of most, nothing. */
export function foundIn({ known }: AdmitRequest, verdicts: readonly Verdict[]): { readonly found?: Found } {
  const told = verdicts.filter(({ state }) => state !== 'open');
  if (known === undefined && told.length === 0) return {};
  return { found: { ...(known === undefined ? {} : { known }), verdicts: told } };
}

export class OpenPlaces {
  readonly #reservations = new Map<string, OpenReservation>();
  readonly #inFlight = new Map<string, number>();

  #unwritten = 0;
  #earliestEnd = Number.POSITIVE_INFINITY;

  /** Whether there is any without a row. */
  get hasUnwritten(): boolean {
    return this.#unwritten > 0;
  }

  get size(): number {
    return this.#reservations.size;
  }

  get(evaluation: string): OpenReservation | undefined {
    return this.#reservations.get(evaluation);
  }

  all(): Iterable<OpenReservation> {
    return this.#reservations.values();
  }

  inFlight(keys: readonly string[]): number {
    let sum = 0;
    for (const key of keys) sum += this.#inFlight.get(key) ?? 0;
    return sum;
  }

  add(reservation: OpenReservation): void {
    this.#reservations.set(reservation.evaluation, reservation);
    if (!reservation.isDurable) this.#unwritten++;
    this.#earliestEnd = Math.min(this.#earliestEnd, reservation.expiresAt);
    for (const { key } of reservation.places) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
  }

  remove(evaluation: string): OpenReservation | undefined {
    const reservation = this.#reservations.get(evaluation);
    if (reservation === undefined) return undefined;
    this.#reservations.delete(evaluation);
    if (!reservation.isDurable) this.#unwritten--;
    for (const { key } of reservation.places) this.#leave(key);
    return reservation;
  }

  /** Removes and returns those without a row that were opened before `time`, and the oldest beyond `limit`. */
  takeOld(time: number, limit: number): readonly OpenReservation[] {
    const taken: OpenReservation[] = [];
    // A Map keeps insertion order, so the first is the oldest.
    for (const reservation of this.#reservations.values()) {
      const isTooMany = this.#reservations.size > limit;
      if (reservation.openedAt > time && !isTooMany) break;
      if (reservation.isDurable && !isTooMany) continue;
      taken.push(reservation);
      this.remove(reservation.evaluation);
    }
    return taken;
  }

  /** Forgets those that are over; looks at all of them only when one may be. */
  purge(now: number): void {
    if (now < this.#earliestEnd) return;
    this.#earliestEnd = Number.POSITIVE_INFINITY;
    for (const { evaluation, expiresAt } of this.#reservations.values()) {
      if (expiresAt <= now) this.remove(evaluation);
      else this.#earliestEnd = Math.min(this.#earliestEnd, expiresAt);
    }
  }

  /** Removes and returns those that hold a key of which this is true. */
  takeHolding(isMeant: (key: string) => boolean): readonly OpenReservation[] {
    const open = [...this.#reservations.values()];
    const taken = open.filter(({ places }) => places.some(({ key }) => isMeant(key)));
    for (const { evaluation } of taken) this.remove(evaluation);
    return taken;
  }

  #leave(key: string): void {
    const left = (this.#inFlight.get(key) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
