/**
 * Whether a processor that used to report still does: how much it says for each payment, and how many payments went by
 * in silence. Silence is measured in payments, not in hours: at night there is nothing to say. Pure.
 */
import type { Processor } from '../outcome/processor-event.ts';
import { decayed } from './decay.ts';
import type { Tally } from './outcome-history.ts';

/** Times in ms since the epoch. */
export interface ProcessorHistory {
  readonly name: Processor;
  readonly firstHeardAt: number;
  readonly heardAt: number;
  /** What it said, and the payments that it said it of; older ones count less. */
  readonly events: number;
  readonly payments: number;
  readonly countedAt: number;
  /** Payments since it was heard, and the most that there were between two of its words: some report once a day. */
  readonly run: number;
  readonly longestRun: number;
}

const DAY_MS = 86_400_000;
/** Of payments in silence, of events that should have come by then, and of those that it is known by. */
const NEEDED = { payments: 20, expected: 20, events: 20, knownForMs: DAY_MS } as const;
/** A silence is unusual when it is more than this many times the longest. */
const UNUSUAL = 2;

export function hear(before: ProcessorHistory | null, name: Processor, count: number, now: number): ProcessorHistory {
  if (before === null) {
    const nothing = { payments: 0, countedAt: now, run: 0, longestRun: 0 };
    return { name, firstHeardAt: now, heardAt: now, events: count, ...nothing };
  }
  return { ...before, heardAt: Math.max(before.heardAt, now), events: before.events + count };
}

/** The payments of a stretch of time that lies back so far that a word about them should have come. */
export function notePayments(before: ProcessorHistory, { from, to, payments }: Tally): ProcessorHistory {
  // Nothing of it was followed by a word.
  if (before.heardAt < from) return { ...before, run: before.run + payments };
  const left = decayed(to - before.countedAt);
  return {
    ...before,
    events: before.events * left,
    payments: before.payments * left + before.run + payments,
    countedAt: Math.max(to, before.countedAt),
    run: 0,
    longestRun: Math.max(before.longestRun * left, before.run),
  };
}

export function isQuiet({ firstHeardAt, events, payments, run, longestRun }: ProcessorHistory, now: number): boolean {
  if (now - firstHeardAt < NEEDED.knownForMs || events < NEEDED.events || payments === 0) return false;
  const expected = (run * events) / payments;
  return run >= NEEDED.payments && expected >= NEEDED.expected && run > UNUSUAL * longestRun;
}
