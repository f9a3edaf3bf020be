/**
 * The bodies of the examples: one story, from a new merchant to a payer who is let in again.
 */
const CARD_NUMBER = '4242424242424242';
const EVALUATION_ID = 'ev_019a9b3c4d5e0123456789abcdef0123acme';
const CREATED_AT = '2026-11-21T10:00:00.000Z';
const UNTIL = '2026-11-21T11:00:03.000Z';

export const merchantExample = {
  id: 'acme',
  card_testing_guard_config: {
    card_ip_blocking_status: 'enabled',
    card_ip_blocking_threshold: 3,
    guest_ip_blocking_status: 'enabled',
    guest_ip_blocking_threshold: 10,
  },
};

export const evaluationRequestExample = {
  merchant: 'acme',
  attempt: {
    ip: '203.0.113.9',
    country: 'NL',
    card: { number: CARD_NUMBER },
    email: 'a@example.com',
    amount: 1999,
    currency: 'EUR',
  },
};

export const allowedExample = {
  id: EVALUATION_ID,
  merchant: 'acme',
  decision: 'allow',
  risk_score: 0,
  risk_level: 'not_assessed',
  risk: null,
  reasons: [],
  request_3ds: false,
  challenge: null,
  reservation: { expires_at: '2026-11-21T10:15:00.000Z' },
  retry_after_seconds: null,
  mode: 'enforce',
  config_version: '5f2d0c7a9e1b4c3d8a6f0e9d7c5b3a19',
  created_at: CREATED_AT,
} as const;

export const blockedExample = {
  ...allowedExample,
  decision: 'block',
  reasons: [{ code: 'velocity', rule: 'card_ip', message: '3 failures, limit 3', mode: 'enforce' }],
  reservation: null,
} as const;

export const inFlightExample = {
  ...blockedExample,
  reasons: [{ code: 'in_flight', rule: 'card_ip', message: '2 failures and 1 in flight, limit 3', mode: 'enforce' }],
  retry_after_seconds: 5,
} as const;

export const outcomeRequestExample = {
  status: 'failed',
  decline_reason: 'incorrect_cvc',
  processor_payment_id: 'pay_1001',
} as const;

export const toldExample = {
  ...allowedExample,
  outcome: {
    ...outcomeRequestExample,
    decline_code: null,
    contradicted: false,
    settled_at: '2026-11-21T10:00:03.000Z',
  },
  labels: [],
} as const;

export const keyRequestExample = { name: 'checkout', scopes: ['evaluate', 'report'] } as const;

const keyExample = {
  id: '0123456789abcdef',
  ...keyRequestExample,
  created_at: CREATED_AT,
  created_by: 'admin',
} as const;
export const keysExample = { keys: [keyExample] } as const;
export const newKeyExample = { ...keyExample, key: 'ck_0123456789abcdef…acme' } as const;

const holdExample = {
  id: 'WyJjYXJkX2lwIiwiZnBf4oCmIl0',
  rule: 'card_ip',
  mode: 'enforce',
  state: 'shut',
  card: 'fp_8c1yN0xJ2vQm5tRk7wLz3aBd6eFh9gKj4pSu1oXiYcE',
  ip: '203.0.113.9',
  customer_id: null,
  by: { card: 'fp_8c1yN0xJ2vQm5tRk7wLz3aBd6eFh9gKj4pSu1oXiYcE', ip: '203.0.113.9' },
  counts: 'failures',
  then: 'block',
  failures: 3,
  limit: 3,
  since: '2026-11-21T10:00:03.000Z',
  until: UNTIL,
} as const;
export const blocksExample = { blocks: [{ ...holdExample, denied_by: [] }], next_cursor: null } as const;
export const liftedExample = { lifted: [holdExample], count: 1, shared_holds: [], deny_items: [] } as const;

export const unblockRequestExample = { card: { number: CARD_NUMBER }, ip: '203.0.113.9' } as const;

export const feedRequestExample = { url: 'https://lists.example.com/bad-hosts.txt', refresh_seconds: 3600 } as const;
export const feedTextExample = '# seen last week\n203.0.113.9,85\n198.51.100.0/24\nAS64500,40\n';
export const feedExample = {
  name: 'bad-hosts',
  kind: 'addresses',
  url: null,
  refresh_seconds: null,
  score: 80,
  entries: 3,
  bad_lines: 0,
  faults: [],
  bytes: 83,
  version: '9c1e5b7a30d2f468',
  fetched_at: CREATED_AT,
  checked_at: CREATED_AT,
  is_stale: false,
  last_error: null,
} as const;

/** The least that Stripe's documentation lets an event be. */
export const webhookExample = {
  id: 'evt_1',
  object: 'event',
  type: 'customer.created',
  created: 1_790_000_000,
  data: { object: { id: 'cus_1', object: 'customer' } },
} as const;
