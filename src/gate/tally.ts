/**
 * Writes counters: what happened to an attempt under each that it holds a place of, one row each. What it adds is the
 * counter's own to say (velocity/counter.ts). Times are ms since the epoch.
 */
import type { ShutReading } from '../velocity/admission.ts';
import { type Counter, counted, shut, takeBack } from '../velocity/counter.ts';
import { amountOf, type Happening } from '../velocity/happening.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Ledger } from './ledger.ts';
import { keysOf, merged } from './touched-counters.ts';

/** What was counted under both, and under which other places. */
interface CountedTwice {
  readonly others: readonly Touch[];
  readonly happening: Happening;
}

export class Tally {
  readonly #ledger: Pick<Ledger, 'counters' | 'putCounters' | 'deleteCounters'>;

  constructor(ledger: Pick<Ledger, 'counters' | 'putCounters' | 'deleteCounters'>) {
    this.#ledger = ledger;
  }

  /** One row for each counter that it adds to. Two places under one key (a request with two cards) count in turn. */
  count(all: readonly Touch[], happening: Happening, now: number): void {
    const places = all.filter((place) => amountOf(happening, place) > 0);
    const counters = this.#ledger.counters(places.flatMap(keysOf));
    const after = new Map<string, Counter>();
    for (const touch of places) {
      const before = after.get(touch.key) ?? merged(touch, counters, now);
      const counter = counted(before, happening, { touch, now });
      if (counter !== null) after.set(touch.key, counter);
    }
    this.#ledger.putCounters(after);
    this.#dropFormer(places.filter(({ key }) => after.has(key)));
  }

  /** What stood under former keys is part of the counter under the current one now. */
  #dropFormer(touches: readonly Touch[]): void {
    const formerKeys = touches.flatMap((touch) => touch.formerKeys);
    if (formerKeys.length > 0) this.#ledger.deleteCounters(formerKeys);
  }

  /** One failure was counted under both: once too often where they meet. */
  takeBack(places: readonly Touch[], { others, happening }: CountedTwice, now: number): void {
    const already = new Set(others.flatMap(keysOf));
    const twice = places.filter((place) => keysOf(place).some((key) => already.has(key)));
    const counters = this.#ledger.counters(twice.flatMap(keysOf));
    const left = twice.flatMap((place) => {
      const counter = merged(place, counters, now);
      return counter === null ? [] : [[place.key, takeBack(counter, amountOf(happening, place), place)] as const];
    });
    this.#dropFormer(twice);
    this.#ledger.putCounters(new Map(left));
  }

  /** A lower limit can shut a key without a failure: its block is as old as its first refusal. */
  markShut(readings: readonly ShutReading[], now: number): void {
    for (const { touch, counter } of readings) {
      this.#ledger.putCounters(new Map([[touch.key, shut(counter, { life: touch, now })]]));
      this.#dropFormer([touch]);
    }
  }
}
