/**
 * What providers said, as long as it is good: bounded, the oldest out first. One merchant's answers are nobody else's:
 * they were bought with his key.
 */
import type { SilenceReason } from '../network/risk.ts';

/** What a look-up came to. */
export type LookedUp =
  | { readonly kind: 'score'; readonly score: number; readonly message: string }
  | { readonly kind: 'silent'; readonly reason: SilenceReason };

/** About 1 MB for each provider. */
export const ANSWERS_LIMIT = 4_096;

interface Kept {
  readonly found: LookedUp;
  readonly until: number;
}

export class AnswerCache {
  readonly #kept = new Map<string, Kept>();

  get size(): number {
    return this.#kept.size;
  }

  get(name: string, now: number): LookedUp | null {
    const kept = this.#kept.get(name);
    return kept === undefined || kept.until <= now ? null : kept.found;
  }

  /** `until` in ms since the epoch. */
  put(name: string, found: LookedUp, until: number): void {
    this.#kept.delete(name);
    this.#kept.set(name, { found, until });
    if (this.#kept.size <= ANSWERS_LIMIT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
