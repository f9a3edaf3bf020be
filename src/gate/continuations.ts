/**
 * A request that goes on with a payment which waits for its payer is the same attempt: it takes over that attempt's
 * place, alone and only until its answer is there. A client names the payment, so it must be the same payer's.
 */

import { isPayers } from '../velocity/identity.ts';
import type { Touch } from '../velocity/touch.ts';
import { type CardNames, isCardName } from './card-names.ts';
import { evaluationOf } from './evaluation-id.ts';
import type { AdmitRequest } from './gate-messages.ts';
import type { Payments } from './payments.ts';
import type { Reservations, WrittenReservation } from './reservations.ts';

/** Of one payment: whoever tries it more often than this goes on with none of the tries before. */
const LOOK_LIMIT = 8;

/** An attempt that goes on, and the request that goes on with it. */
export interface Continued {
  readonly waiting: WrittenReservation;
  readonly request: Pick<AdmitRequest, 'evaluation' | 'reservationMs'>;
}

interface Shelf {
  readonly reservations: Reservations;
  readonly payments: Payments;
  readonly names: CardNames;
}

export class Continuations {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** The attempt that the request goes on with; null where it is an attempt of its own. `touches`: with every name. */
  find(request: AdmitRequest, touches: readonly Touch[], now: number): Continued | null {
    const { continues, evaluation } = request;
    if (continues === undefined || !this.#shelf.reservations.mayBeAny) return null;
    const waiting = this.#of(continues).find(
      (one) =>
        one.pending &&
        one.expiresAt > now &&
        (one.takenBy === null || one.takenBy === evaluation) &&
        this.#isSamePayer(one, request, touches),
    );
    return waiting === undefined ? null : { waiting, request };
  }

  /** Takes the place over, and adds the places that only the request has. Whose it is now, and all of its places. */
  take({ waiting, request }: Continued, own: readonly Touch[], now: number): Taken {
    const { evaluation: takenBy, reservationMs } = request;
    const left = waiting.places.filter(
      ({ key }) => !own.some((one) => one.key === key || one.formerKeys.includes(key)),
    );
    const places = [...own, ...left];
    const reservedUntil = now + reservationMs;
    // A place that stands under another of its names now leaves nothing under the old one.
    const isRenamed = waiting.places.some(({ key }) => !places.some((one) => one.key === key));
    if (isRenamed) this.#shelf.reservations.delete(waiting);
    this.#shelf.reservations.put({ ...waiting, places, takenBy, expiresAt: reservedUntil });
    return { evaluation: waiting.evaluation, places, reservedUntil };
  }

  /** Whatever the request took over waits for its payer again. */
  giveBack({ continues, evaluation }: Pick<AdmitRequest, 'continues' | 'evaluation'>): void {
    if (continues === undefined) return;
    for (const one of this.#of(continues)) this.#release(one, evaluation);
  }

  /** The attempt waits again, for the request that took it over brought no last word. */
  wait(evaluation: string, takenBy: string | undefined): void {
    const taken = takenBy === undefined ? null : this.#shelf.reservations.get(evaluation);
    if (taken !== null && takenBy !== undefined) this.#release(taken, takenBy);
  }

  #release(one: WrittenReservation, takenBy: string): void {
    if (one.takenBy === takenBy) this.#shelf.reservations.put({ ...one, takenBy: null });
  }

  /** The newest first. */
  #of(payment: string): readonly WrittenReservation[] {
    const { payments, reservations } = this.#shelf;
    const evaluations = payments.of([payment]).filter((id) => evaluationOf(id) === id);
    const newest = evaluations.slice(-LOOK_LIMIT).toReversed();
    return newest.map((id) => reservations.get(id)).filter((one) => one !== null);
  }

  /**
   * With a card of its own it must be the same card: another one is another attempt. Without, or with one that anybody
   * can name, the address, or the customer, must be the same. The card that is attached to the payment proves nothing:
   * naming the payment names it.
   */
  #isSamePayer(waiting: WrittenReservation, request: AdmitRequest, touches: readonly Touch[]): boolean {
    const { places, cards, payer } = waiting;
    const { cards: named = [], isTyped = false, payer: asking = [] } = request;
    const isCarried = named.some((name) => isCardName(name) && !name.startsWith('at_'));
    if (isCarried && !this.#shelf.names.areOne(cards, named)) return false;
    if (isCarried && !isTyped) return true;
    if (payer.length > 0 && asking.length > 0) return asking.some((mark) => payer.includes(mark));
    const known = new Set(places.flatMap(payerOf));
    return touches.flatMap(payerOf).some((identity) => known.has(identity));
  }
}

export interface Taken {
  readonly evaluation: string;
  readonly places: readonly Touch[];
  readonly reservedUntil: number;
}

// For what was written without its payer's marks. A key is its rule's name and then identities: see velocity/touch.ts.
function payerOf({ key }: Touch): readonly string[] {
  const [, ...identities] = JSON.parse(key) as string[];
  return identities.filter((part) => !isCardName(part) && isPayers(part));
}
