/**
 * What an outcome does to what is already known of an attempt. Pure.
 * A final word stands, yet a failure that comes late is still counted: a tester's hit may turn out a decline.
 */
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
  | { readonly kind: 'recorded' | 'late_failure'; readonly to: Recorded; readonly weight: number };

/** What a failed attempt weighs. */
export const FAILURE = 1;
/** A guest who walked away from 3-D Secure: the card may be known to live by then. */
export const ABANDONED = 0.5;

export function settleOver(before: Recorded | null, status: Word['status']): Transition {
  const counted = before?.counted ?? 0;
  const weight = status === 'failed' ? FAILURE - counted : 0;
  const to = { status, counted: counted + weight, contradicted: before?.contradicted ?? false };
  if (before === null) return { kind: 'recorded', to, weight };
  if (before.status === status) return { kind: 'exists' };
  switch (before.status) {
    case 'pending':
      // "Nobody knows" ends no wait: the place is held until somebody does, or its time is over.
      return status === 'unknown' ? { kind: 'exists' } : { kind: 'recorded', to, weight };
    case 'unknown':
      return status === 'pending' ? { kind: 'exists' } : { kind: 'recorded', to, weight };
    case 'succeeded':
      if (status !== 'failed') return { kind: 'contradicts' };
      return { kind: 'late_failure', to: { ...to, contradicted: true }, weight };
    case 'failed':
      return { kind: 'contradicts' };
  }
}
