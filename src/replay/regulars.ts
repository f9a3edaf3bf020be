/**
 * Who has paid before, in a replay: what the gate keeps in rows (gate/histories.ts). Times in ms since the epoch.
 */
import { type History, joined, withPayment } from '../attack/clean-history.ts';
import { payingNames } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';

export class Regulars {
  readonly #histories = new Map<string, History>();

  of(name: string, former: readonly string[] = []): History | null {
    const own = this.#histories.get(name) ?? null;
    return former.reduce((sum: History | null, one) => joined(sum, this.#histories.get(one) ?? null), own);
  }

  /** What stood under former names goes on under the one of today. */
  paid(places: readonly Touch[], now: number): void {
    for (const [name, ...former] of payingNames(places)) {
      this.#histories.set(name, withPayment(this.of(name, former), now));
      for (const one of former) this.#histories.delete(one);
    }
  }
}
