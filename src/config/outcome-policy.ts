/**
 * What a shop's answers mean, ready to be held against them.
 */
import type { OutcomeRules } from '../outcome/answer-reader.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { OutcomeConfig } from './outcome-schema.ts';

export function compileOutcome(outcome: OutcomeConfig, processor: Processor | null): OutcomeRules {
  const { decline_reason: declineReason, payment_id: paymentId, card_token: cardToken, ...rest } = outcome;
  const { card_fingerprint: cardFingerprint, ...patterns } = rest;
  return { ...patterns, declineReason, paymentId, cardFingerprint, cardToken, processor };
}
