/**
 * What was found of names that come again and again: a shop's fields, a browser's headers. Bounded, for clients make names
 * up, and none that could hold a card number outlives its request.
 */
import { mayHoldCardNumber } from './card-number.ts';

const LONGEST_NAME = 64;

export class FamiliarNames<T> {
  readonly #found = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): T | undefined {
    return this.#found.get(name);
  }

  keep(name: string, found: T): void {
    if (this.#found.size >= this.#most || name.length > LONGEST_NAME || mayHoldCardNumber(name)) return;
    this.#found.set(name, found);
  }
}
