/**
 * Stop at 3-D Secure: the card is known to live, and nothing was declined.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  origin.answer(answers.needAction);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('holds the address while payments are parked, and counts half of each when they are abandoned', async () => {
  await putAcme({ card_testing_guard_config: rule('guest_ip', 3), reservation_seconds: 60 });
  const from = async (card: string | undefined) => (await pay({ card: card ?? '', ip: '192.0.2.5' })).status;
  const deck = cards(40);
  expect([await from(deck[0]), await from(deck[1]), await from(deck[2]), await from(deck[3])]).toEqual([
    200, 200, 200, 429,
  ]);
  vi.setSystemTime(Date.now() + 61_000);
  expect([await from(deck[4]), await from(deck[5]), await from(deck[6])]).toEqual([200, 200, 429]); // 1.5 + 2 ≥ 3
  vi.setSystemTime(Date.now() + 61_000);
  expect([await from(deck[7]), await from(deck[8])]).toEqual([200, 429]); // 2.5 + 1 ≥ 3
  vi.setSystemTime(Date.now() + 61_000);
  expect(await from(deck[9])).toBe(403);
});
