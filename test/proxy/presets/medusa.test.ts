/**
 * The preset for Medusa: requests as its storefronts send them, answers in its own shapes, through the whole Worker.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => `cart_01J${++next}`;
const answer = (body: object, status = 200) => origin.answer(() => Response.json(body, { status }));
const cartError = (type: string) => ({
  type: 'cart',
  cart: { id: 'cart_1' },
  error: { message: 'x', name: 'Error', type },
});

const complete = (cart: string, body: object | string | null = null): Sent => ({
  path: `/store/carts/${cart}/complete`,
  body,
  headers: { 'x-publishable-api-key': 'pk_1', 'content-type': 'application/json' },
});
const session = (data: object = {}): Sent => ({
  path: '/store/payment-collections/pay_col_1/payment-sessions',
  body: { provider_id: 'pp_stripe_stripe', ...data },
});

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('medusa');
  answer(cartError('payment_authorization_error'));
});
afterEach(() => vi.unstubAllGlobals());

it('counts a cart that is completed again and again, and no other', async () => {
  const cart = fresh();
  expect(await countsTogether(origin, complete(cart), complete(cart, {}))).toBe(true);
  expect(await countsTogether(origin, complete(fresh()), complete(fresh()))).toBe(false);
});

describe('what is no attempt', () => {
  it.each<[string, Sent, string]>([
    ['a session', session(), 'passed on'],
    ['a session for a stored card', session({ data: { payment_method: 'pm_1' } }), 'judged'],
    ['a collection', { path: '/store/payment-collections', body: { cart_id: 'cart_1' } }, 'passed on'],
    ['a line', { path: '/store/carts/cart_1/line-items', body: { variant_id: 'v', quantity: 1 } }, 'passed on'],
    ['a cart', { path: '/store/carts/cart_1', body: { email: 'a@example.com' } }, 'passed on'],
  ])('%s', async (_, sent, fate) => {
    const ip = freshAddress();
    for (let n = 0; n < 3; n++) expect(await fateOf(sent, ip)).toBe(fate);
  });
});

describe('its answers', () => {
  it.each<[string, object, number, boolean]>([
    ['a payment that was not authorized', cartError('payment_authorization_error'), 200, true],
    ['an order', { type: 'order', order: { id: 'order_1' } }, 200, false],
    ['a cart without an address', { type: 'invalid_data', message: 'No shipping address' }, 400, false],
    ['no such cart', { type: 'not_found', message: 'x' }, 404, false],
    ['an error of tomorrow', cartError('payment_moon_error'), 200, true],
    ['an outage', { type: 'unknown_error', message: 'x' }, 500, false],
  ])('%s', async (_, body, status, counts) => {
    answer(body, status);
    const cart = fresh();
    expect(await countsTogether(origin, complete(cart), complete(cart))).toBe(counts);
  });

  it('that wait for the payer hold the cart’s place', async () => {
    answer(cartError('payment_requires_more_error'));
    const ip = freshAddress();
    const cart = fresh();
    expect([(await send(complete(cart), ip)).status, (await send(complete(cart), ip)).status]).toEqual([200, 429]);
  });
});
