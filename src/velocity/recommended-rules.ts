/**
 * The set that ships as `"velocity": "recommended"`, as a merchant would write it. docs/velocity.md says why each number
 * is what it is. Blocks come first: whoever is shut out is not asked to solve anything.
 */
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

const OF_CARDS = { count: 'distinct_cards', of: 'failures' } as const;
const HOURLY = { window: 'sliding', window_seconds: HOUR_SECONDS } as const;
const ASK = { then: 'challenge', in_flight: 'ignore' } as const;

export const RECOMMENDED_RULES = [
  {
    name: 'cvc_per_card',
    by: ['card'],
    decline_reasons: ['incorrect_cvc'],
    limit: 4,
    window_seconds: DAY_SECONDS,
  },
  { name: 'cards_per_customer', by: ['customer'], ...OF_CARDS, limit: 4, window_seconds: DAY_SECONDS },
  { name: 'cards_per_ip_block', by: ['ip'], ...OF_CARDS, ...HOURLY, limit: 10, audience: 'guests' },
  {
    name: 'cards_per_ip_prefix_block',
    by: ['ip_prefix'],
    ...OF_CARDS,
    ...HOURLY,
    limit: 20,
    block_seconds: HOUR_SECONDS,
    audience: 'guests',
  },
  { name: 'cards_per_ip', by: ['ip'], ...OF_CARDS, ...HOURLY, ...ASK, limit: 3, audience: 'guests' },
  { name: 'cards_per_ip_prefix', by: ['ip_prefix'], ...OF_CARDS, ...HOURLY, ...ASK, limit: 6, audience: 'guests' },
  { name: 'cards_per_email', by: ['email'], ...OF_CARDS, ...ASK, limit: 3, window_seconds: DAY_SECONDS },
  { name: 'cards_per_session', by: ['session'], ...OF_CARDS, ...ASK, limit: 3, window_seconds: DAY_SECONDS },
  { name: 'cards_per_device', by: ['device'], ...OF_CARDS, ...ASK, limit: 3, window_seconds: DAY_SECONDS },
  {
    name: 'emails_per_ip_prefix',
    by: ['ip_prefix'],
    count: 'distinct_emails',
    of: 'failures',
    ...HOURLY,
    ...ASK,
    limit: 5,
  },
  {
    name: 'customers_per_ip_prefix',
    by: ['ip_prefix'],
    count: 'distinct_customers',
    of: 'failures',
    ...HOURLY,
    ...ASK,
    limit: 4,
  },
  {
    name: 'failures_per_bin',
    by: ['bin'],
    count: 'weighted_failures',
    window: 'sliding',
    window_seconds: 600,
    ...ASK,
    limit: 30,
  },
] as const;
