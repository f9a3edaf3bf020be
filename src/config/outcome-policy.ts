/**
 * What a shop's answers mean, ready to be held against them.
 */
import type { AnswerPattern, OutcomeRules } from '../outcome/answer-reader.ts';
import { compileLanding } from '../outcome/landing.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { AnswerConfig, OutcomeConfig } from './outcome-schema.ts';
import type { ReturnConfig } from './return-schema.ts';

type Written = OutcomeConfig | AnswerConfig | ReturnConfig['outcome'];
type WrittenPattern = Written['failed'][number];

export function compileOutcome(written: Written, processor: Processor | null): OutcomeRules {
  const { failed, succeeded, pending, unknown, unmatched, decline_reason: declineReason, ...rest } = written;
  const places: Partial<AnswerConfig> = rest;
  return {
    failed: failed.map(compilePattern),
    succeeded: succeeded.map(compilePattern),
    pending: pending.map(compilePattern),
    unknown: unknown.map(compilePattern),
    unmatched,
    declineReason,
    location: places.location,
    paymentId: places.payment_id,
    cardFingerprint: places.card_fingerprint,
    cardToken: places.card_token,
    processor,
  };
}

function compilePattern(written: WrittenPattern): AnswerPattern {
  const { location, ...pattern }: AnswerConfig['failed'][number] = written;
  return location === undefined ? pattern : { ...pattern, location: location.map(compileLanding) };
}
