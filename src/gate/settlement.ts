/**
 * What an outcome does to what is already known of an attempt. Pure.
 * A final word stands, yet a failure that comes late is still counted: a tester's hit may turn out a decline.
 */
import { FAILURE, type Happening, weightOf } from '../velocity/happening.ts';
import type { Word } from './gate-messages.ts';

/** The outcome on record. `counted` is the weight of failure that it already put on the counters. */
export interface Recorded {
  readonly status: Word['status'];
  readonly counted: number;
  readonly contradicted: boolean;
}

export type Transition =
  | { readonly kind: 'exists' }
  | { readonly kind: 'contradicts' }
  | {
      readonly kind: 'recorded' | 'late_failure';
      readonly to: Recorded;
      readonly weight: number;
      /** Nothing was on record of it. */
      readonly isFirst: boolean;
    };

export function settleOver(before: Recorded | null, status: Word['status']): Transition {
  const counted = before?.counted ?? 0;
  const weight = status === 'failed' ? FAILURE - counted : 0;
  const to = { status, counted: counted + weight, contradicted: before?.contradicted ?? false };
  const isFirst = false;
  if (before === null) return { kind: 'recorded', to, weight, isFirst: true };
  if (before.status === status) return { kind: 'exists' };
  switch (before.status) {
    case 'pending':
      // "Nobody knows" ends no wait: the place is held until somebody does, or its time is over.
      return status === 'unknown' ? { kind: 'exists' } : { kind: 'recorded', to, weight, isFirst };
    case 'unknown':
      return status === 'pending' ? { kind: 'exists' } : { kind: 'recorded', to, weight, isFirst };
    case 'succeeded':
      if (status !== 'failed') return { kind: 'contradicts' };
      return { kind: 'late_failure', to: { ...to, contradicted: true }, weight, isFirst };
    case 'failed':
      return { kind: 'contradicts' };
  }
}

/** What a transition adds to counters. What was counted of it before by halves counts once. */
export function happeningOf(
  { to, weight, isFirst }: Extract<Transition, { to: unknown }>,
  declineReason: string | null,
): Happening {
  const isFailure = to.status === 'failed';
  const before = to.counted - weight;
  const weighted = isFailure ? Math.max(0, weightOf(declineReason) - before) : 0;
  return { failures: weight, weighted, attempts: isFirst ? 1 : 0, declineReason: isFailure ? declineReason : null };
}
