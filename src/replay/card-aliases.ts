/**
 * Cards that a recorded attempt named by several names at once: from then on they are one, as they are to the gate.
 * Bounded: the names that were joined first are forgotten first.
 */

const NAMES_LIMIT = 200_000;
/** Of one card; as many as the gate reads (gate/card-names.ts). */
const OF_ONE_LIMIT = 12;
/** From a mere name to the card itself. */
const KINDS = ['at', 'tk', 'pf', 'fp'];

export class CardAliases {
  readonly #cards = new Map<string, readonly string[]>();

  /** All names of the card, the surest first. `others` are told to be names of it too. */
  namesOf(name: string, others: readonly string[]): readonly string[] {
    const known = this.#cards.get(name);
    if (others.length === 0) return known ?? [name];
    const all = [name, ...others].flatMap((one) => [one, ...(this.#cards.get(one) ?? [])]);
    const names = [...new Set(all)].toSorted((a, b) => rankOf(b) - rankOf(a)).slice(0, OF_ONE_LIMIT);
    for (const one of names) this.#put(one, names);
    return names;
  }

  #put(name: string, names: readonly string[]): void {
    this.#cards.delete(name);
    this.#cards.set(name, names);
    const [oldest] = this.#cards.keys();
    if (this.#cards.size > NAMES_LIMIT && oldest !== undefined) this.#cards.delete(oldest);
  }
}

function rankOf(name: string): number {
  return KINDS.indexOf(name.slice(0, 2));
}
