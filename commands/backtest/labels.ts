// Results by whose an attempt is: a file beside the attempts names each line's.

import type { Replayed } from '../../src/replay/replay.ts';
import { addTo, nobody, type Stopped } from '../../src/replay/summary.ts';

export class ByLabel {
  readonly #labels: readonly string[];
  readonly #counts = new Map<string, Stopped>();

  /** A name a line, in the order of the attempts. */
  constructor(text: string) {
    this.#labels = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
  }

  /** `number` from 1. */
  add(number: number, replayed: Replayed): void {
    const label = this.#labels[number - 1];
    if (label === undefined) throw new Error(`the labels end before line ${number}`);
    const counts = this.#counts.get(label) ?? nobody();
    this.#counts.set(label, counts);
    addTo(counts, replayed);
  }

  /** After all attempts: there must be no label left. */
  end(attempts: number): void {
    if (this.#labels.length > attempts) throw new Error(`there are labels for more than ${attempts} lines`);
  }

  rows(): readonly (readonly [label: string, counts: Stopped])[] {
    return [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
