/**
 * What clients saw of a place, one vote each: their last. Whoever provokes a thousand errors has one vote. Bounded; `now`
 * is passed in.
 */

const WINDOW_MS = 30_000;
const MOST_CLIENTS = 200;
/** So many clients must have seen it fail, and so large a share of all, before that alone is believed. */
export const CLIENTS_TO_FALL = 10;
export const SHARE_TO_FALL = 0.8;

interface Vote {
  readonly at: number;
  readonly isGood: boolean;
}

export class Votes {
  readonly #byClient = new Map<string, Vote>();

  cast(client: string, isGood: boolean, now: number): void {
    this.#byClient.delete(client);
    this.#byClient.set(client, { at: now, isGood });
    if (this.#byClient.size <= MOST_CLIENTS) return;
    const [oldest = ''] = this.#byClient.keys();
    this.#byClient.delete(oldest);
  }

  /** Whether enough different clients agree that it is down, though it passed Cordon's own check. */
  areAgainst(now: number): boolean {
    const votes = [...this.#byClient.values()].filter(({ at }) => now - at < WINDOW_MS);
    const against = votes.filter(({ isGood }) => !isGood).length;
    return against >= CLIENTS_TO_FALL && against >= votes.length * SHARE_TO_FALL;
  }

  clear(): void {
    this.#byClient.clear();
  }
}
