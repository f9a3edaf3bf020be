/**
 * Repeats of payers who are known to be shut out, counted in the isolate and written as one line, and one entry, a payer: a flood
 * makes no flood of them. What an isolate that ends had not yet written is lost; each payer's first refusal is not among it.
 */
import type { Evaluation } from '../decision/evaluation.ts';
import { decisionEntry, type Subject } from './decision-entry.ts';
import { type DecisionContext, logDecision } from './decision-log.ts';
import type { Afterwards, Journal } from './journal.ts';

/** How long repeats are counted before their lines are written. */
const COUNTING_MS = 1_500;
/** A writing that is later than this has died with the request that was to do it. */
const GRACE_MS = 2_000;
const PAYERS_LIMIT = 1_000;
/** In one counting, of refusals that cost their sender nothing. */
const SINGLES = 10;

/** The first of the repeats, which stands for all of them. */
export interface Repeat {
  readonly evaluation: Evaluation;
  readonly context: DecisionContext;
  /** For the journal; null where that is off. */
  readonly subject: Subject | null;
}

interface Moment {
  readonly now: number;
  readonly afterwards: Afterwards;
}

interface Counted extends Repeat {
  repeats: number;
}

export class RepeatLog {
  readonly #journal: Journal;
  /** A number: so many were put on record each by itself. */
  readonly #counted = new Map<string, Counted | number>();
  /** ms since the epoch; 0: nothing is to be written. */
  #writesAt = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Whether a payer's repeats are being counted; if so, this one is among them now. */
  counts(payer: string): boolean {
    const counted = this.#counted.get(payer);
    if (typeof counted !== 'object') return false;
    counted.repeats++;
    return true;
  }

  /** Begins to count a payer's repeats; `now` in ms since the epoch. */
  begin(payer: string, first: Repeat, moment: Moment): void {
    this.#put(payer, { ...first, repeats: 1 }, moment);
  }

  /** Whether this is one of many of whom nothing is known but where they come from: the first few stand by themselves. */
  isOneOfMany(sender: string, repeat: () => Repeat, moment: Moment): boolean {
    if (this.counts(sender)) return true;
    const singles = Number(this.#counted.get(sender) ?? 0);
    const isOne = singles >= SINGLES;
    this.#put(sender, isOne ? { ...repeat(), repeats: 1 } : singles + 1, moment);
    return isOne;
  }

  #put(payer: string, counted: Counted | number, { now, afterwards }: Moment): void {
    this.#counted.set(payer, counted);
    if (this.#counted.size >= PAYERS_LIMIT) this.#write(afterwards);
    else if (now > this.#writesAt + GRACE_MS) {
      this.#writesAt = now + COUNTING_MS;
      afterwards(this.#writeLater(afterwards));
    }
  }

  async #writeLater(afterwards: Afterwards): Promise<void> {
    await scheduler.wait(COUNTING_MS);
    this.#writesAt = 0;
    this.#write(afterwards);
  }

  #write(afterwards: Afterwards): void {
    for (const counted of this.#counted.values()) {
      if (typeof counted === 'number') continue;
      const { evaluation, context, subject, repeats } = counted;
      logDecision(evaluation, context, { repeats });
      if (subject !== null) this.#journal.write(() => decisionEntry(evaluation, { ...subject, repeats }), afterwards);
    }
    this.#counted.clear();
  }
}
