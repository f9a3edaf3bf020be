/**
 * The preset for WooCommerce: requests as its checkout block and its classic forms send them, through the whole Worker.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => `pm_1PgafmB7WZ01zgkW${++next}`;

const storeAnswer = (status: string, code: number) => () =>
  Response.json(
    {
      order_id: 146,
      status: 'pending',
      payment_result: { payment_status: status, payment_details: [], redirect_url: '' },
    },
    { status: code },
  );

const address = { first_name: 'A', last_name: 'B', country: 'NL', postcode: '1011AB', email: 'a@example.com' };
const storeBody = (data: readonly object[]) => ({
  billing_address: address,
  shipping_address: address,
  customer_note: '',
  create_account: false,
  payment_method: 'stripe',
  payment_data: data,
  extensions: {},
});
const stripeData = (token: string) => [
  { key: 'payment_method', value: 'stripe' },
  { key: 'wc-stripe-payment-method', value: token },
  { key: 'wc-stripe-is-deferred-intent', value: true },
  { key: 'wc-stripe-new-payment-method', value: false },
];
const store = (token: string, path = '/wp-json/wc/store/v1/checkout'): Sent => ({
  path,
  body: storeBody(stripeData(token)),
  headers: { nonce: '1db3a4c5d6' },
});

const CLASSIC =
  'billing_first_name=A&billing_country=NL&billing_email=a%40example.com&shipping_method%5B0%5D=flat_rate%3A1&payment_method=stripe&terms=on&_wp_http_referer=%2F%3Fwc-ajax%3Dupdate_order_review';
const classic = (path: string, token: string, more = '') => ({
  path,
  body: `${CLASSIC}${more}&wc-stripe-payment-method=${token}&wc-stripe-payment-token=new`,
});
const PLACE = '&woocommerce_checkout_place_order=Place+order';

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('woocommerce');
  origin.answer(storeAnswer('failure', 400));
});
afterEach(() => vi.unstubAllGlobals());

describe('one token is one card, however it comes', () => {
  it.each<[string, (token: string) => Sent]>([
    ['by the block', store],
    ['by the block, under the old name', (t) => store(t, '/wp-json/wc/store/checkout')],
    ['by the block, without permalinks', (t) => store(t, '/?rest_route=%2Fwc%2Fstore%2Fv1%2Fcheckout&_locale=site')],
    ['for an order', (t) => store(t, '/wp-json/wc/store/v1/checkout/146?key=wc_order_x')],
    [
      'as a form to the Store API',
      (t) => ({
        path: '/wp-json/wc/store/v1/checkout',
        body: `payment_method=stripe&payment_data[0][key]=wc-stripe-payment-method&payment_data[0][value]=${t}`,
      }),
    ],
    ['by AJAX', (t) => classic('/?wc-ajax=checkout', t)],
    ['by AJAX on another page', (t) => classic('/nl/kassa/?wc-ajax=checkout', t)],
    ['by the admin’s AJAX', (t) => classic('/wp-admin/admin-ajax.php?action=woocommerce_checkout', t)],
    ['by the page’s form', (t) => classic('/checkout/', t, PLACE)],
    ['by the page’s form, without its slash', (t) => classic('/checkout', t, PLACE)],
    [
      'paying for an order',
      (t) => classic('/checkout/order-pay/146/?pay_for_order=true&key=wc_order_x', t, '&woocommerce_pay=1'),
    ],
    ['stored in an account', (t) => classic('/my-account/add-payment-method/', t, '&woocommerce_add_payment_method=1')],
  ])('%s', async (_, sent) => {
    const token = fresh();
    expect(await countsTogether(origin, store(token), sent(token))).toBe(true);
    expect(await countsTogether(origin, store(fresh()), sent(fresh()))).toBe(false);
  });

  it('and a saved card is one by its number in the shop', async () => {
    const saved = (id: string): Sent => ({
      path: '/wp-json/wc/store/v1/checkout',
      body: storeBody([
        { key: 'wc-stripe-payment-token', value: id },
        { key: 'token', value: id },
        { key: 'isSavedToken', value: true },
      ]),
    });
    expect(await countsTogether(origin, saved('12'), saved('12'))).toBe(true);
    expect(await countsTogether(origin, saved('13'), saved('14'))).toBe(false);
  });

  it('but "new" is nobody’s card', async () => {
    const other = (): Sent => ({ path: '/?wc-ajax=checkout', body: `${CLASSIC}&wc-stripe-payment-token=new` });
    expect(await countsTogether(origin, other(), other())).toBe(false);
  });
});

describe('what is no attempt', () => {
  const batch = (...paths: string[]) => ({
    requests: paths.map((path) => ({ method: 'POST', path, body: { id: 26, quantity: 1 }, headers: { Nonce: 'x' } })),
  });
  it.each<[string, Sent, string]>([
    [
      'a draft of the block',
      { path: '/wp-json/wc/store/v1/checkout', method: 'PUT', body: { customer_note: 'x' } },
      'passed on',
    ],
    [
      'a changed draft',
      { path: '/wp-json/wc/store/v1/checkout?__experimental_calc_totals=true', method: 'PATCH', body: {} },
      'passed on',
    ],
    ['a cart', { path: '/wp-json/wc/store/v1/cart/add-item', body: { id: 26 } }, 'passed on'],
    [
      'a batch for the cart',
      { path: '/wp-json/wc/store/v1/batch', body: batch('/wc/store/v1/cart/add-item') },
      'passed on',
    ],
    [
      'totals',
      { path: '/?wc-ajax=update_order_review', body: 'security=x&payment_method=stripe&country=NL' },
      'passed on',
    ],
    ['a coupon on the page', { path: '/checkout/', body: 'coupon_code=x&apply_coupon=1' }, 'passed on'],
    ['a page', { path: '/checkout/', method: 'GET' }, 'passed on'],
    ['an account', { path: '/my-account/edit-account/', body: 'account_first_name=A' }, 'passed on'],
  ])('%s', async (_, sent, fate) => {
    expect(await fateOf(sent)).toBe(fate);
  });
});

describe('its answers', () => {
  const json = (body: object, status: number) => () => Response.json(body, { status });
  it.each<[string, () => Response, boolean]>([
    ['failure', storeAnswer('failure', 400), true],
    ['error', storeAnswer('error', 500), true],
    ['success', storeAnswer('success', 200), false],
    [
      'a gateway’s complaint',
      json({ code: 'woocommerce_rest_checkout_process_payment_error', message: 'Declined' }, 400),
      true,
    ],
    ['a field that is missing', json({ code: 'rest_invalid_param', data: { status: 400 } }, 400), false],
    ['an old nonce', json({ code: 'woocommerce_rest_invalid_nonce' }, 403), false],
    [
      'an envelope around it',
      json({ body: { payment_result: { payment_status: 'success' } }, status: 200 }, 200),
      true,
    ],
    ['a few fields of it', json({ order_id: 146 }, 200), true],
    ['an outage', json({ code: 'woocommerce_rest_unknown_server_error' }, 500), false],
  ])('of the Store API: %s', async (_, answer, counts) => {
    origin.answer(answer);
    const token = fresh();
    expect(await countsTogether(origin, store(token), store(token))).toBe(counts);
  });

  it.each<[string, () => Response, boolean]>([
    [
      'success',
      json(
        { result: 'success', redirect: 'https://shop.acme.example/checkout/order-received/146/', order_id: 146 },
        200,
      ),
      false,
    ],
    ['failure', json({ result: 'failure', messages: '<ul></ul>', refresh: false, reload: false }, 200), true],
    ['a page in its place', () => new Response('<html>'), true],
  ])('of AJAX: %s', async (_, answer, counts) => {
    origin.answer(answer);
    const token = fresh();
    const sent = classic('/?wc-ajax=checkout', token);
    expect(await countsTogether(origin, sent, sent)).toBe(counts);
  });

  it.each<[string, () => Response, boolean]>([
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: '/checkout/order-received/146/' } }),
      false,
    ],
    ['the page again', () => new Response('<ul class="woocommerce-error">'), true],
  ])('of the page: %s', async (_, answer, counts) => {
    origin.answer(answer);
    const token = fresh();
    const sent = classic('/checkout/', token, PLACE);
    expect(await countsTogether(origin, sent, sent)).toBe(counts);
  });

  it('that wait for the payer hold the card’s place', async () => {
    origin.answer(storeAnswer('pending', 202));
    const ip = freshAddress();
    const token = fresh();
    expect([(await send(store(token), ip)).status, (await send(store(token), ip)).status]).toEqual([202, 429]);
  });
});

describe('a payer who comes back to the order’s page', () => {
  const back: Sent = { path: '/checkout/order-received/146/?key=wc_order_x&payment_intent=pi_1', method: 'GET' };
  const sentTo = (location: string) => () => new Response(null, { status: 302, headers: { location } });

  it.each<[string, () => Response, number]>([
    ['is sent back to the checkout, for the payment failed', sentTo('/checkout/'), 403],
    ['is sent to another page, which tells nothing', sentTo('/my-account/'), 429],
    ['sees the page, which thanks or regrets', () => new Response('<p>order received'), 429],
  ])('%s', async (_, answer, status) => {
    origin.answer(storeAnswer('pending', 202));
    const [ip, token] = [freshAddress(), fresh()];
    await send(store(token), ip);
    origin.answer(answer);
    await send(back, freshAddress());
    expect((await send(store(token), ip)).status).toBe(429);
    await send(back, ip);
    expect((await send(store(token), ip)).status).toBe(status);
  });
});
