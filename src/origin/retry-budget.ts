/**
 * How many of a merchant's requests may be asked again elsewhere: a share of those that came of late, and a floor where
 * few come. Servers that fail under their load must not get more of it because they do. As Finagle's and Envoy's budgets;
 * an isolate's own, in two numbers, whatever the traffic. Pure; `now` in ms since the epoch.
 */

/** One in five of what came within the last five to ten seconds: Finagle's and Linkerd's share, and their ten seconds. */
export const REQUESTS_A_RETRY = 5;
export const SLICE_MS = 5_000;
/** However few requests came: one a second. They have ten, but are one process where Cordon is many isolates. */
export const FLOOR_A_SLICE = 5;
/** Pages leave so many to payments: a lost sale is worse than a lost page. */
export const KEPT_FOR_PAYMENTS = 3;
const TOLD_APART_MS = 10_000;

/**
 * What is to be asked again. `unsent`: what changes something, known not to have left. It has loaded no server and nobody
 * can provoke it: it always goes on, and takes what there is, so that pages stand back. `payment`: one that may have left,
 * and is known by its key. `page`: all else.
 */
export type Retry = 'unsent' | 'payment' | 'page';

/** A credit of one is a request's; a retry costs `REQUESTS_A_RETRY`. */
const FRESH = FLOOR_A_SLICE * REQUESTS_A_RETRY;
const LEFT_BEHIND: Readonly<Record<Retry, number>> = {
  unsent: -Infinity,
  payment: 0,
  page: KEPT_FOR_PAYMENTS * REQUESTS_A_RETRY,
};

export class RetryBudget {
  #slice = 0;
  /** Of this slice of time, and of the one before. */
  #credit = 0;
  #older = 0;
  #denied = 0;
  #toldAt = 0;

  /** A request has come, that may or may not be asked again. */
  note(now: number): void {
    this.#turn(now);
    this.#credit++;
  }

  /** Whether it may be asked once more: then that is spent. */
  take(retry: Retry, now: number): boolean {
    this.#turn(now);
    const left = this.#older + this.#credit;
    if (left - REQUESTS_A_RETRY < LEFT_BEHIND[retry]) {
      this.#denied++;
      return false;
    }
    const fromOlder = Math.min(this.#older, REQUESTS_A_RETRY);
    this.#older -= fromOlder;
    this.#credit = Math.max(this.#credit - (REQUESTS_A_RETRY - fromOlder), 0);
    return true;
  }

  /** How many were not asked again since this was last told; null: none, or it was told a moment ago. */
  takeDenied(now: number): number | null {
    if (this.#denied === 0 || Math.abs(now - this.#toldAt) < TOLD_APART_MS) return null;
    const denied = this.#denied;
    this.#denied = 0;
    this.#toldAt = now;
    return denied;
  }

  /** Where the clock was set back the floor is there as at first. */
  #turn(now: number): void {
    const slice = Math.floor(now / SLICE_MS);
    if (slice === this.#slice) return;
    this.#older = slice - this.#slice === 1 ? this.#credit : FRESH;
    this.#credit = FRESH;
    this.#slice = slice;
  }
}
