/**
 * The time limits of one request's steps, on one timer between them: to arm a timer and take it back costs as much as
 * reading a small body. Steps may overlap. Not for two requests: a timer belongs to the one that set it.
 */

interface Step {
  readonly endsAt: number;
  readonly expire: () => void;
}

/** The timer looks round this often at the most, and sooner where a step ends sooner. */
const LOOK_MS = 5_000;

export class Deadlines {
  #steps: Step[] = [];
  #looksAt = Number.POSITIVE_INFINITY;

  /** What `work` comes to, or `late` after `limitMs`: what it still does is nobody's then, and ends with the request. */
  within<T, L>(limitMs: number, work: Promise<T>, late: L): Promise<T | L> {
    return new Promise<T | L>((resolve, reject) => {
      this.#begin(limitMs, () => resolve(late));
      work.then(resolve, reject);
    });
  }

  // Steps that are over stay until the timer looks: to expire them does nothing.
  #begin(limitMs: number, expire: () => void): void {
    const now = Date.now();
    const endsAt = now + limitMs;
    this.#steps.push({ endsAt, expire });
    if (endsAt < this.#looksAt) this.#lookIn(Math.min(limitMs, LOOK_MS), now);
  }

  /** An earlier look that was planned stays planned, and finds nothing to do. */
  #lookIn(ms: number, now: number): void {
    const at = now + ms;
    this.#looksAt = at;
    setTimeout(() => this.#look(at), ms);
  }

  /** A timer that came has counted the time itself, whatever became of the clock meanwhile. */
  #look(at: number): void {
    const now = Math.max(at, Date.now());
    const over = this.#steps.filter(({ endsAt }) => endsAt <= now);
    this.#steps = this.#steps.filter(({ endsAt }) => endsAt > now);
    for (const { expire } of over) expire();
    if (at !== this.#looksAt) return;
    this.#looksAt = Number.POSITIVE_INFINITY;
    const next = Math.min(...this.#steps.map(({ endsAt }) => endsAt));
    if (next < Number.POSITIVE_INFINITY) this.#lookIn(Math.min(next - now, LOOK_MS), now);
  }
}
