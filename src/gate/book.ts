/**
 * The gate's book-keeping over its tables and its memory, one synchronous step a call: no `await` can come between
 * a check and its write. The clock is an argument, in ms since the epoch.
 */
import { admits, isJustShut, judge, placesOf, spokenFor } from '../velocity/admission.ts';
import { ABANDONED, firstWord } from '../velocity/happening.ts';
import { countsAttempts } from '../velocity/rule.ts';
import type { Touch } from '../velocity/touch.ts';
import type { AttackDesk } from './attack-desk.ts';
import type { CardNames } from './card-names.ts';
import { Continuations } from './continuations.ts';
import { CLOCK_MS, furtherTry, timeOf } from './evaluation-id.ts';
import type { Admission, AdmitRequest, Kept, Settled, Settlement } from './gate-messages.ts';
import type { KeptAttempt, Ledger, Told } from './ledger.ts';
import { foundIn, type OpenPlaces } from './open-places.ts';
import type { Payments } from './payments.ts';
import { Readings } from './readings.ts';
import type { Reservations, WrittenReservation } from './reservations.ts';
import { happeningOf } from './settlement.ts';
import type { Said } from './settlement-text.ts';
import type { Shelf } from './shelf.ts';
import { Tally } from './tally.ts';
import { putOutcome, toldOf } from './told.ts';

/** An admission that was judged. */
export type Judged = Exclude<Admission, { kind: 'stale_config' | 'unleased' }>;

/** An attempt that nobody said a word of. */
interface Ending {
  readonly evaluation: string;
  readonly places: readonly Touch[];
  readonly reservedUntil: number | null;
  readonly cards?: readonly string[];
}

export class Book {
  readonly #ledger: Ledger;
  readonly #reservations: Reservations;
  readonly #open: OpenPlaces;
  readonly #tally: Tally;
  readonly #names: CardNames;
  readonly #payments: Payments;
  readonly #attacks: AttackDesk;
  readonly #continuations: Continuations;
  readonly #atomically: Shelf['atomically'];
  readonly #readings: Readings;

  constructor({ ledger, reservations, open, names, payments, attacks, atomically }: Shelf) {
    this.#continuations = new Continuations({ reservations, names, payments });
    this.#ledger = ledger;
    this.#tally = new Tally(ledger);
    this.#reservations = reservations;
    this.#open = open;
    this.#names = names;
    this.#payments = payments;
    this.#attacks = attacks;
    this.#atomically = atomically;
    const end = (over: WrittenReservation) => this.#expire(over);
    this.#readings = new Readings({ ledger, open, reservations, attacks }, end);
  }

  /**
   * Judges an attempt by every counter it touches and takes its place under all of them or none.
   * The same evaluation asked again gives up its first place, so a repeated call never holds two. A request that goes
   * on with a pending attempt takes over that one's place. `isDurable`: the caller writes a row of it.
   */
  admit(request: AdmitRequest, now: number, isDurable = false): Judged {
    const { alsoKnownAs = [] } = request;
    const writesNothing = alsoKnownAs.length === 0 && !this.#names.areAny && !this.#reservations.mayBeAny;
    return writesNothing
      ? this.#admit(request, now, isDurable)
      : this.#atomically(() => this.#admit(request, now, isDurable));
  }

