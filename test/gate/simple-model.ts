/**
 * What a gate should know, the simple way: every failure is kept with its time, and each question replays them all.
 * Only places in memory are forgotten, and only by an eviction that comes before they are written down.
 */
import type { Settlement } from '../../src/gate/gate-messages.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { RESERVATION_MS } from './asking.ts';

type Status = Settlement['status'];

export interface Known {
  readonly evaluation: string;
  readonly guest: boolean;
  readonly openedAt: number;
  /** Asked through the API: there is a row of it from the first moment. */
  readonly isDurable: boolean;
  places: readonly Touch[];
  /** Until when the places are held; null when they are not. */
  heldUntil: number | null;
  status: Status | null;
  counted: number;
}

interface Failure {
  readonly at: number;
  readonly weight: number;
}

export interface Expected {
  readonly count: number;
  readonly inFlight: number;
  readonly open: boolean;
}

export class SimpleModel {
  readonly known: Known[] = [];
  readonly #failures = new Map<string, Failure[]>();

  look(touch: Touch, now: number): Expected {
    const count = this.#countAt(touch, now);
    const inFlight = this.known.filter(
      ({ places, heldUntil }) => heldUntil !== null && places.some(({ key }) => key === touch.key),
    ).length;
    return { count, inFlight, open: touch.part === 'count_only' || count + inFlight < touch.limit };
  }

  /** What admission should say of each touch; the attempt is known from here on when it is admitted. */
  admit(
    evaluation: string,
    touches: readonly Touch[],
    { guest, now, isDurable = false }: { guest: boolean; now: number; isDurable?: boolean },
  ): Expected[] {
    const looks = touches.map((touch) => this.look(touch, now));
    const places = touches.filter((_, index) => looks[index]?.open);
    if (touches.every(({ mode }, index) => mode === 'shadow' || looks[index]?.open)) {
      const heldUntil = now + RESERVATION_MS;
      this.known.push({ evaluation, guest, openedAt: now, isDurable, places, heldUntil, status: null, counted: 0 });
    }
    return looks;
  }

  settle(one: Known, status: Status, now: number): void {
    const before = one.status;
    const stands = before === 'failed' || (before === 'succeeded' && status !== 'failed');
    const saysNothing =
      (before === 'unknown' && status === 'pending') || (before === 'pending' && status === 'unknown');
    if (stands || before === status || saysNothing) return;
    if (status === 'failed') this.#fail(one, 1 - one.counted, now);
    one.status = status;
    one.heldUntil = status === 'pending' ? now + RESERVATION_MS : null;
  }

  /** Ends what is over by `now`. */
  expire(now: number): void {
    for (const one of this.known) {
      if (one.heldUntil === null || one.heldUntil > now) continue;
      if (one.status === 'pending' && one.guest) this.#fail(one, 0.5, one.heldUntil);
      one.status = 'unknown';
      one.heldUntil = null;
    }
  }

  /** Places younger than `youngMs` were in memory alone, unless the API asked for them. */
  evict(now: number, youngMs: number): void {
    for (const one of this.known) {
      if (!one.isDurable && one.status === null && now - one.openedAt < youngMs) one.heldUntil = null;
    }
  }

  #fail(one: Known, weight: number, at: number): void {
    one.counted += weight;
    for (const { key } of one.places) {
      this.#failures.set(key, [...(this.#failures.get(key) ?? []), { at, weight }]);
    }
  }

  #countAt({ key, limit, windowSeconds, maxBlockSeconds }: Touch, now: number): number {
    let count = 0;
    let end = 0;
    let shutAt: number | null = null;
    for (const { at, weight } of this.#failures.get(key) ?? []) {
      if (at >= end) [count, shutAt] = [0, null];
      count += weight;
      if (shutAt === null && count >= limit) shutAt = at;
      const longest: number = shutAt === null ? Number.POSITIVE_INFINITY : shutAt + maxBlockSeconds * 1_000;
      end = Math.min(at + windowSeconds * 1_000, longest);
    }
    return now < end ? count : 0;
  }
}
