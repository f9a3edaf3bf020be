/**
 * Pass one card off as another: a request that names two cards at once joins nothing, for the client says so alone.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { confirm, step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards } from '../support/shopper.ts';

const [tester = '', victim = '', other = ''] = cards(3);

let origin: StandInOrigin;
let made = 0;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme({
    routes: stepRoutes({ continues: false }),
    card_testing_guard_config: rule('guest_user_card', 1),
    key_version: ++made,
  });
});
afterEach(() => vi.unstubAllGlobals());

const charge = async (body: object) =>
  (await step('/payments', { confirm: true, ...body }, { ip: freshAddress() })).status;
const failing = () => origin.answer(() => told.failed(`pay_f${++made}`));

it('a number beside somebody’s token does not make the token’s failures the number’s', async () => {
  origin.answer(() => told.succeeded(`pay_s${++made}`));
  expect(await charge({ card: { number: tester }, token: 'pm_victim' })).toBe(200);
  failing();
  expect(await charge({ card: { number: tester } })).toBe(402);
  expect(await charge({ card: { number: tester } })).toBe(403);
  expect(await charge({ token: 'pm_victim' })).toBe(402);
});

it('a number confirmed on somebody’s payment leaves the card that is attached there alone', async () => {
  origin.answer(() => told.made('pay_of_victim'));
  await step('/payments', { card: { number: victim } }, { ip: freshAddress() });
  origin.answer(() => told.invalid('pay_of_victim'));
  await step('/payments/pay_of_victim/confirm', { card: { number: other } }, { ip: freshAddress() });
  failing();
  expect(await charge({ card: { number: victim } })).toBe(402);
  expect((await confirm('pay_of_victim', { ip: freshAddress() })).status).toBe(403);
});

it('a body with two numbers is not read at all', async () => {
  expect(await charge({ card: { number: tester }, cards: [{ number: victim }] })).toBe(400);
  expect(origin.arrived).toEqual([]);
});
