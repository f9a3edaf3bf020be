/**
 * Attempts that are in flight and young: held in memory, because most are over before a row would be written.
 * Bounded in number and age; what grows past either is handed out to be written down.
 */
import type { Touch } from '../velocity/touch.ts';

export interface OpenReservation {
  readonly evaluation: string;
  readonly places: readonly Touch[];
  readonly guest: boolean;
  readonly openedAt: number;
  readonly expiresAt: number;
}

export class OpenPlaces {
  readonly #reservations = new Map<string, OpenReservation>();
  readonly #inFlight = new Map<string, number>();

  get size(): number {
    return this.#reservations.size;
  }

  inFlight(keys: readonly string[]): number {
    return keys.reduce((sum, key) => sum + (this.#inFlight.get(key) ?? 0), 0);
  }

  add(reservation: OpenReservation): void {
    this.#reservations.set(reservation.evaluation, reservation);
    for (const { key } of reservation.places) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
  }

  remove(evaluation: string): OpenReservation | undefined {
    const reservation = this.#reservations.get(evaluation);
    this.#reservations.delete(evaluation);
    for (const { key } of reservation?.places ?? []) this.#leave(key);
    return reservation;
  }

  /** Removes and returns those opened before `time`, and the oldest while there are more than `limit`. */
  takeOld(time: number, limit: number): readonly OpenReservation[] {
    const taken: OpenReservation[] = [];
    // A Map keeps insertion order, so the first is the oldest.
    for (const reservation of this.#reservations.values()) {
      if (reservation.openedAt > time && this.#reservations.size <= limit) break;
      taken.push(reservation);
      this.remove(reservation.evaluation);
    }
    return taken;
  }

  #leave(key: string): void {
    const left = (this.#inFlight.get(key) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
