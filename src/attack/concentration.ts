/**
 * Where failures beyond the usual are concentrated: the segments that explain them, the most telling first, each by what
 * those before it do not explain. So an attack on one BIN names the BIN, and not everybody. Pure.
 */
import { NOWHERE } from './late-rows.ts';
import type { LateWindow } from './late-window.ts';
import type { Recent } from './recent.ts';
import type { Segment, UsualShare } from './segment-numbers.ts';
import { isBeyond, type Seen, suspicionOf, type Threshold } from './suspicion.ts';
import { keenest, thresholdFor } from './threshold.ts';

export interface Concentration extends Seen {
  readonly segment: string;
  readonly usualShare: number;
  readonly excess: number;
  readonly deviation: number;
}

/** Of two segments the one that tells more is the better word. */
export interface Telling extends Pick<Segment, 'depth' | 'isBroad'> {
  readonly gain: number;
}

/** What is looked for. `explained`: up to when what each of these segments saw is explained already. */
export interface Search {
  readonly usual: UsualShare;
  readonly threshold: Threshold;
  readonly explained?: ReadonlyMap<string, number>;
}

export const MOST_SEGMENTS = 8;
/** What stepping one buyer up weighs beside a tester let through. */
const SUFFERED = 0.45;
/** Failures that a segment must explain beyond a narrower one, lest it win by chance. */
const NARROWER = 0.75;

/** Costs what there is of segments, and of happenings that something explains: each is taken out once. */
export function concentrationsIn(recent: Recent, window: LateWindow, search: Search): readonly Concentration[] {
  return new Looking(recent, window, search).found();
}

/** Everybody is the word for it where there is no other. */
export function isMoreTelling(one: Telling, other: Telling): boolean {
  if (one.isBroad !== other.isBroad) return other.isBroad;
  return one.gain === other.gain ? one.depth > other.depth : one.gain > other.gain;
}

/** Failures explained, less what the others in the segment would suffer by it. */
export function gainOf({ excess, attempts }: Pick<Concentration, 'excess' | 'attempts'>): number {
  return excess - SUFFERED * (attempts - excess);
}

/** By which a segment is chosen: its gain, and something for each trait that narrows it. */
export function worthOf(seen: Pick<Concentration, 'excess' | 'attempts'>, depth: number): number {
  return gainOf(seen) + NARROWER * depth;
}

/** What is left to be explained, of the segments alone that failed often enough to tell anything. */
class Looking {
  readonly #recent: Recent;
  readonly #window: LateWindow;
  readonly #search: Search;
  readonly #least: number;
  /** By slot: 1 where it is explained. */
  readonly #isGone: Uint8Array;
  /** By number: which candidate a segment is, from 1; 0 for none. */
  readonly #which: Uint32Array;
  /** The segments' numbers, in the order of which all that follows goes. */
  readonly #candidates: readonly number[];
  readonly #attempts: Float64Array;
  readonly #failures: Float64Array;
  /** NaN where it is not beyond the usual. */
  readonly #gains: Float64Array;
  /** 1 where what it gains must be seen anew. */
  readonly #isStale: Uint8Array;
  /** Happenings that nothing explains, and how much of them failed. */
  #rowsLeft: number;
  #failuresLeft: number;

  constructor(recent: Recent, window: LateWindow, search: Search) {
    this.#recent = recent;
    this.#window = window;
    this.#search = search;
    this.#isGone = new Uint8Array(recent.rows.room);
    this.#which = new Uint32Array(recent.numbers.end);
    this.#least = keenest(search.threshold).excess;
    // Fewer failures than this are never beyond the usual, and there are only ever fewer of them.
    this.#candidates = window.failingSegments(this.#least);
    const size = this.#candidates.length;
    this.#attempts = new Float64Array(size);
    this.#failures = new Float64Array(size);
    this.#gains = new Float64Array(size);
    this.#isStale = new Uint8Array(size).fill(1);
    this.#rowsLeft = window.size;
    this.#failuresLeft = window.failures;
    for (let index = 0; index < size; index++) {
      const number = this.#candidates[index] ?? 0;
      this.#which[number] = index + 1;
      this.#attempts[index] = window.attemptsOf(number);
      this.#failures[index] = window.failuresOf(number);
    }
  }

