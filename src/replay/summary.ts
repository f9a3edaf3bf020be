/**
 * What a replay comes to: decisions, by which rules, and what was stopped of what had failed and of what had succeeded.
 * Amounts in the currency's minor unit.
 */
import type { Decision } from '../decision/evaluation.ts';
import type { Replayed } from './replay.ts';
import type { ReplayLine } from './replay-line.ts';

export interface Stopped {
  attempts: number;
  /** Not let through: refused, or asked for a challenge that the payer did not pass. */
  stopped: number;
  /** Refused outright, or after the challenge. */
  blocked: number;
  challenged: number;
}

export interface Amounts {
  through: number;
  failures_stopped: number;
  successes_stopped: number;
}

export interface Summary {
  attempts: number;
  /** RFC 3339; null where there was no attempt. */
  from: string | null;
  to: string | null;
  decisions: Record<Decision, number>;
  /** If every rule in shadow were enforced. */
  would_be: Record<Decision, number>;
  blocks_by_rule: Record<string, number>;
  challenges_by_rule: Record<string, number>;
  reviews_by_rule: Record<string, number>;
  challenges: { asked: number; passed: number; passed_by: Record<string, number> };
  failures: Stopped;
  successes: Stopped;
  others: Stopped;
  /** By currency. */
  amounts: Record<string, Amounts>;
}

const NONE = { allow: 0, review: 0, challenge: 0, block: 0 } as const;

export class Tally {
  readonly summary: Summary = {
    attempts: 0,
    from: null,
    to: null,
    decisions: { ...NONE },
    would_be: { ...NONE },
    blocks_by_rule: {},
    challenges_by_rule: {},
    reviews_by_rule: {},
    challenges: { asked: 0, passed: 0, passed_by: {} },
    failures: nobody(),
    successes: nobody(),
    others: nobody(),
    amounts: {},
  };
  #first = 0;
  #last = 0;

  add({ at, outcome, attempt }: ReplayLine, replayed: Replayed): void {
    const { summary } = this;
    const { evaluation, wouldBe, rule, passedBy, isThrough } = replayed;
    if (summary.attempts === 0) this.#first = at;
    this.#last = at;
    summary.attempts += 1;
    summary.decisions[evaluation.decision] += 1;
    summary.would_be[wouldBe] += 1;
    if (rule !== null) increase(this.#byRule(evaluation.decision), rule);
    if (evaluation.decision === 'challenge') this.#challenge(passedBy);
    addTo(this.#kindOf(outcome.status), replayed);
    const { amount = 0, currency = 'XXX' } = attempt;
    if (amount > 0) addAmount(this.#amountsOf(currency), { amount, isThrough, status: outcome.status });
  }

  /** With its times filled in. */
  finish(): Summary {
    const text = (time: number) => (this.summary.attempts === 0 ? null : new Date(time).toISOString());
    return { ...this.summary, from: text(this.#first), to: text(this.#last) };
  }

  #byRule(decision: Decision): Record<string, number> {
    const { blocks_by_rule, challenges_by_rule, reviews_by_rule } = this.summary;
    return decision === 'block' ? blocks_by_rule : decision === 'challenge' ? challenges_by_rule : reviews_by_rule;
  }

  #challenge(passedBy: string | null): void {
    const { challenges } = this.summary;
    challenges.asked += 1;
    if (passedBy === null) return;
    challenges.passed += 1;
    increase(challenges.passed_by, passedBy);
  }

  #kindOf(status: ReplayLine['outcome']['status']): Stopped {
    const { failures, successes, others } = this.summary;
    return status === 'failed' ? failures : status === 'succeeded' ? successes : others;
  }

  #amountsOf(currency: string): Amounts {
    this.summary.amounts[currency] ??= { through: 0, failures_stopped: 0, successes_stopped: 0 };
    return this.summary.amounts[currency];
  }
}

export function nobody(): Stopped {
  return { attempts: 0, stopped: 0, blocked: 0, challenged: 0 };
}

export function addTo(counts: Stopped, { evaluation, afterChallenge, isThrough }: Replayed): void {
  counts.attempts += 1;
  if (!isThrough) counts.stopped += 1;
  if (evaluation.decision === 'challenge') counts.challenged += 1;
  if ((afterChallenge ?? evaluation).decision === 'block') counts.blocked += 1;
}

function addAmount(
  amounts: Amounts,
  { amount, isThrough, status }: { readonly amount: number; readonly isThrough: boolean; readonly status: string },
): void {
  if (isThrough) amounts.through += amount;
  else if (status === 'failed') amounts.failures_stopped += amount;
  else if (status === 'succeeded') amounts.successes_stopped += amount;
}

function increase(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
