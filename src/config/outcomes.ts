/**
 * What answers mean, as it is written and compiled.
 */
import type { Places } from '../attempt/reading-rules.ts';
import type { AnswerPattern, OutcomeRules } from '../outcome/answer-reader.ts';
import { compileLanding } from '../outcome/landing.ts';
import type { OutcomeStatus } from '../outcome/outcome.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { RouteConfig } from './route-schema.ts';

type WrittenPattern = RouteConfig['outcome']['failed'][number];

interface WrittenOutcome extends Readonly<Record<'failed' | 'succeeded' | 'pending' | 'unknown', WrittenPattern[]>> {
  readonly unmatched: OutcomeStatus;
  readonly location?: Places | undefined;
  readonly decline_reason?: Places | undefined;
  readonly payment_id?: Places | undefined;
  readonly card_fingerprint?: Places | undefined;
  readonly card_token?: Places | undefined;
}

export function compileOutcome(written: WrittenOutcome, processor: Processor | null): OutcomeRules {
  const { failed, succeeded, pending, unknown, unmatched, location } = written;
  return {
    failed: failed.map(compilePattern),
    succeeded: succeeded.map(compilePattern),
    pending: pending.map(compilePattern),
    unknown: unknown.map(compilePattern),
    unmatched,
    location,
    declineReason: written.decline_reason,
    paymentId: written.payment_id,
    cardFingerprint: written.card_fingerprint,
    cardToken: written.card_token,
    processor,
  };
}

function compilePattern({ location, ...pattern }: WrittenPattern): AnswerPattern {
  return location === undefined ? pattern : { ...pattern, location: location.map(compileLanding) };
}
