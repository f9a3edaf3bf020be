/**
 * Challenges asked in attacked segments, and those that were passed: while many more are asked than passed, somebody is
 * still trying, however slowly. Bounded by the segments that are attacked. Times in ms since the epoch.
 */
interface Gauge {
  asked: number;
  passed: number;
  /** All that were given up since the segment is attacked. */
  givenUp: number;
  /** When it was last pressed. */
  lastAt: number;
}

/** So many of the last challenges tell. */
const OF_LATE = 12;
const GIVEN_UP = 4;
/** Buyers give up too. */
const GIVEN_UP_SHARE = 0.3;
const HARD = 15;

export class Pressure {
  readonly #gauges = new Map<string, Gauge>();

  note(segment: string, what: 'asked' | 'passed', now: number): 'calm' | 'pressed' | 'hard' {
    const gauge = this.#gauges.get(segment) ?? { asked: 0, passed: 0, givenUp: 0, lastAt: Number.NEGATIVE_INFINITY };
    this.#gauges.set(segment, gauge);
    gauge[what]++;
    gauge.givenUp += what === 'asked' ? 1 : -1;
    if (gauge.asked >= OF_LATE) {
      gauge.asked /= 2;
      gauge.passed /= 2;
    }
    const givenUp = gauge.asked - gauge.passed;
    if (givenUp < GIVEN_UP || givenUp < GIVEN_UP_SHARE * gauge.asked) return 'calm';
    gauge.lastAt = now;
    return gauge.givenUp >= HARD ? 'hard' : 'pressed';
  }

  /** When it was last pressed; -Infinity: never. */
  lastAt(segment: string): number {
    return this.#gauges.get(segment)?.lastAt ?? Number.NEGATIVE_INFINITY;
  }

  forget(segment: string): void {
    this.#gauges.delete(segment);
  }
}
