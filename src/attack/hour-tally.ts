/**
 * What each segment saw in an hour that is not over: what the baseline learns then. Bounded.
 */
import type { Seen } from './suspicion.ts';

/** Who tries every BIN from every country makes millions of segments. */
const MOST = 10_000;

export class HourTally {
  readonly #seen = new Map<string, { attempts: number; failures: number; paid: number }>();

  get seen(): ReadonlyMap<string, Seen & { readonly paid: number }> {
    return this.#seen;
  }

  /** `weight`: of a failure; 0 where it was paid. */
  add(segments: readonly string[], weight: number): void {
    const paid = weight === 0 ? 1 : 0;
    for (const segment of segments) {
      const seen = this.#seen.get(segment);
      if (seen === undefined && this.#seen.size >= MOST) continue;
      if (seen === undefined) this.#seen.set(segment, { attempts: 1, failures: weight, paid });
      else {
        seen.attempts++;
        seen.failures += weight;
        seen.paid += paid;
      }
    }
  }
}
