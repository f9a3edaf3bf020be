/**
 * Why a decision is what it is. The closed list of codes, in order of precedence: the first that applies answers.
 */
export const REASON_CODES = [
  'tls_version',
  'unreadable',
  'list',
  'allowlist_miss',
  'allowlist_pin_mismatch',
  'egress_unverified',
  'country',
  'country_unknown',
  'tor',
  'asn',
  'hosting',
  'country_mismatch',
  'reputation',
  'velocity',
  'in_flight',
  'attack_mode',
  // In place of the three before it, which nobody could look at.
  'gate_unavailable',
  'custom_rule',
  'risk_score',
  'no_session',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** What a finding asks for. `review` lets the attempt through and marks it. */
export type Consequence = 'block' | 'challenge' | 'review' | 'allow';

export interface Reason {
  readonly code: ReasonCode;
  /** The rule that spoke, where there are several of one code. */
  readonly rule?: string;
  readonly message: string;
  /** A `shadow` reason is recorded and never changes the answer. */
  readonly mode: 'enforce' | 'shadow';
}

export interface Finding extends Reason {
  readonly consequence: Consequence;
  readonly retryAfterSeconds?: number;
  /** Of a challenge: how strong a step-up must be to meet it; absent: any. */
  readonly strength?: number;
}
