/**
 * Attempts of a replay that are pending: each holds its places until its time is over. In order of time, for all are
 * held equally long.
 */
import { keysOf } from '../gate/touched-counters.ts';
import type { Touch } from '../velocity/touch.ts';

export interface Held {
  readonly places: readonly Touch[];
  readonly guest: boolean;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** So many that are over are kept at the front before they are cut off. */
const CUT_FROM = 1_024;

export class Waiting {
  #held: Held[] = [];
  #first = 0;
  readonly #inFlight = new Map<string, number>();

  get size(): number {
    return this.#held.length - this.#first;
  }

  inFlight(touch: Touch): number {
    if (this.#inFlight.size === 0) return 0;
    return keysOf(touch).reduce((sum, key) => sum + (this.#inFlight.get(key) ?? 0), 0);
  }

  add(held: Held): void {
    this.#held.push(held);
    for (const { key } of held.places) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
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
    for (const { key } of next.places) this.#leave(key);
    return next;
  }

  #leave(key: string): void {
    const left = (this.#inFlight.get(key) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
