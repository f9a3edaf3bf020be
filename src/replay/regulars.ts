/**
 * Who has paid before, in a replay: what the gate keeps in rows (gate/histories.ts). Times in ms since the epoch.
 */
import { type History, withPayment } from '../attack/clean-history.ts';
import { payingNames } from '../velocity/sparing.ts';
import type { Touch } from '../velocity/touch.ts';

export class Regulars {
  readonly #histories = new Map<string, History>();

  of(name: string): History | null {
    return this.#histories.get(name) ?? null;
  }

  paid(places: readonly Touch[], now: number): void {
    for (const name of payingNames(places)) this.#histories.set(name, withPayment(this.of(name), now));
  }
}
