/**
 * The preset for Saleor: requests as its storefronts send them, and results of its own types.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';

const INITIALIZE = `mutation TransactionInitialize($checkoutId: ID!, $paymentGateway: PaymentGatewayToInitialize!, $amount: PositiveDecimal) {
  transactionInitialize(id: $checkoutId, paymentGateway: $paymentGateway, amount: $amount) {
    transaction { id actions }
    transactionEvent { message type }
    data
    errors { field code message }
  }
}`;
const COMPLETE = `mutation CheckoutComplete($id: ID!) {
  checkoutComplete(id: $id) { errors { message field code __typename } order { id __typename } __typename }
}`;

let origin: StandInOrigin;
let next = 0;
const fresh = () => btoa(`Checkout:${++next}`);
const api = (body: object): Sent => ({ path: '/graphql/', body });
const initialize = (checkoutId: string): Sent => {
  const paymentGateway = {
    id: 'app.saleor.adyen',
    data: { paymentMethod: { type: 'scheme', encryptedCardNumber: 'eyJ' } },
  };
  return api({
    query: INITIALIZE,
    operationName: 'TransactionInitialize',
    variables: { checkoutId, paymentGateway, amount: 19.99 },
  });
};
const process = (id: string) =>
  api({
    query: `mutation ($id: ID!, $data: JSON) { transactionProcess(id: $id, data: $data) { transaction { id } transactionEvent { type message } errors { code } } }`,
    variables: { id, data: { details: { redirectResult: 'x' } } },
  });
const complete = (id: string) => api({ query: COMPLETE, variables: { id } });
const tokenize = (id: string) =>
  api({
    query: `mutation { paymentMethodProcessTokenization(id: "${id}", channel: "nl", data: {}) { result id errors { code } } }`,
  });

const answer = (field: string, result: unknown, status = 200) =>
  origin.answer(() => Response.json({ data: { [field]: result } }, { status }));
const event = (type: string | null, ...codes: string[]) => ({
  transaction: type === null ? null : { id: 'VHJhbnNhY3Rpb246MQ==', actions: [] },
  transactionEvent: type === null ? null : { message: 'Refused', type },
  data: null,
  errors: codes.map((code) => ({ field: 'id', code, message: 'x' })),
});
const order = (is: boolean, ...codes: string[]) => ({
  order: is ? { id: 'T3JkZXI6MQ==', __typename: 'Order' } : null,
  errors: codes.map((code) => ({ code, field: null, message: 'x' })),
});

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('saleor');
  answer('transactionInitialize', event('CHARGE_FAILURE'));
});
afterEach(() => vi.unstubAllGlobals());

it('counts a checkout that is tried again and again, and no other', async () => {
  const checkout = fresh();
  expect(await countsTogether(origin, initialize(checkout), initialize(checkout))).toBe(true);
  expect(await countsTogether(origin, initialize(fresh()), initialize(fresh()))).toBe(false);
});

it('counts a checkout under whatever alias, each by itself', async () => {
  const checkout = fresh();
  const one = (alias: string) =>
    `${alias}: transactionInitialize(id: "${checkout}", paymentGateway: {id: "x"}) { transactionEvent { type } errors { code } }`;
  expect(await fateOf(api({ query: `mutation { ${one('a')} }` }))).toBe('judged');
  expect(await fateOf(api({ query: `mutation { ${one('a')} ${one('b')} }` }))).toBe('refused: attempt_in_flight');
});

describe('its results', () => {
  it.each<[string, string, unknown, boolean]>([
    ['a charge that failed', 'transactionInitialize', event('CHARGE_FAILURE'), true],
    ['an authorization that failed', 'transactionInitialize', event('AUTHORIZATION_FAILURE'), true],
    ['a charge', 'transactionInitialize', event('CHARGE_SUCCESS'), false],
    ['an authorization', 'transactionInitialize', event('AUTHORIZATION_SUCCESS'), false],
    ['no such checkout', 'transactionInitialize', event(null, 'NOT_FOUND'), false],
    ['an error of tomorrow', 'transactionInitialize', event(null, 'MOON'), true],
    ['an event of tomorrow', 'transactionInitialize', event('CHARGE_MOON'), true],
    ['nothing', 'transactionInitialize', null, true],
    ['a failure of a step', 'transactionProcess', event('CHARGE_FAILURE'), true],
    ['the success of a step', 'transactionProcess', event('CHARGE_SUCCESS'), false],
    ['an order', 'checkoutComplete', order(true), false],
    ['a payment that was refused', 'checkoutComplete', order(false, 'PAYMENT_ERROR'), true],
    ['a checkout that is not paid', 'checkoutComplete', order(false, 'CHECKOUT_NOT_FULLY_PAID'), false],
    ['a checkout without an address', 'checkoutComplete', order(false, 'SHIPPING_ADDRESS_NOT_SET'), false],
    ['neither order nor error', 'checkoutComplete', order(false), true],
    [
      'a card that was stored',
      'paymentMethodProcessTokenization',
      { result: 'SUCCESSFULLY_TOKENIZED', id: 'pm_1' },
      false,
    ],
    ['a card that was not', 'paymentMethodProcessTokenization', { result: 'FAILED_TO_TOKENIZE' }, true],
    ['a card that was never asked about', 'paymentMethodProcessTokenization', { result: 'FAILED_TO_DELIVER' }, false],
  ])('%s', async (_, field, result, counts) => {
    answer(field, result);
    const requests: Readonly<Record<string, (id: string) => Sent>> = {
      transactionInitialize: initialize,
      transactionProcess: process,
      checkoutComplete: complete,
      paymentMethodProcessTokenization: tokenize,
    };
    const sent = requests[field]?.(fresh()) ?? api({});
    expect(await countsTogether(origin, sent, sent)).toBe(counts);
  });

  it.each(['CHARGE_ACTION_REQUIRED', 'AUTHORIZATION_REQUEST'])(
    'that waits for the payer holds its place: %s',
    async (type) => {
      answer('transactionInitialize', event(type));
      const [ip, sent] = [freshAddress(), initialize(fresh())];
      expect([(await send(sent, ip)).status, (await send(sent, ip)).status]).toEqual([200, 429]);
    },
  );
});

describe('what pays nothing passes by', () => {
  it.each<[string, Sent]>([
    [
      'the shop',
      api({
        query: 'query Products($first: Int!) { products(first: $first, channel: "nl") { edges { node { id } } } }',
        variables: { first: 12 },
      }),
    ],
    [
      'a line',
      api({
        query: 'mutation { checkoutLinesAdd(id: "x", lines: [{quantity: 1, variantId: "y"}]) { errors { code } } }',
      }),
    ],
    [
      'the form of a payment app',
      api({ query: 'mutation { paymentGatewayInitialize(id: "x") { gatewayConfigs { id data } errors { code } } }' }),
    ],
    ['a batch of queries', api([{ query: '{ me { id } }' }, { query: '{ shop { name } }' }])],
    ['the thumbnails', { path: '/thumbnail/1/256/', method: 'GET' }],
  ])('%s', async (_, sent) => {
    const ip = freshAddress();
    for (let n = 0; n < 3; n++) expect(await fateOf(sent, ip)).toBe('passed on');
  });
});
