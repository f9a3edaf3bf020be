/**
 * A decision as the API tells it, out of a row.
 */
import type { Decision, Evaluation, RiskLevel } from '../decision/evaluation.ts';
import type { Reason } from '../decision/reason.ts';

/** What is told as the row has it. */
interface ToldAsItIs {
  readonly id: string;
  readonly decision: Decision;
  readonly would_be: Decision;
  readonly mode: Evaluation['mode'];
  readonly source: 'proxy' | 'api';
  readonly route: string;
  readonly kind: string | null;
  readonly country: string | null;
  readonly asn: number | null;
  readonly ip: string | null;
  readonly bin: string | null;
  readonly card: string | null;
  readonly session: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly risk_score: number;
  readonly risk_level: RiskLevel;
  readonly config_version: string;
  readonly repeats: number | null;
}

/** A row of `rowsStatement`. JSON stands in its last three columns. */
export interface DecisionRow extends ToldAsItIs {
  readonly at: number;
  readonly customer: string | null;
  /** Of its own outcome; null while nobody said. */
  readonly status: string | null;
  readonly decline_reason: string | null;
  readonly decline_code: string | null;
  readonly payment_id: string | null;
  readonly contradicted: number | null;
  readonly settled_at: number | null;
  readonly told_by: string | null;
  readonly reasons: string | null;
  readonly labels: string;
  /** Pairs of a method and `passed` or `failed`. */
  readonly challenges: string;
}

export interface ToldOutcome {
  readonly status: string;
  readonly decline_reason: string | null;
  readonly decline_code: string | null;
  readonly processor_payment_id: string | null;
  readonly contradicted: boolean;
  readonly settled_at: string;
  readonly told_by: string;
}

export interface DecisionRecord extends ToldAsItIs {
  readonly created_at: string;
  readonly customer_id: string | null;
  readonly reasons: readonly Reason[];
  readonly outcome: ToldOutcome | null;
  readonly labels: readonly string[];
}

export function recordOf(row: DecisionRow): DecisionRecord {
  const { id, decision, would_be, mode, source, route, kind, country, asn, ip, bin, card } = row;
  const { customer, session, amount, currency, risk_score, risk_level, repeats, config_version } = row;
  const known = { id, created_at: timeText(row.at), decision, would_be, mode, source, route, kind };
  const payer = { country, asn, ip, bin, card, customer_id: customer, session, amount, currency };
  const found = { risk_score, risk_level, reasons: reasonsOf(row), outcome: outcomeOf(row) };
  return { ...known, ...payer, ...found, labels: labelsOf(row), repeats, config_version };
}

export function reasonsOf({ reasons }: Pick<DecisionRow, 'reasons'>): readonly Reason[] {
  return JSON.parse(reasons ?? '[]') as readonly Reason[];
}

export function labelsOf({ labels }: Pick<DecisionRow, 'labels'>): readonly string[] {
  return JSON.parse(labels) as readonly string[];
}

export type OutcomeColumns = Pick<
  DecisionRow,
  'status' | 'decline_reason' | 'decline_code' | 'payment_id' | 'contradicted' | 'settled_at' | 'told_by'
>;

export function outcomeOf(row: OutcomeColumns): ToldOutcome | null {
  const { status, decline_reason, decline_code, payment_id, contradicted, settled_at, told_by } = row;
  if (status === null) return null;
  const told = { status, decline_reason, decline_code, processor_payment_id: payment_id };
  return { ...told, contradicted: contradicted === 1, settled_at: timeText(settled_at ?? 0), told_by: told_by ?? '' };
}

/** A reason as one word: `velocity:card_ip/shadow`. */
export function wordOf({ code, rule, mode }: Reason): string {
  return `${code}${rule === undefined ? '' : `:${rule}`}/${mode}`;
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
