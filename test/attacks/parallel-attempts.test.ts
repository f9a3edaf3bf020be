/**
 * Fire many attempts in parallel before the first failure is written.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay } from '../support/shopper.ts';

let origin: StandInOrigin;

beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it.for([
  {
    prefix: 'card_ip',
    label: 'one card from one address',
    tries: () => Array.from({ length: 50 }, () => ({ ip: '198.51.100.1' })),
  },
  {
    prefix: 'guest_user_card',
    label: 'one card from fifty addresses',
    tries: () => Array.from({ length: 50 }, (_, i) => ({ ip: `198.51.100.${i + 1}`, card: '5555555555554444' })),
  },
  {
    prefix: 'guest_ip',
    label: 'fifty cards from one address',
    tries: () => cards(50).map((card) => ({ card, ip: '198.51.100.2' })),
  },
] as const)('lets exactly three of fifty through: $label', async ({ prefix, tries }) => {
  await putAcme({ card_testing_guard_config: rule(prefix, 3) });
  const release = origin.hold(answers.decline);
  const sent = tries().map((attempt) => pay(attempt));
  await vi.waitFor(() => expect(origin.arrived.length).toBe(3));
  release();
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 402)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(47);
  expect(origin.arrived).toHaveLength(3);
  expect((await pay(tries()[0])).status).toBe(403);
});

it('counts the same card however its number is typed', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 2) });
  origin.answer(answers.decline);
  const ip = '198.51.100.3';
  await pay({ ip, card: CARD });
  await pay({ ip, card: '4242 4242 4242 4242' });
  expect((await pay({ ip, card: '4242-4242-4242-4242' })).status).toBe(403);
});
