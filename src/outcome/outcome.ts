/**
 * What became of an attempt, in the one vocabulary that every source of outcomes is translated into.
 */
export const OUTCOME_STATUSES = ['succeeded', 'failed', 'pending', 'unknown'] as const;
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

/** Canonical decline reasons; a word that is not among them is `other`. */
export const DECLINE_REASONS = [
  'authentication_failed',
  'do_not_honor',
  'expired',
  'incorrect_cvc',
  'incorrect_number',
  'incorrect_postal_code',
  'insufficient_funds',
  'invalid_account',
  'lost_card',
  'other',
  'processing_error',
  'reported_stolen',
  'try_again_later',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface Outcome {
  readonly status: OutcomeStatus;
  readonly declineReason: DeclineReason | null;
  /** The processor's own id of the payment, where the answer told it. */
  readonly paymentId: string | null;
  /** The processor's own fingerprint of the card, and a token that stands for it from now on. */
  readonly cardFingerprint: string | null;
  readonly cardToken: string | null;
}

export const UNKNOWN_OUTCOME: Outcome = {
  status: 'unknown',
  declineReason: null,
  paymentId: null,
  cardFingerprint: null,
  cardToken: null,
};

export function canonicalDeclineReason(word: string | null): DeclineReason {
  return DECLINE_REASONS.find((reason) => reason === word) ?? 'other';
}
