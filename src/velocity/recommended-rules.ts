/**
 * The set that ships as `"velocity": "recommended"`, as a merchant would write it. docs/velocity.md says why each number
 * is what it is. Blocks come first: whoever is shut out is not asked to solve anything.
 */
const HOURLY = { window: 'sliding', window_seconds: 3_600 } as const;
const DAILY = { window: 'sliding', window_seconds: 86_400 } as const;
const CARDS = { count: 'distinct_cards', of: 'failures' } as const;
const CUSTOMERS = { count: 'distinct_customers', of: 'failures' } as const;
const ASK = { then: 'challenge', in_flight: 'ignore' } as const;
const GUESTS = { audience: 'guests' } as const;
const BY_CARD = ['card'] as const;
const BY_IP = ['ip'] as const;
const BY_PREFIX = ['ip_prefix'] as const;
const BY_CUSTOMER = ['customer'] as const;

export const RECOMMENDED_RULES = [
  { name: 'cvc_per_card', by: BY_CARD, decline_reasons: ['incorrect_cvc'], ...DAILY, limit: 4 },
  { name: 'cards_per_ip_block', by: BY_IP, ...CARDS, ...HOURLY, ...GUESTS, limit: 10 },
  {
    name: 'cards_per_ipv6_prefix_block',
    by: BY_PREFIX,
    ...CARDS,
    ...HOURLY,
    ...GUESTS,
    limit: 10,
    block_seconds: 3_600,
    when: 'ip.is_ipv6',
  },
  { name: 'cards_per_customer_block', by: BY_CUSTOMER, ...CARDS, ...DAILY, limit: 12 },
  { name: 'cards_per_ip', by: BY_IP, ...CARDS, ...HOURLY, ...ASK, limit: 4 },
  {
    name: 'cards_per_ip_days',
    by: BY_IP,
    ...CARDS,
    window: 'sliding',
    window_seconds: 259_200,
    ...ASK,
    ...GUESTS,
    limit: 6,
  },
  { name: 'cards_per_ip_prefix', by: BY_PREFIX, ...CARDS, ...HOURLY, ...ASK, limit: 20 },
  { name: 'cards_per_customer', by: BY_CUSTOMER, ...CARDS, ...DAILY, ...ASK, limit: 7 },
  { name: 'cards_per_email', by: ['email'], ...CARDS, ...DAILY, ...ASK, ...GUESTS, limit: 4 },
  { name: 'cards_per_session', by: ['session'], ...CARDS, ...DAILY, ...ASK, ...GUESTS, limit: 4 },
  { name: 'cards_per_device', by: ['device'], ...CARDS, ...DAILY, ...ASK, ...GUESTS, limit: 4 },
  { name: 'customers_per_ip', by: BY_IP, ...CUSTOMERS, ...DAILY, ...ASK, limit: 3 },
  { name: 'customers_per_ip_prefix', by: BY_PREFIX, ...CUSTOMERS, ...HOURLY, ...ASK, limit: 5 },
  {
    name: 'small_amounts_per_ip_prefix',
    by: BY_PREFIX,
    ...CARDS,
    ...DAILY,
    ...ASK,
    limit: 3,
    when: 'attempt.amount > 0 && attempt.amount < 500',
  },
  {
    name: 'stored_cards_per_ip',
    by: BY_IP,
    ...CARDS,
    ...DAILY,
    ...ASK,
    limit: 2,
    when: 'attempt.kind == "setup"',
  },
  {
    name: 'failures_per_bin',
    by: ['bin'],
    count: 'weighted_failures',
    window: 'sliding',
    window_seconds: 600,
    ...ASK,
    limit: 30,
    when: 'attempt.kind != "renewal"',
  },
] as const;
