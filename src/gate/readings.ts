/**
 * What the gate knows of the counters that an attempt touches: their rows, what is in flight under them, and what the
 * watch says. Times are ms since the epoch.
 */
import { type Reading, readThings } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Continued } from './continuations.ts';
import type { Hold, WrittenReservation } from './reservations.ts';
import type { Shelf } from './shelf.ts';
import { allKeysOf, keysOf, merged } from './touched-counters.ts';

type Rooms = Pick<Shelf, 'ledger' | 'open' | 'reservations' | 'attacks'>;

const NO_HOLDS: readonly Hold[] = [];

export class Readings {
  readonly #ledger: Rooms['ledger'];
  readonly #open: Rooms['open'];
  readonly #reservations: Rooms['reservations'];
  readonly #attacks: Rooms['attacks'];
  readonly #expire: (over: WrittenReservation) => void;

  /** `expire` ends a reservation whose time is over. */
  constructor({ ledger, open, reservations, attacks }: Rooms, expire: (over: WrittenReservation) => void) {
    this.#ledger = ledger;
    this.#open = open;
    this.#reservations = reservations;
    this.#attacks = attacks;
    this.#expire = expire;
  }

  /** The place of an attempt that goes on is no other's. */
  of(touches: readonly Touch[], now: number, continued: Continued | null): readonly Reading[] {
    if (touches.length === 0) return [];
    const keys = allKeysOf(touches);
    const live = this.#liveHolds(keys, now);
    const holds =
      live.length === 0 ? live : live.filter(({ evaluation }) => evaluation !== continued?.waiting.evaluation);
    const counters = this.#ledger.counters(keys);
    return touches.map((touch) => {
      const { watched } = touch;
      if (watched !== undefined)
        return { touch, counter: null, inFlight: 0, alarm: this.#attacks.alarmOf(watched, now) };
      const counter = merged(touch, counters, now);
      if (touch.inFlight === 'ignore') return { touch, counter, inFlight: 0 };
      const own = touch.formerKeys.length === 0 ? [touch.key] : keysOf(touch);
      const written = holds.length === 0 ? NO_HOLDS : holds.filter(({ key }) => own.includes(key));
      if (touch.items === undefined) {
        return { touch, counter, inFlight: this.#open.inFlight(own) + written.length };
      }
      const open = this.#open.things(own);
      const things =
        written.length === 0
          ? open
          : [...open, ...written.flatMap(({ items }) => (items === undefined ? [] : [items]))];
      const { inFlight, addsNothing } = readThings(touch, counter, things);
      return addsNothing === undefined ? { touch, counter, inFlight } : { touch, counter, inFlight, addsNothing };
    });
  }

  /** The written reservations under these keys. Those that are over are ended here, not when an alarm comes round. */
  #liveHolds(keys: readonly string[], now: number): readonly Hold[] {
    const holds = this.#reservations.holdsOf(keys);
    if (holds.length === 0) return holds;
    const over = new Set(holds.filter(({ expiresAt }) => expiresAt <= now).map(({ evaluation }) => evaluation));
    for (const evaluation of over) {
      const reservation = this.#reservations.get(evaluation);
      if (reservation !== null) this.#expire(reservation);
    }
    return holds.filter(({ evaluation }) => !over.has(evaluation));
  }
}
