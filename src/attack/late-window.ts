/**
 * What each segment saw within a span of time, kept as happenings come and go. One buyer's failures count as far as bad
 * luck goes, whatever he tries. Times in ms since the epoch.
 */
import { type LateRows, NOWHERE, widened } from './late-rows.ts';
import type { Seen } from './suspicion.ts';

/** Two mistakes are an unlucky buyer; what he does beyond is the counters' trade. */
const OF_ONE_PAYER = 2;
const FIRST_SIZE = 64;

export interface Paid {
  readonly payer: string;
  readonly weight: number;
}

export class LateWindow {
  readonly spanMs: number;
  readonly #rows: LateRows;
  /** The turn of the oldest in it. */
  #first = 0;
  /** By slot: how much of it counts. */
  #counted: Float64Array;
  /** By number: attempts, then failures. */
  #tallies = new Float64Array(2 * FIRST_SIZE);
  /** By number: the place of the oldest. */
  #heads = new Int32Array(FIRST_SIZE).fill(NOWHERE);
  #failures = 0;
  readonly #luck = new Map<string, number>();

  constructor(spanMs: number, rows: LateRows) {
    this.spanMs = spanMs;
    this.#rows = rows;
    this.#counted = new Float64Array(rows.room);
  }

  get first(): number {
    return this.#first;
  }

  get size(): number {
    return this.#rows.end - this.#first;
  }

  /** The numbers of the segments with so many failures. */
  failingSegments(failures: number): readonly number[] {
    const numbers: number[] = [];
    const tallies = this.#tallies;
    for (let at = 1; at < tallies.length; at += 2) if ((tallies[at] ?? 0) >= failures) numbers.push((at - 1) / 2);
    return numbers;
  }

  /** All that counts of what failed. */
  get failures(): number {
    return this.#failures;
  }

  countedAt(slot: number): number {
    return this.#counted[slot] ?? 0;
  }

  /** The place of its oldest; `NOWHERE` where there is none. */
  headOf(number: number): number {
    return this.#heads[number] ?? NOWHERE;
  }

  attemptsOf(number: number): number {
    return this.#tallies[2 * number] ?? 0;
  }

  failuresOf(number: number): number {
    return this.#tallies[2 * number + 1] ?? 0;
  }

  seenOf(number: number): Seen {
    return { attempts: this.attemptsOf(number), failures: this.failuresOf(number) };
  }

  /** Takes in the newest row. */
  add(slot: number, { payer, weight }: Paid): void {
    const spent = this.#luck.get(payer) ?? 0;
    const counted = Math.min(weight, Math.max(0, OF_ONE_PAYER - spent));
    if (weight > 0) this.#luck.set(payer, spent + weight);
    this.#counted[slot] = counted;
    this.#failures += counted;
    const rows = this.#rows;
    const end = rows.endOf(slot);
    for (let place = rows.beginOf(slot); place < end; place++) {
      const number = rows.numberAt(place);
      if (number >= this.#heads.length) this.#widen(number + 1);
      if (this.#heads[number] === NOWHERE) this.#heads[number] = place;
      this.#tell(number, 1, counted);
    }
  }

  /** Lets its oldest go. */
  drop({ payer, weight }: Paid): void {
    const rows = this.#rows;
    const slot = rows.slotOf(this.#first++);
    const spent = (this.#luck.get(payer) ?? 0) - weight;
    if (weight > 0 && spent > 0) this.#luck.set(payer, spent);
    else if (weight > 0) this.#luck.delete(payer);
    const counted = this.countedAt(slot);
    this.#failures -= counted;
    const end = rows.endOf(slot);
    for (let place = rows.beginOf(slot); place < end; place++) {
      const number = rows.numberAt(place);
      this.#heads[number] = rows.nextOf(place);
      this.#tell(number, -1, -counted);
    }
  }

  /** Rows have moved. */
  move({ place, slot }: ReturnType<LateRows['grow']>): void {
    const before = this.#counted;
    this.#counted = new Float64Array(this.#rows.room);
    for (const [at, counted] of before.entries()) this.#counted[slot(at)] = counted;
    this.#heads = this.#heads.map(place);
  }

  #tell(number: number, attempts: number, failures: number): void {
    const at = 2 * number;
    this.#tallies[at] = (this.#tallies[at] ?? 0) + attempts;
    this.#tallies[at + 1] = (this.#tallies[at + 1] ?? 0) + failures;
  }

  #widen(size: number): void {
    this.#heads = widened(this.#heads, size, NOWHERE);
    const before = this.#tallies;
    this.#tallies = new Float64Array(2 * this.#heads.length);
    this.#tallies.set(before);
  }
}
