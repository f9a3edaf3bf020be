/**
 * The preset for Stripe: requests as its libraries send them, answers in its own shapes, through the whole Worker.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';
import { cards } from '../../support/shopper.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => cards(150)[++next] ?? '';
const answer = (body: object, status = 200) => origin.answer(() => Response.json(body, { status }));
const declined = {
  error: {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    charge: 'ch_1',
    payment_intent: { id: 'pi_1', status: 'requires_payment_method' },
  },
};

const form = (path: string, body: string): Sent => ({ path: `/v1/${path}`, body });
const INTENT = 'amount=1999&currency=eur&payment_method_types[0]=card';
const cardOf = (n: string, at: string) => `${at}[number]=${n}&${at}[exp_month]=12&${at}[exp_year]=2030&${at}[cvc]=123`;
const data = (n: string) => `payment_method_data[type]=card&${cardOf(n, 'payment_method_data[card]')}`;
const pay = (n: string) => form('payment_intents', `${INTENT}&confirm=true&${data(n)}`);
const payBy = (token: string) => form('payment_intents', `${INTENT}&confirm=true&payment_method=${token}`);

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('stripe');
  answer(declined, 402);
});
afterEach(() => vi.unstubAllGlobals());

describe('one number is one card, however it comes', () => {
  it.each<[string, (number: string) => Sent]>([
    ['confirmed at once', pay],
    ['confirmed later', (n) => form('payment_intents/pi_1/confirm', data(n))],
    ['set up', (n) => form('setup_intents', `confirm=true&${data(n)}`)],
    ['set up later', (n) => form('setup_intents/seti_1/confirm', data(n))],
    ['charged', (n) => form('charges', `amount=1&currency=eur&source[object]=card&${cardOf(n, 'source')}`)],
    ['charged under the old name', (n) => form('charges', `amount=1&currency=eur&${cardOf(n, 'card')}`)],
    ['put on a customer', (n) => form('customers/cus_1/sources', `source[object]=card&${cardOf(n, 'source')}`)],
    ['put on a customer as a card', (n) => form('customers/cus_1/cards', cardOf(n, 'card'))],
    [
      'put on a new customer',
      (n) => form('customers', `email=a@example.com&source[object]=card&${cardOf(n, 'source')}`),
    ],
    ['put on a known customer', (n) => form('customers/cus_1', `source[object]=card&${cardOf(n, 'source')}`)],
  ])('%s', async (_, sent) => {
    const number = fresh();
    expect(await countsTogether(origin, pay(number), sent(number))).toBe(true);
    expect(await countsTogether(origin, pay(fresh()), sent(fresh()))).toBe(false);
  });
});

describe('one token is one card', () => {
  it.each<[string, (token: string) => Sent]>([
    ['at once', payBy],
    ['later', (t) => form('payment_intents/pi_1/confirm', `payment_method=${t}`)],
    ['as a source', (t) => form('charges', `amount=1&currency=eur&source=${t}`)],
    ['within its data', (t) => form('payment_intents', `${INTENT}&confirm=true&payment_method_data[card][token]=${t}`)],
    ['attached to a customer', (t) => form(`payment_methods/${t}/attach`, 'customer=cus_1')],
    ['for an invoice', (t) => form('invoices/in_1/pay', `payment_method=${t}`)],
  ])('%s', async (_, sent) => {
    const token = `pm_1${fresh().slice(-6)}`;
    expect(await countsTogether(origin, payBy(token), sent(token))).toBe(true);
    expect(await countsTogether(origin, payBy(`${token}a`), sent(`${token}b`))).toBe(false);
  });

  it('and one intent is one card, where its confirmation says nothing', async () => {
    const confirm = (id: string): Sent => ({ path: `/v1/payment_intents/${id}/confirm` });
    expect(await countsTogether(origin, confirm('pi_7'), confirm('pi_7'))).toBe(true);
    expect(await countsTogether(origin, confirm('pi_8'), confirm('pi_9'))).toBe(false);
  });
});

describe('what is no attempt', () => {
  const number = '4242424242424242';
  it.each<[string, Sent, string]>([
    ['an intent', form('payment_intents', INTENT), 'passed on'],
    ['an intent that says so', form('payment_intents', `${INTENT}&confirm=false`), 'passed on'],
    ['an intent with a card', form('payment_intents', `${INTENT}&payment_method=pm_1`), 'judged'],
    ['a card put into an intent', form('payment_intents/pi_1', data(number)), 'judged'],
    ['a payment method', form('payment_methods', `type=card&${cardOf(number, 'card')}`), 'judged'],
    ['a token', form('tokens', cardOf(number, 'card')), 'judged'],
    ['a token of a bank account', form('tokens', 'bank_account[country]=DE&bank_account[currency]=eur'), 'passed on'],
    ['a source', form('sources', `type=card&${cardOf(number, 'card')}`), 'judged'],
    ['a customer', form('customers', 'email=a@example.com'), 'passed on'],
    ['a capture', form('payment_intents/pi_1/capture', 'amount_to_capture=5'), 'passed on'],
    ['a look', { path: '/v1/payment_intents/pi_1', method: 'GET' }, 'passed on'],
    ['a card taken off', { path: '/v1/customers/cus_1/sources/card_1', method: 'DELETE' }, 'passed on'],
  ])('%s', async (_, sent, fate) => {
    const ip = freshAddress();
    for (let n = 0; n < 3; n++) expect(await fateOf(sent, ip)).toBe(fate);
  });
});

describe('its answers', () => {
  const intent = (status: string) => ({ id: 'pi_1', object: 'payment_intent', status, latest_charge: 'ch_1' });
  const charge = (status: string) => ({ id: 'ch_1', object: 'charge', status, failure_code: 'card_declined' });
  const error = (type: string) => ({ error: { type, code: 'parameter_missing' } });

  it.each<[string, object, number, boolean]>([
    ['a decline', declined, 402, true],
    ['an intent that wants another card', intent('requires_payment_method'), 200, true],
    ['a charge that failed', charge('failed'), 200, true],
    ['an intent that succeeded', intent('succeeded'), 200, false],
    ['an intent to capture', intent('requires_capture'), 200, false],
    ['a charge that succeeded', charge('succeeded'), 200, false],
    ['a missing parameter', error('invalid_request_error'), 400, false],
    ['a trouble of its own', error('api_error'), 500, false],
    ['too many requests', error('rate_limit_error'), 429, true],
  ])('%s', async (_, body, status, counts) => {
    answer(body, status);
    const number = fresh();
    expect(await countsTogether(origin, pay(number), pay(number))).toBe(counts);
  });

  it('that wait for the payer hold the card’s place', async () => {
    answer(intent('requires_action'));
    const ip = freshAddress();
    const number = fresh();
    expect([(await send(pay(number), ip)).status, (await send(pay(number), ip)).status]).toEqual([200, 429]);
  });
});

it('a confirmation after 3-D Secure is the same attempt, and another card is another', async () => {
  answer({ id: 'pi_3', object: 'payment_intent', status: 'requires_action' });
  const ip = freshAddress();
  const confirm = (body: string) => send(form('payment_intents/pi_3/confirm', body), ip);
  const first = await confirm('payment_method=pm_3');
  const evaluation = first.headers.get('cordon-evaluation');
  expect((await confirm('payment_method=pm_4')).headers.get('cordon-evaluation')).not.toBe(evaluation);
  answer(declined, 402);
  const again = await confirm('payment_method=pm_3');
  expect([again.status, again.headers.get('cordon-evaluation')]).toEqual([402, evaluation]);
  expect((await confirm('payment_method=pm_3')).status).toBe(403);
});
