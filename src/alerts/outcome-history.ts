/**
 * Whether outcomes still come: the share of attempts without one among the newest, held against what used to be. Who
 * never had many, or has had too few attempts to tell, is never spoken of. Pure.
 */
import { decayed } from './decay.ts';

/** What became of the attempts that were let through in a stretch of time. Times in ms since the epoch. */
export interface Tally {
  readonly from: number;
  readonly to: number;
  readonly letThrough: number;
  /** Those of which nobody said how they ended. */
  readonly missing: number;
  /** Those that a processor has something to say of: paid, waiting, or let through and never heard of again. */
  readonly payments: number;
}

type Share = Pick<Tally, 'letThrough' | 'missing'>;

interface Slot extends Share {
  /** Its end. */
  readonly at: number;
  /** Something was wrong then: nothing is to be learned from it. */
  readonly isWrong?: boolean;
}

export interface OutcomeHistory {
  readonly since: number;
  /** What used to be, older attempts counting less. */
  readonly usual: Share & { readonly at: number };
  /** The newest, not yet part of what used to be; in order of time. */
  readonly newest: readonly Slot[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SLOT_MS = 10 * MINUTE_MS;
const YOUNG_MS = 2 * HOUR_MS;
/** A shop with few payments has its newest over days. */
const OLD_MS = 72 * HOUR_MS;
/** Fewer attempts tell nothing; more than half of them without an outcome is no chance where a fifth is usual. */
const NEEDED = { newest: 30, toEnd: 10, usual: 50, knownForMs: 24 * HOUR_MS } as const;
const MISSING_SHARE = { usualAtMost: 0.2, alarming: 0.5, over: 0.25 } as const;

export function newOutcomeHistory(now: number): OutcomeHistory {
  return { since: now, usual: { at: now, letThrough: 0, missing: 0 }, newest: [] };
}

/** `learns`: what grows old becomes part of what used to be. Not while something is wrong. */
export function noteTally(history: OutcomeHistory, tally: Tally, learns: boolean): OutcomeHistory {
  const slots = tally.letThrough === 0 ? history.newest : withTally(history.newest, tally);
  const isOld = (slot: Slot, index: number) =>
    tally.to - slot.at > OLD_MS ||
    (tally.to - slot.at > YOUNG_MS && sumOf(slots.slice(index + 1)).letThrough >= NEEDED.newest);
  const old = slots.filter(isOld);
  const right = old.filter(({ isWrong = false }) => !isWrong);
  const usual = learns && right.length > 0 ? learned(history.usual, sumOf(right), tally.to) : history.usual;
  const newest = slots.filter((slot, index) => !isOld(slot, index));
  // What led to an alarm is no more to be learned from than what came with it.
  return { ...history, usual, newest: learns ? newest : newest.map((slot) => ({ ...slot, isWrong: true })) };
}

/** The newest attempts where their outcomes are missing and used to come; null where nothing can be said. */
export function missingIn({ since, usual, newest }: OutcomeHistory, now: number): Share | null {
  const sample = sampleOf(newest, NEEDED.newest);
  const isKnown = usual.letThrough >= NEEDED.usual && now - since >= NEEDED.knownForMs;
  if (sample === null || !isKnown || shareOf(usual) > MISSING_SHARE.usualAtMost) return null;
  // What has passed already wakes nobody.
  const last = sampleOf(newest, NEEDED.toEnd) ?? sample;
  return [sample, last].every((share) => shareOf(share) >= MISSING_SHARE.alarming) ? sample : null;
}

/** Whether what was missing comes again, or nobody pays any more. */
export function isOver({ newest }: OutcomeHistory): boolean {
  if (newest.length === 0) return true;
  const sample = sampleOf(newest, NEEDED.toEnd);
  return sample !== null && shareOf(sample) < MISSING_SHARE.over;
}

/** After what was wrong is over: what was then is no part of what comes. */
export function begunAnew(history: OutcomeHistory): OutcomeHistory {
  const { newest } = history;
  const isLast = (_: Slot, index: number) => sumOf(newest.slice(index + 1)).letThrough < NEEDED.toEnd;
  return { ...history, newest: newest.filter(isLast).map(({ isWrong: _, ...slot }) => slot) };
}

function withTally(slots: readonly Slot[], { to, letThrough, missing }: Tally): readonly Slot[] {
  const at = Math.ceil(to / SLOT_MS) * SLOT_MS;
  const last = slots.at(-1);
  if (last?.at !== at) return [...slots, { at, letThrough, missing }];
  return [...slots.slice(0, -1), { ...last, ...sumOf([last, { letThrough, missing }]) }];
}

function learned(usual: OutcomeHistory['usual'], { letThrough, missing }: Share, now: number): OutcomeHistory['usual'] {
  const left = decayed(now - usual.at);
  return { at: now, letThrough: usual.letThrough * left + letThrough, missing: usual.missing * left + missing };
}

/** As many of the newest slots as hold enough attempts; null where all of them do not. */
function sampleOf(slots: readonly Slot[], needed: number): Share | null {
  let sum: Share = { letThrough: 0, missing: 0 };
  for (const slot of slots.toReversed()) {
    sum = sumOf([sum, slot]);
    if (sum.letThrough >= needed) return sum;
  }
  return null;
}

function sumOf(shares: readonly Share[]): Share {
  return {
    letThrough: shares.reduce((sum, { letThrough }) => sum + letThrough, 0),
    missing: shares.reduce((sum, { missing }) => sum + missing, 0),
  };
}

function shareOf({ letThrough, missing }: Share): number {
  return letThrough === 0 ? 0 : missing / letThrough;
}
