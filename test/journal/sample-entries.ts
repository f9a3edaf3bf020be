/**
 * Entries for tests of the record: a valid one of each kind, changed where a test needs it.
 */

import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { DecisionEntry, OutcomeEntry } from '../../src/journal/entry.ts';

export const AT = Date.UTC(2026, 0, 15, 10, 30, 5);

export function decision(change: Partial<DecisionEntry> = {}): DecisionEntry {
  const { merchant = 'acme', at = AT } = change;
  return {
    kind: 'decision',
    id: newEvaluationId(merchant, at),
    merchant,
    at,
    decision: 'allow',
    would_be: 'allow',
    mode: 'enforce',
    source: 'proxy',
    route: 'pay',
    attempt_kind: 'payment',
    country: 'NL',
    asn: 1136,
    ip: '203.0.113.9',
    ip_prefix: '203.0.113.0/24',
    bin: '424242',
    card: 'fp_1',
    customer: null,
    session: null,
    amount: 1999,
    currency: 'EUR',
    risk_score: 0,
    risk_level: 'not_assessed',
    risk: null,
    reasons: [{ code: 'velocity', rule: 'card_ip', message: '3 failures, limit 3', mode: 'shadow' }],
    counts: [],
    config_version: 'v1',
    lease: null,
    challenge: null,
    timing: null,
    origin: 200,
    repeats: null,
    outcome: null,
    ...change,
  };
}

export function outcome(evaluation: string, change: Partial<OutcomeEntry> = {}): OutcomeEntry {
  return {
    kind: 'outcome',
    merchant: 'acme',
    at: AT + 1_000,
    evaluation,
    try: null,
    status: 'failed',
    decline_reason: 'do_not_honor',
    decline_code: null,
    payment_id: 'pay_1',
    contradicted: false,
    told_by: 'answer',
    ...change,
  };
}
