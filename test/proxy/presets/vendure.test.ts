/**
 * The preset for Vendure: requests as its storefronts send them, results of its own types, through the whole Worker.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';
import { ADD_PAYMENT, addPayment, STARTERS, shopApi, starterPayment } from './vendure-requests.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => ({ nonce: `nonce-${++next}` });
const answer = (result: unknown) => origin.answer(() => Response.json({ data: { addPaymentToOrder: result } }));
const refusal = (type: string) => ({ __typename: type, errorCode: 'X', message: 'x', paymentErrorMessage: 'declined' });
const ORDER = { __typename: 'Order', id: '7', code: 'T3D8JTKNDM7J', state: 'PaymentSettled' };

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('vendure');
  answer(refusal('PaymentDeclinedError'));
});
afterEach(() => vi.unstubAllGlobals());

describe('a payment', () => {
  it.each<[string, object]>([
    ['by Braintree’s nonce', { nonce: 'tokencc_bh_1' }],
    ['by a token', { token: 'tok_1Pgafm' }],
    ['by a processor’s payment method', { paymentMethodId: 'pm_1Pgafm' }],
    ['by a card number', { card: { number: '4242 4242 4242 4242', cvv: '123' } }],
    ['by a card number of its own', { cardNumber: '5555555555554444' }],
  ])('%s counts for its card', async (_, metadata) => {
    const sent = addPayment(metadata);
    expect(await countsTogether(origin, sent, sent)).toBe(true);
    expect(await countsTogether(origin, sent, addPayment(fresh()))).toBe(false);
  });

  it('without any card is judged', async () => {
    expect(await fateOf(addPayment({ shouldDecline: false }))).toBe('judged');
  });

  it('in Vendure’s language parameter goes on with it', async () => {
    await send({ ...addPayment(fresh()), path: '/shop-api?languageCode=de' }, freshAddress());
    expect(origin.arrived[0]?.url).toMatch(/\/shop-api\?languageCode=de$/);
  });

  it('of one document with the rest of the checkout is one', async () => {
    const query = `mutation Checkout($input: PaymentInput!) {
      transitionOrderToState(state: "ArrangingPayment") { __typename ... on Order { id } }
      addPaymentToOrder(input: $input) { ...Paid __typename ... on ErrorResult { errorCode message } }
    }
    fragment Paid on Order { __typename id code state payments { id method amount state } }`;
    const variables = { input: { method: 'braintree', metadata: fresh() } };
    const sent = shopApi({ query, variables, operationName: 'Checkout' });
    expect(await countsTogether(origin, sent, sent)).toBe(true);
  });
});

describe('its results', () => {
  it.each<[string, unknown, boolean]>([
    ['a decline', refusal('PaymentDeclinedError'), true],
    ['a failure', refusal('PaymentFailedError'), true],
    ['an order', ORDER, false],
    ['an order whose payment is authorised', { ...ORDER, state: 'PaymentAuthorized' }, false],
    ['an order in a state of the shop’s own', { ...ORDER, state: 'AwaitingFunds' }, false],
    ['a decline by its code alone', { errorCode: 'PAYMENT_DECLINED_ERROR', message: 'x' }, true],
    ['a failure by its code alone', { errorCode: 'PAYMENT_FAILED_ERROR', message: 'x' }, true],
    ['an order that is not ready, by its code alone', { errorCode: 'ORDER_PAYMENT_STATE_ERROR', message: 'x' }, false],
    ['an error of tomorrow, by its code alone', { errorCode: 'PAYMENT_MOON_ERROR', message: 'x' }, true],
    ['an order that is not ready', refusal('OrderPaymentStateError'), false],
    ['a method that is not for this order', refusal('IneligiblePaymentMethodError'), false],
    ['a state that cannot be', refusal('OrderStateTransitionError'), false],
    ['no order', refusal('NoActiveOrderError'), false],
    ['an error of tomorrow', refusal('PaymentMoonError'), true],
    ['nothing', null, true],
  ])('%s', async (_, result, counts) => {
    answer(result);
    const sent = addPayment(fresh());
    expect(await countsTogether(origin, sent, sent)).toBe(counts);
  });

  it('an order that is still to be paid waits, and is no success', async () => {
    answer({ ...ORDER, state: 'ArrangingPayment' });
    const ip = freshAddress();
    const sent = addPayment(fresh());
    expect((await send(sent, ip)).status).toBe(200);
    expect(await fateOf(sent, ip)).toBe('refused: attempt_in_flight');
    expect(origin.arrived).toHaveLength(1);
  });

  it('an error thrown on the way', async () => {
    const errors = [{ message: 'x', path: ['addPaymentToOrder'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }];
    origin.answer(() => Response.json({ errors, data: null }));
    const sent = addPayment(fresh());
    expect(await countsTogether(origin, sent, sent)).toBe(true);
  });

  it('an outage', async () => {
    origin.answer(() => Response.json({ errors: [{ message: 'x' }] }, { status: 500 }));
    const sent = addPayment(fresh());
    expect(await countsTogether(origin, sent, sent)).toBe(false);
  });
});

describe.each(Object.keys(STARTERS))('the storefront for %s', (starter) => {
  const paysAndAnswers = async (result: object) => {
    answer(result);
    const sent = starterPayment(starter, fresh());
    return countsTogether(origin, sent, sent);
  };

  it('is understood', async () => {
    expect(await paysAndAnswers({ errorCode: 'PAYMENT_DECLINED_ERROR', message: 'x' })).toBe(true);
    expect(await paysAndAnswers({ errorCode: 'NO_ACTIVE_ORDER_ERROR', message: 'x' })).toBe(false);
    expect(await paysAndAnswers({ id: '7', code: 'T3D8JTKNDM7J', state: 'PaymentSettled' })).toBe(false);
    expect(await paysAndAnswers({ id: '7', code: 'T3D8JTKNDM7J', state: 'ArrangingPayment' })).toBe(true);
  });
});

describe('what pays nothing passes by', () => {
  it.each<[string, Sent]>([
    ['the shop', shopApi({ query: '{ search(input: {term: "shoe"}) { items { productName } } }' })],
    ['the active order', shopApi({ query: 'query { activeOrder { ...Cart } } fragment Cart on Order { id code }' })],
    [
      'a line of it',
      shopApi({
        query:
          'mutation Add($id: ID!, $n: Int!) { addItemToOrder(productVariantId: $id, quantity: $n) { __typename } }',
        variables: { id: '42', n: 1 },
      }),
    ],
    ['a login', shopApi({ query: 'mutation { login(username: "a@example.com", password: "x") { __typename } }' })],
    [
      'an address',
      shopApi({
        query: 'mutation ($i: CreateAddressInput!) { setOrderShippingAddress(input: $i) { __typename } }',
        variables: { i: { phoneNumber: '+31 20 1234567', postalCode: '1012 AB' } },
      }),
    ],
    [
      'the form of its payments',
      shopApi({ query: '{ __type(name: "PaymentInput") { name } eligiblePaymentMethods { code } }' }),
    ],
    ['the admin API', { path: '/admin-api', body: { query: ADD_PAYMENT } }],
  ])('%s', async (_, sent) => {
    const ip = freshAddress();
    for (let n = 0; n < 3; n++) expect(await fateOf(sent, ip)).toBe('passed on');
  });

  it('a query in a URL', async () => {
    const search = new URLSearchParams({ query: '{ activeOrder { id } }' });
    expect(await fateOf({ path: `/shop-api?${search}`, method: 'GET' })).toBe('passed on');
    expect(await fateOf({ path: '/shop-api', method: 'OPTIONS' })).toBe('passed on');
  });
});
