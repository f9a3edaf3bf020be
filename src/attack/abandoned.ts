/**
 * Challenges that were asked of attempts in attacked segments, as happenings: one that nobody passes within minutes is a
 * failure. While a segment is stepped up few failures show: this is what tells then where an attack is. Bounded.
 */
import { type Concentration, concentrationsIn } from './concentration.ts';
import type { LateWindow } from './late-window.ts';
import { type Happening, Recent } from './recent.ts';
import type { Threshold } from './suspicion.ts';

const ANSWERED_WITHIN_MS = 3 * 60_000;
const SPAN_MS = 3 * 3_600_000;
const PENDING_LIMIT = 1_000;
/** Of buyers who are asked to prove something. */
const USUALLY_ABANDONED = 0.2;

type Asked = Omit<Happening, 'weight'>;

export class Abandoned {
  readonly #recent = new Recent([SPAN_MS]);
  /** By payer, the oldest first. */
  readonly #pending = new Map<string, Asked>();

  ask(asked: Asked): void {
    this.#settle(asked.at);
    const [oldest] = this.#pending.size >= PENDING_LIMIT ? this.#pending.values() : [];
    if (oldest !== undefined) this.#give(oldest, 1);
    const before = this.#pending.get(asked.payer);
    if (before !== undefined) this.#give(before, 1);
    this.#pending.set(asked.payer, asked);
  }

  pass(payer: string): void {
    const asked = this.#pending.get(payer);
    if (asked !== undefined) this.#give(asked, 0);
  }

  /** Where so many gave up of late. */
  concentrations(threshold: Threshold, now: number): readonly Concentration[] {
    this.#settle(now);
    const [window] = this.#recent.windows as readonly [LateWindow];
    return concentrationsIn(this.#recent, window, { usual: () => USUALLY_ABANDONED, threshold });
  }

  #settle(now: number): void {
    for (const asked of this.#pending.values()) {
      if (asked.at > now - ANSWERED_WITHIN_MS) break;
      this.#give(asked, 1);
    }
    this.#recent.forget(now);
  }

  #give(asked: Asked, weight: number): void {
    this.#pending.delete(asked.payer);
    this.#recent.add({ ...asked, weight });
  }
}
