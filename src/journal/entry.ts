/**
 * What goes on record: the types of every entry. An entry travels as JSON through a queue, may come twice, late and out
 * of order, and is told from every other by its id. Texts that an attacker writes are bounded where an entry is made.
 */
import type { AttemptKind } from '../attempt/attempt.ts';
import type { Decision, Evaluation, RiskLevel } from '../decision/evaluation.ts';
import type { Reason } from '../decision/reason.ts';
import type { OutcomeStatus } from '../outcome/outcome.ts';

export type Entry = DecisionEntry | OutcomeEntry | LabelEntry | ChallengeEntry | ChangeEntry;

/** What somebody else wrote goes on record no longer than this. */
const TEXT_LIMIT = 256;

export function shortened<T extends string | null>(text: T): T {
  return text !== null && text.length > TEXT_LIMIT ? (text.slice(0, TEXT_LIMIT) as T) : text;
}

interface AnyEntry {
  /** Null only for a change that concerns the whole deployment. */
  readonly merchant: string | null;
  /** ms since the epoch. */
  readonly at: number;
}

/** What one rule counted at the moment of the decision; `unasked`: nobody looked, and what it counted is not known. */
export type RuleCount = AskedCount | UnaskedCount;

interface AskedCount {
  readonly rule: string;
  readonly mode: 'enforce' | 'shadow';
  readonly state: 'open' | 'busy' | 'shut';
  readonly count: number;
  readonly in_flight: number;
  readonly limit: number;
}

interface UnaskedCount {
  readonly rule: string;
  readonly mode: 'enforce' | 'shadow';
  readonly state: 'unasked';
  readonly count: null;
  readonly in_flight: null;
  readonly limit: number;
}

/** Milliseconds that parts of the answer took; null where there was no such part. */
export interface Timing {
  readonly read: number | null;
  readonly judge: number | null;
  readonly origin: number | null;
}

export interface DecisionEntry extends AnyEntry {
  readonly kind: 'decision';
  /** The evaluation's id. */
  readonly id: string;
  readonly merchant: string;
  readonly decision: Decision;
  /** What it would have been if every reason in shadow were enforced. */
  readonly would_be: Decision;
  readonly mode: Evaluation['mode'];
  readonly source: 'proxy' | 'api';
  readonly route: string;
  /** Null where nothing could be read. */
  readonly attempt_kind: AttemptKind | 'attachment' | null;
  readonly country: string | null;
  readonly asn: number | null;
  readonly ip: string | null;
  /** Its /24, or /48. */
  readonly ip_prefix: string | null;
  /** The card's first six digits. */
  readonly bin: string | null;
  /** The card's keyed fingerprint. */
  readonly card: string | null;
  /** The verified customer's id. */
  readonly customer: string | null;
  readonly session: string | null;
  /** In the currency's minor unit. */
  readonly amount: number | null;
  readonly currency: string | null;
  readonly risk_score: number;
  readonly risk_level: RiskLevel;
  readonly risk: Evaluation['risk'];
  readonly reasons: readonly Reason[];
  readonly counts: readonly RuleCount[];
  readonly config_version: string;
  /** The lease that held the address. */
  readonly lease: string | null;
  readonly challenge: unknown;
  readonly timing: Timing | null;
  /** The status that the origin answered with; null where it was not asked, or did not answer. */
  readonly origin: number | null;
  /** How many refusals of a payer who was known to be shut out this stands for; null: one decision. */
  readonly repeats: number | null;
  /** What became of it, where that is known by now. */
  readonly outcome: OutcomeEntry | null;
}

export interface OutcomeEntry extends AnyEntry {
  readonly kind: 'outcome';
  readonly merchant: string;
  readonly evaluation: string;
  /** A further try of the payment, by the processor's id; null: the attempt itself. */
  readonly try: string | null;
  readonly status: OutcomeStatus;
  readonly decline_reason: string | null;
  /** The processor's own code. */
  readonly decline_code: string | null;
  readonly payment_id: string | null;
  /** A failure that came after another last word. */
  readonly contradicted: boolean;
  readonly told_by: 'answer' | 'api' | 'webhook' | 'return' | 'gate';
}

export interface LabelEntry extends AnyEntry {
  readonly kind: 'label';
  readonly merchant: string;
  readonly evaluation: string;
  readonly label: string;
}

export interface ChallengeEntry extends AnyEntry {
  readonly kind: 'challenge';
  readonly merchant: string;
  readonly evaluation: string;
  /** `otherwise`: passed by another method. */
  readonly what: 'asked' | 'passed' | 'failed' | 'otherwise';
  readonly method: string;
}

/** Something that was changed through the management API. No secret and no number is ever in it. */
export interface ChangeEntry extends AnyEntry {
  readonly kind: 'change';
  readonly id: string;
  /** `admin`, or `key:` and the key's id. */
  readonly who: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}
