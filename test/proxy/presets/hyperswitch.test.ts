/**
 * The preset for Hyperswitch: requests and answers in its own shapes, through the whole Worker.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, freshAddress, runPreset, type Sent, send } from '../../support/preset-shop.ts';
import { cards } from '../../support/shopper.ts';

let origin: StandInOrigin;
let next = 0;
const fresh = () => cards(150)[++next] ?? '';
const outcome = (status: string, more: object = {}) => ({ payment_id: 'pay_1', status, ...more });
const answer = (body: object, status = 200) => origin.answer(() => Response.json(body, { status }));

const card = (number: string) => ({
  payment_method: 'card',
  payment_method_data: {
    card: { card_number: number, card_exp_month: '10', card_exp_year: '30', card_holder_name: 'A B', card_cvc: '123' },
  },
});
const basic = {
  amount: 6540,
  currency: 'EUR',
  customer_id: 'cus_1',
  email: 'a@example.com',
  authentication_type: 'no_three_ds',
};
const payment = (number: string): Sent => ({ path: '/payments', body: { ...basic, confirm: true, ...card(number) } });
const confirm = (id: string, body: object | null): Sent => ({ path: `/payments/${id}/confirm`, body });

beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('hyperswitch');
  answer(outcome('failed', { error_code: 'card_declined', error_message: 'Your card was declined.' }));
});
afterEach(() => vi.unstubAllGlobals());

describe('one card is one card, however it comes', () => {
  it.each<[string, (number: string) => Sent, (number: string) => Sent]>([
    ['created and confirmed at once', payment, payment],
    ['confirmed later', payment, (n) => confirm('pay_2', { ...card(n), client_secret: 'pay_2_secret_x' })],
    ['updated and confirmed', payment, (n) => ({ path: '/payments/pay_3', body: { confirm: true, ...card(n) } })],
    ['completed', payment, (n) => ({ path: '/payments/pay_4/complete_authorize', body: card(n) })],
    ['in the second version', payment, (n) => ({ path: '/v2/payments/pay_5/confirm-intent', body: card(n) })],
    [
      'in Stripe’s clothes',
      payment,
      (n) => ({
        path: '/vs/v1/payment_intents',
        body: `amount=100&currency=eur&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]=${n}&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30&payment_method_data[card][cvc]=123`,
      }),
    ],
    [
      'for a subscription',
      payment,
      (n) => ({ path: '/subscriptions/sub_1/confirm', body: { payment_details: card(n) } }),
    ],
    [
      'as a network token',
      payment,
      (n) => confirm('pay_6', { payment_method_data: { network_token: { network_token: n } } }),
    ],
  ])('%s', async (_, first, second) => {
    const number = fresh();
    expect(await countsTogether(origin, first(number), second(number))).toBe(true);
    expect(await countsTogether(origin, first(fresh()), second(fresh()))).toBe(false);
  });

  it.each([
    ['a token of the payment list', { payment_token: 'token_7ebf44' }, { payment_token: 'token_99' }],
    ['a stored card', { recurring_details: { type: 'payment_method_id', data: 'pm_1' } }, { mandate_id: 'man_2' }],
  ])('%s is one card too', async (_, same, other) => {
    const body = { payment_method: 'card', ...same };
    expect(await countsTogether(origin, confirm('pay_a', body), confirm('pay_b', body))).toBe(true);
    expect(
      await countsTogether(origin, confirm('pay_a', body), confirm('pay_b', { payment_method: 'card', ...other })),
    ).toBe(false);
  });

  it('and so is whatever is attached to a payment', async () => {
    expect(await countsTogether(origin, confirm('pay_c', { client_secret: 'x' }), confirm('pay_c', null))).toBe(true);
    expect(await countsTogether(origin, confirm('pay_c', {}), confirm('pay_d', {}))).toBe(false);
  });
});

describe('what is no attempt', () => {
  it.each<[string, Sent, string]>([
    ['a payment that is only made', { path: '/payments', body: { ...basic, confirm: false } }, 'passed on'],
    ['one that says nothing of it', { path: '/payments', body: basic }, 'passed on'],
    ['an update', { path: '/payments/pay_1', body: { amount: 100 } }, 'passed on'],
    ['a list', { path: '/payments/list', body: { limit: 10 } }, 'passed on'],
    ['session tokens', { path: '/payments/session_tokens', body: { payment_id: 'pay_1', wallets: [] } }, 'passed on'],
    ['a capture', { path: '/payments/pay_1/capture', body: { amount_to_capture: 5 } }, 'passed on'],
    ['a look', { path: '/payments/pay_1?force_sync=true', method: 'GET' }, 'passed on'],
    [
      'a card attached',
      { path: '/payments', body: { ...basic, confirm: false, ...card('4242424242424242') } },
      'judged',
    ],
    ['a card attached later', { path: '/payments/pay_1', body: card('4242424242424242') }, 'judged'],
    [
      'a stored card',
      { path: '/payment_methods', body: { payment_method: 'card', card: { card_number: '4242424242424242' } } },
      'judged',
    ],
  ])('%s', async (_, sent, fate) => {
    const ip = freshAddress();
    // However often: nothing is paid, and nothing counts.
    for (let n = 0; n < 3; n++) expect(await fateOf(sent, ip)).toBe(fate);
  });
});

describe('its answers', () => {
  it.each<[string, object, number, boolean]>([
    ['failed', outcome('failed', { error_code: '05', unified_code: 'UE_9000' }), 200, true],
    ['succeeded', outcome('succeeded'), 200, false],
    ['requires_capture', outcome('requires_capture'), 200, false],
    ['a status of tomorrow', outcome('on_the_moon'), 200, true],
    ['an invalid request', { error: { type: 'invalid_request', code: 'IR_04', message: 'Missing' } }, 400, false],
    ['its own guard', { error: { type: 'invalid_request', code: 'IR_16', message: 'Blocked' } }, 400, false],
    ['an error of a connector', { error: { type: 'processing_error', code: 'CE_01', message: 'Failed' } }, 400, true],
    ['an outage', { error: { type: 'api', code: 'HE_00', message: 'Something went wrong' } }, 500, false],
  ])('%s', async (_, body, status, counts) => {
    answer(body, status);
    const number = fresh();
    expect(await countsTogether(origin, payment(number), payment(number))).toBe(counts);
  });

  it.each([
    ['failed', true],
    ['succeeded', false],
  ])('for a subscription whose payment is %s', async (status, counts) => {
    answer({ id: 'sub_1', status: 'active', payment: { payment_id: 'pay_1', status, error_code: '05' } });
    const subscribe = { path: '/subscriptions', body: { item_price_id: 'price_1', payment_details: card(fresh()) } };
    expect(await countsTogether(origin, subscribe, subscribe)).toBe(counts);
  });

  it('that wait for the payer hold the card’s place', async () => {
    answer(outcome('requires_customer_action', { next_action: { type: 'redirect_to_url' } }));
    const ip = freshAddress();
    const number = fresh();
    expect([(await send(payment(number), ip)).status, (await send(payment(number), ip)).status]).toEqual([200, 429]);
  });

  it('and the guard refuses as Hyperswitch does', async () => {
    const ip = freshAddress();
    const number = fresh();
    await send(payment(number), ip);
    const refused = await send(payment(number), ip);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: { type: 'invalid_request', code: 'IR_16', message: 'Blocked due to suspicious activity' } },
    ]);
  });
});

describe('a payment that waits for its payer', () => {
  const waits = outcome('requires_customer_action', { next_action: { type: 'redirect_to_url' } });
  const back: Sent = { path: '/payments/pay_1/merchant_1/redirect/response/stripe?payment_intent=pi_1', method: 'GET' };
  const leadTo = (location: string) =>
    origin.answer(() =>
      Response.json({}, { status: 302, headers: { location: `https://shop.example/done?${location}` } }),
    );
  const evaluationOf = (answered: Response) => answered.headers.get('cordon-evaluation');

  /** Its evaluation, and whether the card is refused once the payer is back and tries again. */
  async function parked() {
    answer(waits);
    const [ip, number] = [freshAddress(), fresh()];
    const evaluation = evaluationOf(await send(payment(number), ip));
    const again = async () => {
      answer(outcome('succeeded'));
      return (await send(payment(number), ip)).status;
    };
    return { ip, number, evaluation, again };
  }

  it('is completed by the same attempt', async () => {
    const { ip, evaluation, again } = await parked();
    answer(outcome('failed'));
    const completed = await send({ path: '/payments/pay_1/complete_authorize', body: { client_secret: 'x' } }, ip);
    expect([completed.status, evaluationOf(completed)]).toEqual([200, evaluation]);
    expect(await again()).toBe(400);
  });

  it.each([
    ['failed', 'status=failed&payment_intent_client_secret=x&amount=1&manual_retry_allowed=false', 400],
    ['succeeded', 'status=succeeded&payment_intent_client_secret=x&amount=1', 200],
    ['to be captured', 'status=requires_capture', 200],
    ['still under way', 'status=processing', 429],
    ['told by the URL that the client chose', 'status=succeeded&status=failed', 429],
  ])('and comes back %s', async (_, location, status) => {
    const { ip, again } = await parked();
    leadTo(location);
    expect((await send(back, ip)).status).toBe(302);
    expect(await again()).toBe(status);
  });

  it('is not settled by a return from elsewhere', async () => {
    const { again } = await parked();
    leadTo('status=failed');
    await send(back, freshAddress());
    expect(await again()).toBe(429);
  });
});
