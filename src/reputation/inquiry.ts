/**
 * What is being asked of providers for one request: begun as soon as its address is known, concluded before it is judged.
 */
import type { Deadlines } from '../gate/deadline.ts';
import { type Intelligence, joinIntelligence } from '../network/risk.ts';
import type { Heard } from './answer-cache.ts';

/** One provider, asked. */
export interface Question {
  readonly provider: string;
  /** Counted from the beginning of the request. */
  readonly timeoutMs: number;
  readonly weight: number;
  /** What is known already, or a promise that never rejects. */
  readonly answer: Heard | Promise<Heard>;
}

interface Slot extends Question {
  heard: Heard | null;
}

const LATE: Heard = { kind: 'silent', reason: 'timeout' };

export class Inquiry {
  readonly #slots: readonly Slot[];
  readonly #startedAt: number;

  /** `startedAt` in ms since the epoch. */
  constructor(questions: readonly Question[], startedAt: number) {
    this.#startedAt = startedAt;
    this.#slots = questions.map((question) => slotOf(question));
  }

  /** What was said in time. Waits for whoever still has some, and not at all where all is said. */
  conclude(limits: Deadlines): Intelligence | Promise<Intelligence> {
    const isWaiting = this.#slots.some(({ heard }) => heard === null);
    return isWaiting
      ? this.#await(limits)
      : joinIntelligence(this.#slots.map((slot) => tell(slot, slot.heard ?? LATE)));
  }

  async #await(limits: Deadlines): Promise<Intelligence> {
    const elapsedMs = Date.now() - this.#startedAt;
    const all = this.#slots.map(async (slot) => tell(slot, slot.heard ?? (await inTime(slot, elapsedMs, limits))));
    return joinIntelligence(await Promise.all(all));
  }
}

async function inTime({ timeoutMs, answer }: Question, elapsedMs: number, limits: Deadlines): Promise<Heard> {
  const leftMs = timeoutMs - elapsedMs;
  return leftMs > 0 ? limits.within(leftMs, Promise.resolve(answer), LATE) : LATE;
}

function slotOf(question: Question): Slot {
  const { answer } = question;
  if (!(answer instanceof Promise)) return { ...question, heard: answer };
  const slot: Slot = { ...question, heard: null };
  void answer.then((heard) => {
    slot.heard = heard;
  });
  return slot;
}

function tell({ provider, weight }: Question, heard: Heard): Intelligence {
  const source = `provider:${provider}`;
  if (heard.kind === 'silent') return { asked: 1, signals: [], silent: [{ source, reason: heard.reason }] };
  const score = Math.round(heard.score * weight);
  return { asked: 1, signals: score > 0 ? [{ source, score, message: heard.message }] : [], silent: [] };
}
