/**
 * Lets requests in: by the lists and leases (leave.ts), by how their session was used of late, then by
 * the book. One synchronous step, so that of requests at once no more go on than may, and none once a lease has gone.
 * Times are ms since the epoch.
 */
import { powerOf, speaksForPayer } from '../lists/item.ts';
import { rememberedSince, type Visited } from '../velocity/session-use.ts';
import type { Book, Judged } from './book.ts';
import type { CardNames } from './card-names.ts';
import type { Challenges } from './challenges.ts';
import type { Admission, AdmitRequest } from './gate-messages.ts';
import type { LeaseTold } from './lease-messages.ts';
import type { Leases } from './leases.ts';
import { leaveOf } from './leave.ts';
import type { ListsTold } from './list-messages.ts';
import type { Lists } from './lists.ts';
import type { Nonce, NonceUse } from './nonce-messages.ts';
import type { Nonces } from './nonces.ts';
import { Visits } from './visits.ts';
import type { VisitsOnRecord } from './visits-on-record.ts';

interface Rooms {
  readonly book: Book;
  readonly names: CardNames;
  readonly onRecord: VisitsOnRecord;
  readonly leases: Leases;
  readonly lists: Lists;
  readonly nonces: Nonces;
  readonly challenges: Challenges;
}

/** An admission that was judged, or not even that. */
export type Answered = Exclude<Admission, { kind: 'stale_config' }>;

type Visit = NonNullable<AdmitRequest['visit']>;

const REFUSED = { kind: 'refused', verdicts: [] } as const;
const UNLEASED = { kind: 'unleased' } as const;
/** Whether two tokens are one card nobody knows: until somebody does, they are none. */
const IS_CARD = /^(?:fp|pf)_/;

export class Admissions {
  readonly #rooms: Rooms;
  /** Null until a session is asked about: most merchants limit none. */
  #visits: Visits | null = null;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** `isDurable`: the caller writes a row of it. */
  admit(request: AdmitRequest, now: number, isDurable = false): Answered {
    if (!asksMore(request)) return this.#admitOne(request, now, isDurable);
    const judge = ([one = request]: readonly AdmitRequest[]) => [this.#admitOne(one, now, isDurable)];
    return this.#withLeave([request], now, judge)[0] ?? UNLEASED;
  }

  /** What lists and leases say of a request that is not judged. */
  told(request: AdmitRequest, now: number): LeaseTold & ListsTold {
    return leaveOf([request], this.#rooms, now).told[0] ?? {};
  }

  /** The nonce of a request that nothing is counted of. */
  useNonce(nonce: Nonce, evaluation: string, now: number): NonceUse {
    return this.#rooms.nonces.use(nonce, evaluation, now);
  }

  /** All or none. What is asked about their address, and their visit, comes with the first, and is answered with it. */
  admitAll(requests: readonly AdmitRequest[], now: number): readonly Answered[] {
    const [first] = requests;
    if (first === undefined || !asksMore(first)) return this.#admitEach(requests, now);
    return this.#withLeave(requests, now, (all) => this.#admitEach(all, now));
  }

  /** Without leave nothing is judged, and what an earlier call of the same attempt took is given up. */
  #withLeave(
    requests: readonly AdmitRequest[],
    now: number,
    judge: (under: readonly AdmitRequest[]) => readonly Judged[],
  ): readonly Answered[] {
    const { nonces, challenges, book } = this.#rooms;
    const [first] = requests;
    const { kind, told } = leaveOf(requests, this.#rooms, now);
    const under = requests.map((one, at) => (isSpokenFor(told[at] ?? {}) ? { ...one, isSpokenFor: true } : one));
    const judgePassed = () => challenges.once(first, now, () => judge(under));
    const judgeOnce = () => nonces.onceSealed(first, now, judgePassed);
    if (kind === 'given') return nonces.once(first, now, judgeOnce).map((judged, at) => ({ ...judged, ...told[at] }));
    book.giveUp(requests);
    return requests.map((_, at) => ({ ...(kind === 'denied' ? REFUSED : UNLEASED), ...told[at] }));
  }

  #admitOne(request: AdmitRequest, now: number, isDurable: boolean): Judged {
    const { book } = this.#rooms;
    const { pass, lists, seal, touches } = request;
    const isAskedAlone = (pass ?? lists ?? seal) !== undefined && touches.length === 0 && !isDurable;
    if (request.visit === undefined && isAskedAlone) return untouched(request, now);
    if (request.visit === undefined) return book.admit(request, now, isDurable);
    // Where no counter is touched the visit alone is asked about, and no place is taken.
    const judge = () => [request.touches.length === 0 ? untouched(request, now) : book.admit(request, now)];
    return this.#admitVisit(request.visit, judge, now)[0] ?? REFUSED;
  }

  #admitEach(requests: readonly AdmitRequest[], now: number): readonly Judged[] {
    const { book } = this.#rooms;
    const visit = requests[0]?.visit;
    const judge = () => book.admitAll(requests, now);
    if (visit === undefined) return judge();
    const [first = REFUSED, ...others] = this.#admitVisit(visit, judge, now);
    return [first, ...requests.slice(1).map((_, index) => others[index] ?? REFUSED)];
  }

  /** Whoever is refused for the visit takes no place, and who gets no place does not count as a visit. */
  #admitVisit(visit: Visit, judge: () => readonly Judged[], now: number): readonly Judged[] {
    const visits = this.#atHand(now);
    const visited = this.#withCards(visit);
    const reuse = visits.reusesOf(visited, now);
    if (reuse.length > 0 && visit.isRefused) return [{ ...REFUSED, reuse }];
    const [first = REFUSED, ...others] = judge();
    if ([first, ...others].every(({ kind }) => kind === 'admitted')) visits.note(visited, now);
    return [reuse.length === 0 ? first : { ...first, reuse }, ...others];
  }

  /** By the names that cards have here. */
  #withCards({ cards, ...visit }: Visited): Visited {
    if (cards === undefined) return visit;
    const known = cards.of.map((names) => this.#rooms.names.of(names).filter((name) => IS_CARD.test(name)));
    return { ...visit, cards: { ...cards, of: known.filter((names) => names.length > 0) } };
  }

  #atHand(now: number): Visits {
    if (this.#visits !== null) return this.#visits;
    const visits = new Visits();
    for (const { visit, at } of this.#rooms.onRecord.since(rememberedSince(now))) {
      visits.note(this.#withCards(visit), at);
    }
    this.#visits = visits;
    return visits;
  }
}

/** Whether an item of the allow list sets aside what is asked of a payer by who he is. */
function isSpokenFor({ listed }: ListsTold): boolean {
  return listed?.allow.some(({ type }) => speaksForPayer(powerOf(type))) === true;
}

/** Whether more is asked than how its counters and its visit stand. */
function asksMore({ lease, nonce, pass, lists, seal }: AdmitRequest): boolean {
  return (lease ?? nonce ?? pass ?? lists ?? seal) !== undefined;
}

function untouched({ reservationMs }: AdmitRequest, now: number): Judged {
  return { kind: 'admitted', verdicts: [], places: [], reservedUntil: now + reservationMs };
}