  found(): readonly Concentration[] {
    const found: Concentration[] = [];
    if (this.#candidates.length === 0) return found;
    for (const [segment, until] of this.#search.explained ?? []) this.#explain(segment, until);
    while (found.length < MOST_SEGMENTS && this.#failuresLeft >= this.#least) {
      const telling = this.#mostTelling();
      if (telling === null) break;
      const concentration = this.#concentrationOf(telling);
      found.push(concentration);
      this.#explain(concentration.segment, Number.POSITIVE_INFINITY);
    }
    return found;
  }

  /** What happened in the segment until then is explained. */
  #explain(segment: string, until: number): void {
    const { numbers, rows } = this.#recent;
    const number = numbers.numberOf(segment);
    if (number === undefined) return;
    const slots: number[] = [];
    for (let place = this.#window.headOf(number); place !== NOWHERE; place = rows.nextOf(place)) {
      const slot = rows.slotAt(place);
      if (this.#isGone[slot] === 1 || this.#recent.atOf(slot) > until) continue;
      this.#isGone[slot] = 1;
      this.#rowsLeft--;
      this.#failuresLeft -= this.#window.countedAt(slot);
      slots.push(slot);
    }
    if (slots.length <= this.#rowsLeft) for (const slot of slots) this.#count(slot, -1);
    else this.#countAnew();
  }

  /** Where less is left than was taken out. */
  #countAnew(): void {
    for (const one of [this.#attempts, this.#failures]) one.fill(0);
    this.#isStale.fill(1);
    const { rows } = this.#recent;
    for (let turn = this.#window.first; turn < rows.end && this.#rowsLeft > 0; turn++) {
      const slot = rows.slotOf(turn);
      if (this.#isGone[slot] === 0) this.#count(slot, 1);
    }
  }

  #count(slot: number, times: 1 | -1): void {
    const { rows } = this.#recent;
    const [attempts, failures, isStale, which] = [this.#attempts, this.#failures, this.#isStale, this.#which];
    const counted = times * this.#window.countedAt(slot);
    const { places } = rows;
    const end = rows.endOf(slot);
    for (let place = rows.beginOf(slot); place < end; place++) {
      const index = (which[places[place] ?? 0] ?? 0) - 1;
      if (index < 0) continue;
      attempts[index] = (attempts[index] ?? 0) + times;
      failures[index] = (failures[index] ?? 0) + counted;
      isStale[index] = 1;
    }
  }

  /** Which candidate; null where none is beyond the usual. */
  #mostTelling(): number | null {
    let best: (Telling & { readonly index: number }) | null = null;
    for (let index = 0; index < this.#candidates.length; index++) {
      if (this.#isStale[index] === 1) this.#measure(index);
      const gain = this.#gains[index] ?? Number.NaN;
      if (Number.isNaN(gain)) continue;
      const { depth, isBroad } = this.#segmentOf(index);
      const one = { index, gain, depth, isBroad };
      if (best === null || isMoreTelling(one, best)) best = one;
      else if (!isMoreTelling(best, one) && this.#isOlder(index, best.index)) best = one;
    }
    return best === null ? null : best.index;
  }

  #measure(index: number): void {
    const [seen, share] = [this.#seenOf(index), this.#shareOf(index)];
    const segment = this.#segmentOf(index);
    this.#gains[index] = isBeyond(seen, share, thresholdFor(segment, this.#search.threshold))
      ? worthOf({ attempts: seen.attempts, excess: suspicionOf(seen, share).excess }, segment.depth)
      : Number.NaN;
    this.#isStale[index] = 0;
  }

  /** Of two that tell the same the one that was seen first is named. */
  #isOlder(index: number, other: number): boolean {
    const { rows } = this.#recent;
    return rows.orderOf(this.#oldestOf(index)) < rows.orderOf(this.#oldestOf(other));
  }

  /** The place of the oldest that is left. */
  #oldestOf(index: number): number {
    const { rows } = this.#recent;
    let place = this.#window.headOf(this.#candidates[index] ?? 0);
    while (this.#isGone[rows.slotAt(place)] === 1) place = rows.nextOf(place);
    return place;
  }

  #concentrationOf(index: number): Concentration {
    const [seen, usualShare] = [this.#seenOf(index), this.#shareOf(index)];
    return { segment: this.#segmentOf(index).text, usualShare, ...seen, ...suspicionOf(seen, usualShare) };
  }

  #segmentOf(index: number): Segment {
    return this.#recent.numbers.segment(this.#candidates[index] ?? 0);
  }

  #seenOf(index: number): Seen {
    return { attempts: this.#attempts[index] ?? 0, failures: this.#failures[index] ?? 0 };
  }

  #shareOf(index: number): number {
    return this.#recent.numbers.shareOf(this.#candidates[index] ?? 0, this.#search.usual);
  }
}
