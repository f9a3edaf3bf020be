/**
 * What became of an attempt, and what is known of it beside, as entries of the record. Pure.
 */
import type { OutcomeStatus } from '../outcome/outcome.ts';
import { type LabelEntry, type OutcomeEntry, shortened } from './entry.ts';

/** Whose outcome it is, who told it and when. */
export interface Telling {
  readonly merchant: string;
  /** An evaluation's, or `evaluation/try`. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly toldBy: OutcomeEntry['told_by'];
}

export interface ToldOutcome {
  readonly status: OutcomeStatus;
  readonly declineReason: string | null;
  readonly declineCode: string | null;
  readonly paymentId: string | null;
  readonly contradicted: boolean;
}

export function outcomeEntry({ merchant, id, at, toldBy }: Telling, told: ToldOutcome): OutcomeEntry {
  const slash = id.indexOf('/');
  return {
    kind: 'outcome',
    merchant,
    at,
    evaluation: slash < 0 ? id : id.slice(0, slash),
    try: slash < 0 ? null : shortened(id.slice(slash + 1)),
    status: told.status,
    decline_reason: told.declineReason,
    decline_code: shortened(told.declineCode),
    payment_id: shortened(told.paymentId),
    contradicted: told.contradicted,
    told_by: toldBy,
  };
}

export function labelEntry({ merchant, id, at }: Omit<Telling, 'toldBy'>, label: string): LabelEntry {
  return { kind: 'label', merchant, at, evaluation: id, label: shortened(label) };
}
