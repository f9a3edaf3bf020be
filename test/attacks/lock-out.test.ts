/**
 * Lock a victim out: blocks end, and what one can type for somebody else never blocks.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { runPreset, send } from '../support/preset-shop.ts';
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

it.each([
  ['a saved card', '/checkout/', 'woocommerce_checkout_place_order=1&wc-stripe-payment-token=5'],
  ['an order', '/checkout/order-pay/17/', 'woocommerce_pay=1'],
])('keeps %s usable whose number a stranger counted up to', async (_, path, body) => {
  await runPreset('woocommerce', { card_testing_guard_config: rule('guest_user_card', 1) });
  const page = { status: 200, headers: { 'content-type': 'text/html' } };
  origin.answer(() => new Response('<p>Invalid payment method.</p>', page));
  for (const ip of ['192.0.2.71', '192.0.2.72']) await send({ path, body }, ip);
  expect((await send({ path, body }, '192.0.2.73')).status).toBe(200);
});
