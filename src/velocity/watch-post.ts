/**
 * Watched attempts as counters meet them: what of an attempt speaks for or against it, and how it ended. The same for
 * live traffic and for replays; what is remembered is handed in. Times are ms since the epoch.
 */
import type { AttackWatch } from '../attack/attack-watch.ts';
import type { Alarm } from '../attack/attacked.ts';
import { type History, isClean } from '../attack/clean-history.ts';
import type { Traits } from '../attack/traits.ts';
import { type Regular, STRANGER, type Watched } from '../attack/watched.ts';
import type { Reading, Verdict } from './admission.ts';
import { type Status, weightOf } from './happening.ts';
import { spare } from './sparing.ts';
import type { Touch } from './touch.ts';

export interface Memory {
  readonly watchAt: (now: number) => AttackWatch;
  /** `former`: names that it was kept under before. */
  readonly historyOf: (name: string, former: readonly string[]) => History | null;
  /** What an operator said; null: nothing. */
  readonly byHand: (now: number) => 'on' | 'off' | null;
}

export interface Ended {
  readonly status: Status;
  /** Canonical. */
  readonly declineReason?: string | null | undefined;
}

export class WatchPost {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** A payer with a clean history is looked up where something speaks against him, and nowhere else. */
  spared(verdicts: readonly Verdict[], touches: readonly Touch[], now: number): readonly Verdict[] {
    const isSpare = verdicts.some(({ state }, index) => state !== 'open' && touches[index]?.spares !== undefined);
    const watched = isSpare ? touches.find((touch) => touch.watched !== undefined)?.watched : undefined;
    return watched === undefined ? verdicts : spare(verdicts, touches, this.#regular(watched, now));
  }

  /** What an operator said by hand comes before what the watch says. */
  alarmOf(watched: Watched, now: number): Alarm | null {
    const byHand = this.#memory.byHand(now);
    if (byHand === 'off' || (byHand === null && !watched.attacks)) return null;
    const regular = this.#regular(watched, now);
    if (regular.customer) return null;
    if (byHand === 'on') return { segment: 'all', level: 'under_attack', isNew: false, found: null };
    const alarm = this.#memory.watchAt(now).alarmOf(traitsOf(watched, regular), now);
    return alarm !== null && regular.card && alarm.segment.startsWith('bin:') ? null : alarm;
  }

  /** Who is not let in to an attacked segment gives up, as far as anybody knows, until he comes with a pass. */
  noteAlarms(readings: readonly Reading[], isAdmitted: boolean, now: number): void {
    for (const { alarm = null, touch } of readings) {
      const { watched } = touch;
      if (alarm === null || watched?.attacks !== true) continue;
      const asked = { at: now, traits: traitsOf(watched, STRANGER), payer: watched.payer };
      this.#memory.watchAt(now).noteChallenge(asked, isAdmitted ? 'passed' : 'asked');
    }
  }

  /** How a watched attempt ended. What no issuer decided is not noted. */
  note(places: readonly Touch[], { status, declineReason = null }: Ended, now: number): void {
    for (const { watched } of places) {
      if (watched?.attacks !== true) continue;
      const weight = status === 'failed' ? weightOf(declineReason) : 0;
      if (status !== 'succeeded' && weight === 0) continue;
      const traits = traitsOf(watched, this.#regular(watched, now));
      this.#memory.watchAt(now).note({ at: now, traits, payer: watched.payer, weight });
    }
  }

  #regular({ customer, card, formerCards = [], cleanHistory }: Watched, now: number): Regular {
    if (cleanHistory === null) return STRANGER;
    const isRegular = (name: string | null, former: readonly string[]) =>
      name !== null && isClean(this.#memory.historyOf(name, former), cleanHistory, now);
    return { customer: isRegular(customer, []), card: isRegular(card, formerCards) };
  }
}

function traitsOf({ traits, customer }: Watched, regular: Regular): Traits {
  const standing = regular.customer ? 'known' : customer === null ? 'guest' : 'newcomer';
  return { ...traits, standing };
}
