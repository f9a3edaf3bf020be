/**
 * Attempts of a replay that are pending: each holds its places until its time is over. In order of time, for all are
 * held equally long.
 */
import { keysOf } from '../gate/touched-counters.ts';
import { type Reading, readThings } from '../velocity/admission.ts';
import type { Counter } from '../velocity/counter.ts';
import type { Touch } from '../velocity/touch.ts';

export interface Held {
  readonly places: readonly Touch[];
  readonly guest: boolean;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** So many that are over are kept at the front before they are cut off. */
const CUT_FROM = 1_024;

const NOTHING = { inFlight: 0 } as const;
const NO_THINGS: readonly (readonly string[])[] = [];

export class Waiting {
  #held: Held[] = [];
  #first = 0;
  readonly #inFlight = new Map<string, number>();

  get size(): number {
    return this.#held.length - this.#first;
  }

  /** What is in flight under a touched counter. */
  read(touch: Touch, counter: Counter | null): Pick<Reading, 'inFlight' | 'addsNothing'> {
    if (touch.inFlight === 'ignore') return NOTHING;
    if (touch.items !== undefined) return readThings(touch, counter, this.#things(touch));
    if (this.#inFlight.size === 0) return NOTHING;
    return { inFlight: keysOf(touch).reduce((sum, key) => sum + (this.#inFlight.get(key) ?? 0), 0) };
  }

  /** Of the few that wait under the key: each by its names. */
  #things(touch: Touch): readonly (readonly string[])[] {
    const keys = keysOf(touch);
    if (!keys.some((key) => this.#inFlight.has(key))) return NO_THINGS;
    const waiting = this.#held.slice(this.#first).flatMap(({ places }) => places);
    return waiting.flatMap(({ key, items }) => (items !== undefined && keys.includes(key) ? [items] : []));
  }

  add(held: Held): void {
    this.#held.push(held);
    for (const { key, inFlight } of held.places) {
      if (inFlight !== 'ignore') this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
    }
  }

  /** Removes and returns the next that is over by then; undefined where none is. */
  takeOver(now: number): Held | undefined {
    const next = this.#held[this.#first];
    if (next === undefined || next.expiresAt > now) return undefined;
    this.#first += 1;
    if (this.#first >= CUT_FROM) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
    for (const { key, inFlight } of next.places) if (inFlight !== 'ignore') this.#leave(key);
    return next;
  }

  #leave(key: string): void {
    const left = (this.#inFlight.get(key) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
