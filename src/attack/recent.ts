/**
 * The attempts of late, as many as there is room for, and what each segment saw in them, over one or several spans of
 * time at once. Nothing is counted twice to look at it. Times in ms since the epoch.
 */
import { LateRows } from './late-rows.ts';
import { LateWindow, type Paid } from './late-window.ts';
import { SegmentNumbers } from './segment-numbers.ts';
import type { Seen } from './suspicion.ts';

export interface Happening {
  readonly at: number;
  readonly segments: readonly string[];
  /** Who tried: an address or a customer. */
  readonly payer: string;
  /** The failure's weight; 0 where it was paid. */
  readonly weight: number;
}

const MOST = 6_000;
const UNSEEN: Seen = { attempts: 0, failures: 0 };

export class Recent {
  readonly numbers = new SegmentNumbers();
  readonly rows: LateRows;
  /** In the order of the spans, which is from the shortest. */
  readonly windows: readonly LateWindow[];
  /** By slot. */
  #happened: (Paid & { readonly at: number })[] = [];

  readonly #most: number;

  constructor(spansMs: readonly number[], most = MOST) {
    this.#most = most;
    // What is too much goes when the next one comes.
    this.rows = new LateRows(most + 1);
    this.windows = spansMs.map((spanMs) => new LateWindow(spanMs, this.rows));
  }

  /** The numbers of its segments. */
  add({ at, segments, payer, weight }: Happening): readonly number[] {
    this.forget(at);
    const { rows } = this;
    if (rows.isTooSmallFor(segments.length)) this.#grow(segments.length);
    const row = segments.map((segment) => this.numbers.take(segment));
    const slot = rows.slotOf(rows.end);
    rows.push(row);
    const happened = { at, payer, weight };
    this.#happened[slot] = happened;
    for (const window of this.windows) window.add(slot, happened);
    return row;
  }

  /** Drops what is over, and the oldest of what is too much. */
  forget(now: number): void {
    for (const window of this.windows) this.#forgetIn(window, now);
    const first = Math.min(...this.windows.map((window) => window.first));
    while (this.rows.first < first) this.#shift();
  }

  seenIn(segment: string, window: LateWindow): Seen {
    const number = this.numbers.numberOf(segment);
    return number === undefined ? UNSEEN : window.seenOf(number);
  }

  atOf(slot: number): number {
    return this.#happened[slot]?.at ?? 0;
  }

  #forgetIn(window: LateWindow, now: number): void {
    while (window.size > 0) {
      const oldest = this.#happened[this.rows.slotOf(window.first)];
      if (oldest === undefined || (oldest.at > now - window.spanMs && window.size <= this.#most)) return;
      window.drop(oldest);
    }
  }

  #shift(): void {
    const { rows } = this;
    const slot = rows.slotOf(rows.first);
    rows.shift();
    for (let place = rows.beginOf(slot); place < rows.endOf(slot); place++) this.numbers.letGo(rows.numberAt(place));
  }

  #grow(length: number): void {
    const moved = this.rows.grow(length);
    const before = this.#happened;
    this.#happened = [];
    for (const [slot, happened] of before.entries()) this.#happened[moved.slot(slot)] = happened;
    for (const window of this.windows) window.move(moved);
  }
}
