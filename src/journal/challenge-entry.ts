/**
 * What becomes of a challenge as entries of the record: one for each method that it concerns, so that it can be told of
 * each how often it was offered, passed and left. Pure.
 */
import type { ChallengeEntry } from './entry.ts';

export interface ChallengeSubject {
  readonly merchant: string;
  /** That asked for it. */
  readonly evaluation: string;
  /** Those that are offered. */
  readonly methods: readonly string[];
  /** ms since the epoch. */
  readonly at: number;
}

export function askedEntries(subject: ChallengeSubject): readonly ChallengeEntry[] {
  return subject.methods.map((method) => entryOf(subject, 'asked', method));
}

/** Who passes by one method did not leave the others: `otherwise`. */
export function passedEntries(subject: ChallengeSubject, by: string): readonly ChallengeEntry[] {
  const others = subject.methods.filter((method) => method !== by);
  return [entryOf(subject, 'passed', by), ...others.map((method) => entryOf(subject, 'otherwise', method))];
}

export function failedEntry(subject: ChallengeSubject, method: string): ChallengeEntry {
  return entryOf(subject, 'failed', method);
}

function entryOf(subject: ChallengeSubject, what: ChallengeEntry['what'], method: string): ChallengeEntry {
  const { merchant, evaluation, at } = subject;
  return { kind: 'challenge', merchant, evaluation, what, method, at };
}
