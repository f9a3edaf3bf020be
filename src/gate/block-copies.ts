/**
 * A short-lived copy of blocks in the isolate: a payer who is shut out costs the gate nothing for a moment.
 * Bounded in number; in time by less than the two seconds within which an unblock must be felt everywhere.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';

const COPY_LIMIT = 10_000;
const COPY_LIFE_MS = 1_500;
const NONE: readonly Verdict[] = [];

interface Copy {
  readonly verdict: Verdict;
  readonly until: number;
}

type Limit = Pick<Touch, 'limit' | 'mode'>;

export class BlockCopies {
  readonly #copies = new Map<string, Copy>();

  /** Remembers the enforced blocks among the verdicts of one merchant's gate. */
  keep(merchant: string, verdicts: readonly Verdict[], now: number): void {
    for (const verdict of verdicts) {
      if (verdict.mode !== 'enforce' || verdict.shutUntil === null || verdict.then !== undefined) continue;
      const until = Math.min(verdict.shutUntil, now + COPY_LIFE_MS);
      this.#put(`${merchant}|${verdict.key}`, { verdict, until });
    }
  }

  /** The blocks that are known to shut this attempt out right now. */
  find(merchant: string, touches: readonly Touch[], now: number): readonly Verdict[] {
    if (this.isEmpty) return NONE;
    return touches.flatMap((touch) =>
      touch.part === 'check' && touch.then === undefined
        ? (this.at(merchant, touch.key, { rule: touch, now }) ?? [])
        : [],
    );
  }

  get isEmpty(): boolean {
    return this.#copies.size === 0;
  }

  /** The block under a key, where it is known and as good as the rule's limit. */
  at(merchant: string, key: string, { rule: { limit, mode }, now }: { rule: Limit; now: number }): Verdict | null {
    const copy = mode === 'enforce' ? this.#copies.get(`${merchant}|${key}`) : undefined;
    return copy !== undefined && copy.until > now && copy.verdict.count >= limit ? copy.verdict : null;
  }

  #put(key: string, copy: Copy): void {
    this.#copies.delete(key);
    this.#copies.set(key, copy);
    const oldest = this.#copies.size > COPY_LIMIT ? this.#copies.keys().next().value : undefined;
    if (oldest !== undefined) this.#copies.delete(oldest);
  }
}
