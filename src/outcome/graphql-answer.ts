/**
 * What became of each payment of a GraphQL request, read out of its place in the answer by its operation's patterns.
 * GraphQL answers 200 to nearly everything: without a result, or with an error on the way to it, nothing succeeded.
 */
import { type Json, lookUpIn, valueAt } from '../attempt/json-body.ts';
import { placesOf } from '../attempt/reading-rules.ts';
import { type OutcomeRules, readAnswer } from './answer-reader.ts';
import type { Outcome } from './outcome.ts';

/** Without a result, or with an error in it, only a failure can be told. */
const NOTHING_DONE = { succeeded: [], pending: [], unknown: [] } as const;

/** One payment that was asked for. The pointers of its rules are relative to its result. */
export interface AskedPayment {
  /** Which request of the batch; 0 where there is none. */
  readonly request: number;
  /** The response names that lead to the result under `data`. */
  readonly responsePath: readonly string[];
  readonly rules: OutcomeRules;
}

export interface GraphqlAnswer {
  readonly status: number;
  /** The answer's JSON; undefined where it is none, or too long to be held. */
  readonly json: Json | undefined;
  /** Whether a batch was asked for: its answer is a list in the same order. */
  readonly isBatch: boolean;
}

/** The outcome of one of the payments. */
export function readGraphqlAnswer(
  { status, json, isBatch }: GraphqlAnswer,
  { request, responsePath, rules }: AskedPayment,
): Outcome {
  const own = isBatch ? valueAt(Array.isArray(json) ? json : undefined, [String(request)]) : json;
  const result = valueAt(own, ['data', ...responsePath]);
  const isDone = result !== undefined && result !== null && !hasFailed(own, responsePath);
  const fields = result === undefined || result === null ? new Map() : lookUpIn(result);
  // An error beside a result may still leave the reason of the decline in it.
  return readAnswer({ status, fields }, isDone ? rules : { ...rules, ...NOTHING_DONE });
}

/** An error whose path leads to the result, or into it (GraphQL September 2025, 7.1.2). */
function hasFailed(answer: Json | undefined, responsePath: readonly string[]): boolean {
  const errors = valueAt(answer, ['errors']) ?? [];
  if (!Array.isArray(errors)) return true;
  return errors.some((error) => {
    const path = valueAt(error, ['path']);
    // Without a path it is an error of the whole request, which leaves no data (7.1.1).
    return Array.isArray(path) && path.every((key, i) => i >= responsePath.length || key === responsePath[i]);
  });
}

/** What a request must ask for so that these rules can tell, and what else they read: `tells` and `reads`. */
export function pointersOf(rules: OutcomeRules): {
  readonly tells: readonly string[];
  readonly reads: readonly string[];
} {
  const patterns = [...rules.failed, ...rules.succeeded, ...rules.pending, ...(rules.unknown ?? [])];
  const tells = new Set(patterns.flatMap(({ json }) => Object.keys(json ?? {})));
  const named = [rules.declineReason, rules.paymentId, rules.cardFingerprint, rules.cardToken].flatMap(placesOf);
  return { tells: [...tells], reads: [...new Set([...tells, ...named])] };
}
