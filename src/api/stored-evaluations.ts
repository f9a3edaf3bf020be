/**
 * Evaluations as the gate keeps them, told again.
 */

import { type Evaluation, evaluate, type Occasion } from '../decision/evaluation.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import { findingsUnderLists } from '../decision/listing.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import type { StoredEvaluation } from '../gate/gate-messages.ts';

/** An evaluation with what became of it. */
export interface ToldEvaluation extends Evaluation {
  readonly outcome: {
    readonly status: string;
    readonly decline_reason: string | null;
    readonly decline_code: string | null;
    readonly processor_payment_id: string | null;
    readonly contradicted: boolean;
    readonly settled_at: string;
  } | null;
  readonly labels: readonly { readonly label: string; readonly labelled_at: string }[];
}

/** What an evaluation was decided by, before the gate's verdicts. */
export interface Recorded {
  readonly early: readonly Finding[];
  readonly occasion: Occasion;
  /** The rules that waited for the gate's counts have been asked, and found something. */
  readonly isAmended?: true;
}

/** As it was put on record: what the lists say of it is not in there. */
export function asRecorded({ record }: StoredEvaluation): Recorded {
  return JSON.parse(record) as Recorded;
}

export function recordedIn(stored: StoredEvaluation): Recorded {
  const { listed } = stored;
  const recorded = asRecorded(stored);
  const { early, occasion } = recorded;
  if (listed === undefined || occasion.mode === 'off') return recorded;
  return { ...recorded, early: findingsUnderLists(early, listed, occasion.mode) };
}

/** Everything that was found, in the gate and before it. */
export function findingsOf(stored: StoredEvaluation): readonly Finding[] {
  const late = velocityFindings(stored.verdicts);
  return [...recordedIn(stored).early, ...liftByItems(late, stored.listed?.allow ?? [])];
}

/** The answer, made again from what was known: the same engine, the same result. */
export function evaluationOf(stored: StoredEvaluation): Evaluation {
  const { occasion } = recordedIn(stored);
  const { reservedUntil } = stored;
  return evaluate(findingsOf(stored), { ...occasion, reservedUntil });
}

export function toldOf(stored: StoredEvaluation): ToldEvaluation {
  const { outcome, labels } = stored;
  return {
    ...evaluationOf(stored),
    outcome: outcome && {
      status: outcome.status,
      decline_reason: outcome.declineReason,
      decline_code: outcome.declineCode,
      processor_payment_id: outcome.paymentId,
      contradicted: outcome.contradicted,
      settled_at: new Date(outcome.settledAt).toISOString(),
    },
    labels: labels.map(({ label, labelledAt }) => ({ label, labelled_at: new Date(labelledAt).toISOString() })),
  };
}
