/**
 * Whether outcomes and webhooks still come, looked at once a round. What comes by webhook is missing when webhooks are:
 * one thing is wrong then, and one is told.
 */
import type { AlertStore } from './alert-store.ts';
import type { BurstBook } from './burst-book.ts';
import type { Hearing } from './hearing.ts';
import { lookAtOutcomes } from './looks.ts';
import {
  begunAnew,
  isOver,
  missingIn,
  newOutcomeHistory,
  noteTally,
  type OutcomeHistory,
  type Tally,
} from './outcome-history.ts';
import type { Round } from './round.ts';

/** After an attempt's reservation is over, so long for the last word about it. */
const WORD_MS = 600_000;
const FIRST_LOOK_MS = 300_000;
/** An object that has slept does not look back for ever. */
const LOOKED_BACK_MS = 3_600_000;
/** What has been missing for so long is how it is. */
const USUAL_AFTER_MS = 7 * 86_400_000;

const HISTORY = 'outcomes';
const TALLIED_TO = 'tallied_to';

export interface OutcomeRooms {
  readonly store: AlertStore;
  readonly bursts: BurstBook;
  readonly hearing: Hearing;
}

export class OutcomeChecks {
  readonly #rooms: OutcomeRooms;

  constructor(rooms: OutcomeRooms) {
    this.#rooms = rooms;
  }

  /** False when the gate did not answer: it is asked about the same time again. */
  async make(round: Round): Promise<boolean> {
    const { watch, environment, now } = round;
    const { store, bursts } = this.#rooms;
    const to = now - watch.reservationMs - WORD_MS;
    const from = Math.max(store.note<number>(TALLIED_TO) ?? to - FIRST_LOOK_MS, to - LOOKED_BACK_MS);
    if (from >= to) return true;
    const tally = await lookAtOutcomes(watch, { from, to }, environment);
    if (tally === null) return false;
    store.putNote(TALLIED_TO, to);
    const isWrong = bursts.isOpen('outcomes_missing') || bursts.isOpen('webhooks_quiet');
    const history = this.#learn(tally, !isWrong, now);
    this.#checkWebhooks(tally, round);
    this.#checkMissing(history, round);
    return true;
  }

  #learn(tally: Tally, learns: boolean, now: number): OutcomeHistory {
    const { store } = this.#rooms;
    const before = store.note<OutcomeHistory>(HISTORY);
    const history = noteTally(before ?? newOutcomeHistory(now), tally, learns);
    if (before === null || JSON.stringify(before) !== JSON.stringify(history)) store.putNote(HISTORY, history);
    return history;
  }

  #checkWebhooks(tally: Tally, { watch, now }: Round): void {
    const { bursts, hearing } = this.#rooms;
    hearing.notePayments(tally, watch.processors, now);
    const quiet = hearing.quiet(now);
    if (quiet.length === 0) {
      bursts.end('webhooks_quiet', watch, now);
    } else if (isUsual(bursts.beganAt('webhooks_quiet'), now)) {
      hearing.forget(quiet, now);
    } else if (!bursts.isOpen('outcomes_missing') && !bursts.isOpen('gate_unavailable')) {
      const processors = quiet.map(({ name, heardAt, run }) => ({ name, silentSince: heardAt, payments: run }));
      bursts.find({ kind: 'webhooks_quiet', processors }, watch, now);
    }
  }

  #checkMissing(history: OutcomeHistory, { watch, now }: Round): void {
    const { store, bursts } = this.#rooms;
    const usual = isUsual(bursts.beganAt('outcomes_missing'), now);
    if (bursts.isOpen('outcomes_missing') && (usual || isOver(history))) {
      store.putNote(HISTORY, usual ? newOutcomeHistory(now) : begunAnew(history));
      bursts.end('outcomes_missing', watch, now);
      return;
    }
    const missing = missingIn(history, now);
    if (missing === null || bursts.isOpen('webhooks_quiet') || bursts.isOpen('gate_unavailable')) return;
    bursts.find({ kind: 'outcomes_missing', ...missing }, watch, now);
  }
}

function isUsual(beganAt: number | null, now: number): boolean {
  return beganAt !== null && now - beganAt >= USUAL_AFTER_MS;
}
