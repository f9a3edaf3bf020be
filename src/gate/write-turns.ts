/**
 * Who writes the configuration at this moment. Each write has a time of its own, later than all before it, so that of
 * two at once one is the last; a write that asks for it is the only one. In memory: a write takes seconds.
 */
import type { KeptConfig, Turn, TurnRequest } from './config-messages.ts';

/** A write that has not ended by then has been given up. */
const LONGEST_WRITE_MS = 15_000;

export class WriteTurns {
  /** The time of each write under way, and when it began by this gate's clock. */
  readonly #underWay = new Map<number, number>();
  #last = 0;

  /** `clock`: this gate's, in ms since the epoch. */
  take({ now, onlyIf }: TurnRequest, kept: KeptConfig | null, clock: number): Turn {
    for (const [writtenAt, begun] of this.#underWay) {
      if (clock - begun >= LONGEST_WRITE_MS) this.#underWay.delete(writtenAt);
    }
    if (onlyIf !== undefined && (this.#underWay.size > 0 || !isSame(onlyIf, kept))) return OVERTAKEN;
    const writtenAt = Math.max(now, (kept?.writtenAt ?? 0) + 1, this.#last + 1);
    this.#last = writtenAt;
    this.#underWay.set(writtenAt, clock);
    return { kind: 'taken', writtenAt };
  }

  end(writtenAt: number): void {
    this.#underWay.delete(writtenAt);
  }
}

const OVERTAKEN = { kind: 'overtaken' } as const satisfies Turn;

function isSame(one: Pick<KeptConfig, 'hash' | 'writtenAt'> | null, other: KeptConfig | null): boolean {
  return one?.hash === other?.hash && one?.writtenAt === other?.writtenAt;
}
