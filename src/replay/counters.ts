/**
 * The counters of a replay, in memory: what the gate keeps in rows. Nothing is decided here. Those that are over are
 * dropped as time goes on, so that a year of attempts needs no more room than its busiest window.
 */
import { merged } from '../gate/touched-counters.ts';
import { type Counter, counted, takeBack } from '../velocity/counter.ts';
import type { Happening } from '../velocity/happening.ts';
import type { Touch } from '../velocity/touch.ts';

/** Of the recorded time; a counter that is over is none, whether or not it was dropped. */
const SWEEP_EVERY_MS = 3_600_000;

export class Counters {
  readonly #counters = new Map<string, Counter>();
  #sweptAt = 0;

  get size(): number {
    return this.#counters.size;
  }

  /** `now` in ms since the epoch, and never before an earlier one. */
  of(touch: Touch, now: number): Counter | null {
    return merged(touch, this.#counters, now);
  }

  put(touch: Touch, counter: Counter): void {
    for (const former of touch.formerKeys) this.#counters.delete(former);
    this.#counters.set(touch.key, counter);
  }

  /** What happened to an attempt, under each counter that it adds to. */
  count(touches: readonly Touch[], happening: Happening, now: number): void {
    for (const touch of touches) {
      const counter = counted(this.of(touch, now), happening, { touch, now });
      if (counter !== null) this.put(touch, counter);
    }
  }

  takeBack(touches: readonly Touch[], weight: number, now: number): void {
    for (const touch of touches) {
      const counter = this.of(touch, now);
      if (counter !== null) this.put(touch, takeBack(counter, weight, touch));
    }
  }

  sweep(now: number): void {
    if (now < this.#sweptAt + SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    for (const [key, { expiresAt }] of this.#counters) if (expiresAt <= now) this.#counters.delete(key);
  }
}
