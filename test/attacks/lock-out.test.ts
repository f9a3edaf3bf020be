/**
 * Lock a victim out: blocks end, and what one can type for somebody else never blocks.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

it('ends a block after its longest life, however often a logged-in payer fails the card meanwhile', async () => {
  const card = cards(1)[0] ?? '';
  await putAcme({
    card_testing_guard_config: { ...rule('guest_user_card', 2), card_testing_guard_expiry: 3600 },
    max_block_seconds: 7200,
  });
  const fail = () => pay({ card, customer: 'the one who holds it shut' });
  await fail();
  await fail();
  for (let hour = 0; hour < 4; hour++) {
    expect((await pay({ card })).status, `after ${hour} half-hours`).toBe(403);
    await fail();
    passSeconds(1800);
  }
  passSeconds(1);
  expect((await pay({ card })).status).toBe(402);
});

it('keeps a customer’s own card usable after strangers burnt it', async () => {
  const card = cards(2)[1] ?? '';
  await putAcme({ card_testing_guard_config: { ...rule('guest_user_card', 1), ...rule('card_ip', 3) } });
  await pay({ card, ip: '192.0.2.66' });
  expect((await pay({ card, ip: '192.0.2.67' })).status).toBe(403);
  origin.answer(answers.succeed);
  expect((await pay({ card, ip: '192.0.2.68', customer: 'the card’s owner' })).status).toBe(200);
});
