/**
 * Reads an outcome out of the origin's answer, by the route's patterns: failed, then succeeded, then pending.
 * What fits no pattern is `unmatched` (failed unless configured), except 5xx, which is an outage and counts nowhere.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';
import { type FieldLookup, type Scalar, textAt } from '../attempt/fields.ts';
import { canonicalDeclineReason, type Outcome, type OutcomeStatus } from './outcome.ts';

export interface AnswerPattern {
  readonly status?: readonly number[] | undefined;
  /** JSON Pointer → values, one of which must stand there. */
  readonly json?: Readonly<Record<string, readonly Scalar[]>> | undefined;
}

export interface OutcomeRules {
  readonly failed: readonly AnswerPattern[];
  readonly succeeded: readonly AnswerPattern[];
  readonly pending: readonly AnswerPattern[];
  readonly unmatched: OutcomeStatus;
  readonly declineReason?: string | undefined;
  readonly paymentId?: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** The answer's JSON; null when it is none, or too long to be held. */
  readonly fields: FieldLookup | null;
}

const PAYMENT_ID_LIMIT = 128;

/** Whether the outcome can be told at all without JSON. */
export function needsJson({ failed, succeeded, pending }: OutcomeRules): boolean {
  return [...failed, ...succeeded, ...pending].some(({ json }) => json !== undefined);
}

export function readAnswer(answer: Answer, rules: OutcomeRules): Outcome {
  const status = statusOf(answer, rules);
  const fields = answer.fields ?? new Map<string, Scalar>();
  return {
    status,
    declineReason: status === 'failed' ? canonicalDeclineReason(textAt(fields, rules.declineReason)) : null,
    paymentId: paymentIdAt(fields, rules.paymentId),
  };
}

/** A pointer that was set wrong may lead to what must not be kept. */
function paymentIdAt(fields: FieldLookup, pointer: string | undefined): string | null {
  const id = textAt(fields, pointer)?.slice(0, PAYMENT_ID_LIMIT) ?? null;
  return id === null || holdsCardNumber(id, '') ? null : id;
}

function statusOf(answer: Answer, rules: OutcomeRules): OutcomeStatus {
  const fits = (pattern: AnswerPattern) => matches(answer, pattern);
  if (rules.failed.some(fits)) return 'failed';
  if (!mayHideFailure(answer, rules)) {
    if (rules.succeeded.some(fits)) return 'succeeded';
    if (rules.pending.some(fits)) return 'pending';
  }
  return answer.status >= 500 ? 'unknown' : rules.unmatched;
}

/** Where a failure is told in JSON, an answer without any tells nothing: whoever asked may have asked for that. */
function mayHideFailure({ fields }: Answer, { failed }: OutcomeRules): boolean {
  return fields === null && failed.some(({ json }) => json !== undefined);
}

function matches({ status, fields }: Answer, pattern: AnswerPattern): boolean {
  if (pattern.status !== undefined && !pattern.status.includes(status)) return false;
  return Object.entries(pattern.json ?? {}).every(([pointer, values]) => {
    const value = fields?.get(pointer);
    return value !== undefined && values.includes(value);
  });
}