  #admit(request: AdmitRequest, now: number, isDurable: boolean): Judged {
    const { evaluation, guest, cards = [], alsoKnownAs = [] } = request;
    for (const over of this.#open.purge(now)) this.endIfOver({ ...over, reservedUntil: over.expiresAt }, now);
    this.#release(evaluation);
    if (alsoKnownAs.length > 0) this.#names.join([...cards.slice(0, 1), ...alsoKnownAs], now);
    this.#names.follow(cards, now);
    const touches = this.#names.widen(request.touches, cards);
    const continued = this.#continuations.find(request, touches, now);
    const readings = this.#readings.of(touches, now, continued);
    const justShut = readings.filter(isJustShut);
    if (justShut.length > 0) this.#atomically(() => this.#tally.markShut(justShut, now));
    const spared = this.#attacks.spared(readings.map(judge), touches, now);
    const verdicts = request.isSpokenFor === true ? spokenFor(spared) : spared;
    const isAdmitted = admits(verdicts, request.cleared);
    this.#attacks.noteAlarms(readings, isAdmitted, now);
    if (!isAdmitted) {
      this.#continuations.giveBack(request);
      return { kind: 'refused', verdicts };
    }
    const places = placesOf(touches, verdicts, request.cleared);
    if (continued !== null) return { kind: 'admitted', verdicts, ...this.#continuations.take(continued, places, now) };
    const reservedUntil = now + request.reservationMs;
    const held = { evaluation, places, guest, openedAt: now, expiresAt: reservedUntil, isDurable, cards };
    this.#open.add({ ...held, ...foundIn(request, verdicts) });
    return { kind: 'admitted', verdicts, places, reservedUntil };
  }

  /** Each attempt is judged as if those before it were in flight. One that is refused gives all places back. */
  admitAll(requests: readonly AdmitRequest[], now: number): readonly Judged[] {
    const judged = requests.map((request) => this.admit(request, now));
    if (judged.some(({ kind }) => kind === 'refused')) this.giveUp(requests);
    return judged;
  }

  /** Whatever the attempts hold, or have taken over, is given back. */
  giveUp(requests: readonly Pick<AdmitRequest, 'evaluation' | 'continues'>[]): void {
    this.#atomically(() => {
      for (const request of requests) {
        this.#release(request.evaluation);
        this.#continuations.giveBack(request);
      }
    });
  }

  /**
   * Records an outcome; a failure counts under every place that the attempt held. What a processor reported before
   * anybody knew that it was about this attempt becomes this attempt's.
   */
  settle(settlement: Settlement, now: number): Settled {
    const settled = settlement.places.some(countsAttempts) ? null : this.settleAtOnce(settlement, now);
    return settled ?? this.#atomically(() => this.#settle(settlement, now));
  }

  /** The first word on an attempt in memory that counts nothing is one row. Null, with nothing done, for all else. */
  settleAtOnce(said: Said, now: number): Settled | null {
    const { evaluation, status, alsoKnownAs = [], links = [] } = said;
    const countsNothing = (status === 'succeeded' || status === 'unknown') && said.countsAttempts !== true;
    if (!countsNothing || alsoKnownAs.length > 0 || links.length > 0 || this.#reservations.mayBeAny) return null;
    const recorded = { status, counted: 0, contradicted: false };
    if (!this.#ledger.putFirstOutcome(evaluation, recorded, toldOf(said, now))) return null;
    this.#open.remove(evaluation);
    return { kind: 'recorded' };
  }

  #settle(settlement: Settlement, now: number): Settled {
    const { evaluation, alsoKnownAs = [], links = [] } = settlement;
    if (alsoKnownAs.length > 0) this.#names.join([...(settlement.cards ?? []).slice(0, 1), ...alsoKnownAs], now);
    this.#expireIfOver(evaluation, now);
    const settled = this.#take(settlement, now);
    for (const link of links) {
      if (this.#payments.claim(link, evaluation, now)) this.#adoptStrangers(link, settlement, now);
    }
    return settled;
  }

  /** Counts a failure of nobody's attempt under what it touches. */
  settleStranger(settlement: Settlement, now: number): void {
    const { evaluation, links = [], cards = [], guest, reservationMs } = settlement;
    const places = this.#names.widen(settlement.places, cards);
    const keptText = JSON.stringify({ places, guest, reservationMs, cards, stranger: links } satisfies KeptAttempt);
    this.#take({ ...settlement, places, keptText }, now);
    for (const link of links) this.#payments.claim(link, evaluation, now);
  }

  #take(settlement: Settlement, now: number): Settled {
    const { evaluation, status } = settlement;
    const transition = putOutcome(this.#ledger, settlement, now);
    this.#continuations.giveBack(settlement);
    if (transition.kind === 'exists' || transition.kind === 'contradicts') {
      this.#continuations.wait(evaluation, settlement.takenBy);
      return transition;
    }
    // By now the card may be known by more names than when it took its places.
    const places = () => this.#names.widen(settlement.places, settlement.cards ?? []);
    if (transition.weight > 0 || (transition.isFirst && settlement.places.some(countsAttempts))) {
      this.#tally.count(places(), happeningOf(transition, settlement.declineReason ?? null), now);
    }
    this.#attacks.note(settlement.places, settlement, now);
    if (status === 'pending') this.#hold({ ...settlement, places: places() }, now);
    else this.#release(evaluation);
    return { kind: transition.kind };
  }

  /** The first stranger under an id is this attempt itself; whatever failed beside it are further tries of it. */
  #adoptStrangers(link: string, settlement: Settlement, now: number): void {
    const { evaluation, cards = [] } = settlement;
    for (const stranger of this.#payments.of([link]).filter((other) => other !== evaluation)) {
      const known = this.#ledger.keptAttempt(stranger);
      if (known?.stranger === undefined) continue;
      const { declineReason = null, tryId = null } = this.#ledger.outcome(stranger) ?? {};
      this.#ledger.deleteOutcome(stranger);
      this.#payments.forget(known.stranger, stranger);
      const isOwn = this.#mayBe(stranger, settlement, { tryId, cards: known.cards ?? [] });
      if (isOwn) this.#names.suggest([...cards.slice(0, 1), ...(known.cards ?? []).slice(0, 1)], now);
      const as = isOwn ? evaluation : furtherTry(evaluation, tryId ?? stranger);
      const touched = isOwn && cards.length > 0 ? settlement : this.#names.ofTry(settlement, known);
      const { places, cards: tried = [] } = touched;
      const { guest, reservationMs, keptText } = settlement;
      const kept = isOwn ? keptText : JSON.stringify({ places, guest, reservationMs, cards: tried } satisfies Kept);
      const keeping = kept === undefined ? {} : { keptText: kept };
      const failed = { ...settlement, ...keeping, evaluation: as, status: 'failed', declineReason, tryId } as const;
      this.#take({ ...failed, places, cards: tried }, now);
      const twice = { others: known.places, happening: firstWord('failed', declineReason) };
      this.#tally.takeBack(this.#names.widen(places, tried), twice, now);
      for (const id of known.stranger) this.#payments.claim(id, as, now);
    }
  }

  /** Whether a stranger's try may be this very attempt: no other try of it, not before it began, not with another card. */
  #mayBe(stranger: string, attempt: Settlement, { tryId, cards }: Pick<Told, 'tryId'> & { cards: readonly string[] }) {
    const { evaluation, cards: own = [] } = attempt;
    const isFree = tryId === null || [null, tryId].includes(this.#ledger.outcome(evaluation)?.tryId ?? null);
    const isInTime = timeOf(stranger) + CLOCK_MS > timeOf(evaluation);
    return isFree && isInTime && !this.#names.areTwo(own, cards);
  }

  /** Writes down the reservations in memory that were opened before `time`, or are too many. */
  writeDown(time: number, limit: number): void {
    for (const { openedAt: _, isDurable: __, ...reservation } of this.#open.takeOld(time, limit)) {
      this.#reservations.put({ ...reservation, pending: false });
    }
  }

  /** Ends at most `limit` reservations whose outcome never came; true when there may be more. */
  expire(now: number, limit: number): boolean {
    const expired = this.#reservations.expired(now, limit);
    for (const reservation of expired) this.#expire(reservation);
    return expired.length === limit;
  }

  /** Whether an abandoned payment weighs must not depend on who looked at it in between. */
  #expireIfOver(evaluation: string, now: number): void {
    const reservation = this.#reservations.get(evaluation);
    if (reservation !== null && reservation.expiresAt <= now) this.#expire(reservation);
  }

  /** An attempt whose time was over before a word came is an attempt all the same, and its place is given back. */
  endIfOver({ evaluation, places, reservedUntil, cards = [] }: Ending, now: number): void {
    if (reservedUntil === null || reservedUntil > now) return;
    const isNews = places.some(countsAttempts) && this.#ledger.outcome(evaluation) === null;
    if (isNews) this.#tally.count(this.#names.widen(places, cards), firstWord('unknown'), reservedUntil);
    this.#ledger.putUnknown(evaluation, reservedUntil);
  }

  #expire(reservation: WrittenReservation): void {
    const { evaluation, places, guest, pending, expiresAt, cards } = reservation;
    const weight = pending && guest ? ABANDONED : 0;
    const told = this.#ledger.storedOutcome(evaluation);
    const attempts = told === null ? 1 : 0;
    const happening = { failures: weight, weighted: weight, attempts, declineReason: null } as const;
    if (weight > 0 || (attempts > 0 && places.some(countsAttempts))) {
      this.#tally.count(this.#names.widen(places, cards), happening, expiresAt);
    }
    const recorded = { status: 'unknown', counted: weight, contradicted: false } as const;
    this.#ledger.putOutcome(evaluation, recorded, { ...told, settledAt: expiresAt });
    this.#reservations.delete(reservation);
  }

  #hold({ evaluation, places, guest, reservationMs, cards = [], payer = [] }: Settlement, now: number): void {
    this.#open.remove(evaluation);
    this.#reservations.put({ evaluation, places, guest, pending: true, expiresAt: now + reservationMs, cards, payer });
  }

  #release(evaluation: string): void {
    if (this.#open.remove(evaluation) !== undefined) return;
    const written = this.#reservations.get(evaluation);
    if (written !== null) this.#reservations.delete(written);
  }
}
