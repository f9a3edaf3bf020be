/**
 * The bodies of the examples about the record.
 */
import { blockedExample } from './openapi-examples.ts';

const NOTHING = { values: { allow: 0, review: 0, challenge: 0, block: 0 }, other: 0 } as const;

const decisionExample = {
  id: blockedExample.id,
  created_at: blockedExample.created_at,
  decision: 'block',
  would_be: 'block',
  mode: 'enforce',
  source: 'proxy',
  route: 'pay',
  kind: 'payment',
  country: 'NL',
  asn: 1136,
  ip: '203.0.113.9',
  bin: '424242',
  card: 'fp_8c1yN0xJ2vQm5tRk7wLz3aBd6eFh9gKj4pSu1oXiYcE',
  customer_id: null,
  session: null,
  amount: 1999,
  currency: 'EUR',
  risk_score: 0,
  risk_level: 'not_assessed',
  reasons: blockedExample.reasons,
  outcome: null,
  labels: [],
  repeats: null,
  config_version: blockedExample.config_version,
} as const;

export const decisionsExample = { decisions: [decisionExample], next_cursor: null } as const;

export const explanationExample = {
  ...decisionExample,
  merchant: 'acme',
  ip_prefix: '203.0.113.0/24',
  rules: [
    { rule: 'card_ip', mode: 'enforce', state: 'shut', count: 3, in_flight: 0, limit: 3 },
    { rule: 'guest_ip', mode: 'enforce', state: 'open', count: 3, in_flight: 0, limit: 10 },
  ],
  shadow: { would_be: 'block', reasons: [] },
  risk: null,
  lease: null,
  challenge: null,
  challenges: [],
  timing: { read_seconds: 0.001, judge_seconds: 0.004, origin_seconds: null },
  origin_status: null,
  completion: 'refused',
  tries: [],
} as const;

export const statsExample = {
  from: '2026-11-21T09:00:00.000Z',
  to: '2026-11-21T11:00:00.000Z',
  span: 'hour',
  what: 'decision',
  buckets: [
    { start: '2026-11-21T09:00:00.000Z', ...NOTHING },
    { start: '2026-11-21T10:00:00.000Z', values: { ...NOTHING.values, allow: 40, block: 3 }, other: 0 },
  ],
  decisions: [
    { decision: 'allow', count: 40, would_be: 38 },
    { decision: 'review', count: 0, would_be: 0 },
    { decision: 'challenge', count: 0, would_be: 0 },
    { decision: 'block', count: 3, would_be: 5 },
  ],
  amounts: [{ currency: 'EUR', decision: 'allow', count: 40, amount: 79960 }],
  rules: [
    { rule: 'velocity', enforced: 3, shadow: 2 },
    { rule: 'velocity:card_ip', enforced: 3, shadow: 0 },
    { rule: 'velocity:guest_ip', enforced: 0, shadow: 2 },
  ],
  challenges: [
    {
      method: 'turnstile',
      asked: 20,
      passed: 14,
      failed: 2,
      abandoned: 6,
      countries: [{ country: 'NL', asked: 18, passed: 13 }],
    },
  ],
  top: {
    outcome: [
      { value: 'succeeded', count: 36 },
      { value: 'failed', count: 4 },
    ],
    decline_reason: [{ value: 'incorrect_cvc', count: 4 }],
    country: [{ value: 'NL', count: 43 }],
    route: [{ value: 'pay', count: 43 }],
    challenge: [],
  },
} as const;
