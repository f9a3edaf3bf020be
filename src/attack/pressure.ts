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
  /** How often each of late was asked since he passed, and when last, the oldest first. */
  readonly unanswered: Map<string, Unanswered>;
}

interface Unanswered {
  readonly times: number;
  /** ms since the epoch. */
  readonly at: number;
}

interface Challenged {
  readonly segment: string;
  readonly payer: string;
  readonly what: 'asked' | 'passed';
  /** ms since the epoch. */
  readonly at: number;
}

/** So many of the last challenges tell. */
const OF_LATE = 12;
const GIVEN_UP = 4;
/** Buyers give up too. */
const GIVEN_UP_SHARE = 0.3;
const HARD = 15;
/** One payer's count as far as a failure's do (recent.ts): alone he keeps nobody else stepped up. */
const OF_ONE_PAYER = 2;
const PAYERS = 1_000;

export class Pressure {
  readonly #gauges = new Map<string, Gauge>();

  note({ segment, payer, what, at }: Challenged): 'calm' | 'pressed' | 'hard' {
    const gauge = this.#gauges.get(segment) ?? fresh();
    this.#gauges.set(segment, gauge);
    const before = gauge.unanswered.get(payer);
    if (what === 'passed') takeBack(gauge, payer);
    else if (before !== undefined && before.times >= OF_ONE_PAYER) return 'calm';
    else remember(gauge.unanswered, payer, { times: (before?.times ?? 0) + 1, at });
    gauge[what]++;
    gauge.givenUp += what === 'asked' ? 1 : -1;
    if (gauge.asked >= OF_LATE) {
      gauge.asked /= 2;
      gauge.passed /= 2;
    }
    const givenUp = gauge.asked - gauge.passed;
    if (givenUp < GIVEN_UP || givenUp < GIVEN_UP_SHARE * gauge.asked) return 'calm';
    if (what === 'asked') gauge.lastAt = at;
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

function fresh(): Gauge {
  return { asked: 0, passed: 0, givenUp: 0, lastAt: Number.NEGATIVE_INFINITY, unanswered: new Map() };
}

function remember(unanswered: Map<string, Unanswered>, payer: string, asked: Unanswered): void {
  unanswered.delete(payer);
  const [oldest] = unanswered.size >= PAYERS ? unanswered.keys() : [];
  if (oldest !== undefined) unanswered.delete(oldest);
  unanswered.set(payer, asked);
}

/** Who passes pressed nobody: as if he had not been asked. */
function takeBack(gauge: Gauge, payer: string): void {
  const at = gauge.unanswered.get(payer)?.at;
  gauge.unanswered.delete(payer);
  if (at === gauge.lastAt) gauge.lastAt = [...gauge.unanswered.values()].at(-1)?.at ?? Number.NEGATIVE_INFINITY;
}
