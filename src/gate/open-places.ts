/**
 * Attempts that are in flight and young: held in memory, because most are over before a row would be written.
 * Bounded in number and age; what grows past either is handed out to be written down.
 */
import type { Verdict } from '../velocity/admission.ts';
import { countsAttempts } from '../velocity/rule.ts';
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

const NONE: readonly OpenReservation[] = [];
const NO_THINGS: readonly (readonly string[])[] = [];

export class OpenPlaces {
  readonly #reservations = new Map<string, OpenReservation>();
  readonly #inFlight = new Map<string, number>();
  /** By key and evaluation, of distinct counts alone. */
  readonly #things = new Map<string, Map<string, (readonly string[])[]>>();

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

  /** What a distinct count counts, of those in flight: each by its names. */
  things(keys: readonly string[]): readonly (readonly string[])[] {
    let found = NO_THINGS;
    for (const key of keys) {
      const under = this.#things.get(key);
      if (under !== undefined) found = [...found, ...[...under.values()].flat()];
    }
    return found;
  }

  add(reservation: OpenReservation): void {
    this.#reservations.set(reservation.evaluation, reservation);
    if (!reservation.isDurable) this.#unwritten++;
    this.#earliestEnd = Math.min(this.#earliestEnd, reservation.expiresAt);
    for (const { key, items, inFlight } of reservation.places) {
      if (inFlight === 'ignore') continue;
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
      if (items !== undefined) this.#bring(key, reservation.evaluation, items);
    }
  }

  remove(evaluation: string): OpenReservation | undefined {
    const reservation = this.#reservations.get(evaluation);
    if (reservation === undefined) return undefined;
    this.#reservations.delete(evaluation);
    if (!reservation.isDurable) this.#unwritten--;
    for (const { key, items, inFlight } of reservation.places) {
      if (inFlight === 'ignore') continue;
      this.#leave(key);
      if (items !== undefined) this.#take(key, evaluation);
    }
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

  /** Forgets those that are over, and says which of them count as attempts; looks at all only when one may be over. */
  purge(now: number): readonly OpenReservation[] {
    if (now < this.#earliestEnd) return NONE;
    this.#earliestEnd = Number.POSITIVE_INFINITY;
    const over: OpenReservation[] = [];
    for (const one of this.#reservations.values()) {
      if (one.expiresAt > now) this.#earliestEnd = Math.min(this.#earliestEnd, one.expiresAt);
      else if (this.remove(one.evaluation)?.places.some(countsAttempts) === true) over.push(one);
    }
    return over;
  }

  /** Removes and returns those that hold a key of which this is true. */
  takeHolding(isMeant: (key: string) => boolean): readonly OpenReservation[] {
    const open = [...this.#reservations.values()];
    const taken = open.filter(({ places }) => places.some(({ key }) => isMeant(key)));
    for (const { evaluation } of taken) this.remove(evaluation);
    return taken;
  }

  #bring(key: string, evaluation: string, items: readonly string[]): void {
    const under = this.#things.get(key) ?? new Map<string, (readonly string[])[]>();
    under.set(evaluation, [...(under.get(evaluation) ?? []), items]);
    this.#things.set(key, under);
  }

  #take(key: string, evaluation: string): void {
    const under = this.#things.get(key);
    under?.delete(evaluation);
    if (under?.size === 0) this.#things.delete(key);
  }

  #leave(key: string): void {
    const left = (this.#inFlight.get(key) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
