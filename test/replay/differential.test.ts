/**
 * The same attempts through the Worker and its gate, asked by the API and told of their outcomes, and through the replay:
 * line by line the same decisions, for the same reasons, with the same score. The clock is each attempt's own.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { daysOf, firstDay, type Plan } from '../../commands/simulate/calendar.ts';
import { newMerchant } from '../api/backend.ts';
import { LIGHT } from '../support/challenges.ts';
import { hardened, pay, replay, type Seen } from './both-ways.ts';

const PLAN: Plan = {
  seed: 8,
  days: 4,
  quietDays: 0,
  scale: 0.02,
  start: firstDay,
  pastDays: 0,
  only: ['one_ip', 'cvc_cracking'],
};
const ENABLED = { card_ip_blocking_status: 'enabled', guest_user_card_blocking_status: 'enabled' };
const CLASSIC = { ...ENABLED, customer_id_blocking_status: 'shadow', guest_ip_blocking_status: 'enabled' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: firstDay });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['the classic four', { card_testing_guard_config: CLASSIC }, ['allow', 'block']],
  [
    'tight limits, and places that 3-D Secure holds',
    {
      card_testing_guard_config: { ...CLASSIC, card_ip_blocking_threshold: 1, card_testing_guard_expiry: 86_400 },
      reservation_seconds: 3_600,
      max_block_seconds: 7_200,
    },
    ['allow', 'block'],
  ],
  [
    'countries, a score, and a challenge',
    {
      card_testing_guard_config: CLASSIC,
      network: {
        operating_countries: ['NL', 'DE', 'FR', 'US'],
        deny_countries: ['SG'],
        payer_country: true,
        country_mismatch: 'score',
      },
      reputation: { sizes: { card_ip: 60 }, step_up_above: 50 },
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 2 },
    },
    ['allow', 'block', 'challenge'],
  ],
  [
    'the recommended set, with a challenge',
    {
      velocity: 'recommended',
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 4 },
    },
    ['allow', 'block', 'challenge'],
  ],
  [
    "the merchant's own rules, some by what is counted",
    {
      card_testing_guard_config: CLASSIC,
      velocity: [
        {
          name: 'large',
          by: 'ip',
          limit: 3,
          window_seconds: 86_400,
          when: 'attempt.amount > 5000 && !customer.verified',
        },
      ],
      rules: [
        { name: 'late', when: 'counts.guest_ip >= 1 || counts.large >= 2', then: 'challenge' },
        { name: 'early', when: '!customer.verified && attempt.amount < 300 && attempt.hour < 20', then: 'challenge' },
        { name: 'night', when: 'attempt.hour >= 22 && attempt.weekday != 1', then: 'review' },
        { name: 'shadow', when: 'card.scheme == "visa" && card.country != ip.country', then: 'block', mode: 'shadow' },
        { name: 'block', when: 'counts.guest_card >= 1 && attempt.amount % 2 == 0', then: 'block' },
        { name: 'faulty', when: '1 / (attempt.amount % 3) > 0', then: 'review', mode: 'shadow' },
      ],
      step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 2 },
    },
    ['allow', 'block', 'challenge', 'review'],
  ],
  ['a merchant in shadow', { mode: 'shadow', card_testing_guard_config: CLASSIC }, ['allow']],
])('%s', { timeout: 240_000 }, async (_, config, decisions) => {
  const tries = [...daysOf(PLAN)].flat().map(hardened);
  const merchant = await newMerchant(config);
  const live: Seen[] = [];
  for (const one of tries) live.push(...(await pay(merchant, one)));
  const replayed = await replay({ id: merchant, ...config }, tries);
  expect(live.length).toBeGreaterThan(200);
  expect(new Set(live.map(({ decision }) => decision))).toEqual(new Set(decisions));
  expect(replayed).toEqual(live);
});
