/**
 * What Worker and gate say to each other about challenges: that one was asked, answered, and what a pass of it is worth.
 * A challenge is known by the evaluation that asked for it.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';

export interface AskedChallenge {
  readonly evaluation: string;
  /** The counters of what is unanswered, by address and card. */
  readonly touches: readonly Touch[];
  /** ms since the epoch: from then on no pass of it is good any more. */
  readonly allOverAt: number;
}

/** `isAsked`: not where too many are unanswered already. `verdicts`: how its counters stand now. */
export interface Asked {
  readonly isAsked: boolean;
  readonly verdicts: readonly Verdict[];
}

/** `limited`: too many answers to this one, or it was asked when too many were unanswered already. */
export type AnswerLeave = 'open' | 'limited';

/** What an answer was worth; `undecided`: somebody is still looking at it. */
export type AnswerResult = 'passed' | 'failed' | 'undecided';

/** A pass that an attempt comes with. All passes of one challenge are one: the first that is let in uses them up. */
export interface ShownPass {
  readonly challenge: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** As in an `AskedChallenge`. */
  readonly allOverAt: number;
  /** Nothing asks for it but what the gate may find: without that it stays good. */
  readonly isLate?: true;
}

export type PassUse = 'good' | 'used';
