/**
 * From single calls that a gate did not answer to "the gate is unavailable": a restart loses some calls and wakes
 * nobody. It is down once it answers no question for a minute, or once payments go unanswered for as long. Pure.
 */
const SECOND_MS = 1_000;
const ASKED_EVERY_MS = 20 * SECOND_MS;
/** What lasts shorter is a restart, or one overloaded moment. */
const DOWN_AFTER_MS = 60 * SECOND_MS;
const UNANSWERED_NEEDED = 3;
const REPORTS_NEEDED = 5;
/** Reports further apart have nothing to do with each other. */
const APART_MS = 120 * SECOND_MS;

/** Times in ms since the epoch. */
export interface Doubt {
  readonly since: number;
  readonly reportedAt: number;
  readonly reports: number;
  /** How often in a row the gate did not answer the question whether it is there. */
  readonly unanswered: number;
  readonly askAt: number;
}

/** Somebody's call was not answered. */
export function doubt(before: Doubt | null, now: number): Doubt {
  if (before === null || now - before.reportedAt > APART_MS) {
    return { since: now, reportedAt: now, reports: 1, unanswered: 0, askAt: now + ASKED_EVERY_MS };
  }
  return { ...before, reportedAt: now, reports: before.reports + 1 };
}

/** `settled`: nothing is wrong. */
export type Doubted = { readonly kind: 'down' | 'settled' } | { readonly kind: 'open'; readonly doubt: Doubt };

/** The gate was asked whether it is there. */
export function weigh(before: Doubt, isAnswered: boolean, now: number): Doubted {
  const { since, reportedAt, reports } = before;
  const unanswered = isAnswered ? 0 : before.unanswered + 1;
  if (unanswered >= UNANSWERED_NEEDED && now - since >= DOWN_AFTER_MS) return { kind: 'down' };
  // It answers this question, and payments still go unanswered.
  const goesOn = reports >= REPORTS_NEEDED && reportedAt - since >= DOWN_AFTER_MS;
  if (goesOn && now - reportedAt <= ASKED_EVERY_MS) return { kind: 'down' };
  if (isAnswered && now - reportedAt >= DOWN_AFTER_MS) return { kind: 'settled' };
  return { kind: 'open', doubt: { ...before, unanswered, askAt: now + ASKED_EVERY_MS } };
}
