/**
 * A decision as an entry of the record: who tried what, by identities alone, and why it was answered so. Pure.
 */
import type { Attempt, Whence } from '../attempt/attempt.ts';
import { type IpAddress, wordsOf } from '../attempt/ip-address.ts';
import { textOfPrefix } from '../attempt/ip-prefix.ts';
import type { Decision, Evaluation } from '../decision/evaluation.ts';
import { type DecisionEntry, type OutcomeEntry, type RuleCount, shortened, type Timing } from './entry.ts';

/** What is told of an attempt beside its evaluation. */
export interface Subject {
  readonly source: DecisionEntry['source'];
  readonly route: string;
  /** Null where nothing could be read, or nobody read it. */
  readonly attempt: Attempt | null;
  readonly kind: DecisionEntry['attempt_kind'];
  readonly whence: Whence | null;
  /** Null: as decided. */
  readonly wouldBe: Decision | null;
  readonly lease: string | null;
  readonly counts: readonly RuleCount[];
  readonly timing: Timing | null;
  /** The origin's status. */
  readonly origin: number | null;
  readonly repeats: number | null;
  readonly outcome: OutcomeEntry | null;
}

/** What stands for the challenge where the processor was asked for 3-D Secure. */
export const ASKED_3DS = '3ds';

export function decisionEntry(evaluation: Evaluation, subject: Subject): DecisionEntry {
  const { attempt, whence } = subject;
  const ip = whence?.ip ?? null;
  return {
    kind: 'decision',
    id: evaluation.id,
    merchant: evaluation.merchant,
    at: Date.parse(evaluation.created_at),
    decision: evaluation.decision,
    would_be: subject.wouldBe ?? evaluation.decision,
    mode: evaluation.mode,
    source: subject.source,
    route: subject.route,
    attempt_kind: subject.kind,
    country: whence?.country ?? null,
    asn: whence?.asn ?? null,
    ip: ip?.text ?? null,
    ip_prefix: ip === null ? null : prefixOf(ip),
    bin: attempt?.card?.bin ?? null,
    card: attempt?.card?.fingerprint ?? null,
    customer: attempt?.payer.kind === 'customer' ? shortened(attempt.payer.id) : null,
    session: attempt?.session ?? null,
    amount: attempt?.amountMinor ?? null,
    currency: attempt?.currency ?? null,
    risk_score: evaluation.risk_score,
    risk_level: evaluation.risk_level,
    risk: evaluation.risk,
    reasons: evaluation.reasons,
    counts: subject.counts,
    config_version: evaluation.config_version,
    lease: subject.lease,
    challenge: evaluation.challenge ?? (evaluation.request_3ds ? ASKED_3DS : null),
    timing: subject.timing,
    origin: subject.origin,
    repeats: subject.repeats,
    outcome: subject.outcome,
  };
}

/** Its /24, or /48. */
export function prefixOf(ip: IpAddress): string {
  const { text } = ip;
  if (!text.includes(':')) return `${text.slice(0, text.lastIndexOf('.'))}.0/24`;
  const [first = 0, second = 0] = wordsOf(ip);
  return textOfPrefix({ words: [first, (second & 0xffff0000) >>> 0, 0, 0], length: 48 });
}
