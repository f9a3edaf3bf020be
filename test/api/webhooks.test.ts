/**
 * What processors report, over HTTP: who is believed, whose attempt it is, and that nothing is counted twice.
 */
import { evictDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { charge, lastError, paymentIntent, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { payRoute, putAcme, rule, SHOP } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import {
  api,
  CARD,
  countsOf,
  decided,
  evaluated,
  IP,
  newMerchant,
  problemOf,
  rowsOf,
  stripeSignature,
  tell,
  WEBHOOK_SECRET,
} from './backend.ts';

const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
const guard = (limit: number) => ({ webhooks, card_testing_guard_config: rule('guest_user_card', limit) });

let events = 0;

/** A charge that failed, of a payment; each call another event, unless said. */
function failedCharge(change: Record<string, unknown> = {}, event: Record<string, unknown> = {}) {
  const object = charge({
    status: 'failed',
    payment_intent: 'pi_1',
    id: 'ch_1',
    failure_code: 'card_declined',
    ...change,
  });
  const created = Math.ceil(Date.now() / 1000);
  return JSON.stringify({ ...stripeEvent('charge.failed', object), id: `evt_${++events}`, created, ...event });
}

/** A try of an intent that failed at 3-D Secure: there is no charge, and the request that made it is its only name. */
function failedAuthentication(request: string, intent: string, created: number) {
  const code = 'payment_intent_authentication_failure';
  const last_payment_error = lastError({ charge: undefined, decline_code: undefined, code });
  const object = paymentIntent({ id: intent, last_payment_error, latest_charge: null, metadata: {} });
  const event = stripeEvent('payment_intent.payment_failed', object);
  return JSON.stringify({ ...event, id: `evt_${++events}`, created, request: { id: request, idempotency_key: null } });
}

async function report(merchant: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(`https://localhost/.cordon/v1/webhooks/${merchant}/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': await stripeSignature(body), ...headers },
    body,
  });
}

const payment = { ip: IP, card: { number: CARD } };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('who is believed', () => {
  let merchant: string;
  beforeEach(async () => {
    merchant = await newMerchant(guard(1));
  });

  it('the processor, and only after what it said is on record', async () => {
    const { id } = await evaluated(merchant, payment);
    const answer = await report(merchant, failedCharge({ metadata: { cordon_evaluation: id } }));
    expect(answer.status).toBe(200);
    expect(await decided(merchant, payment)).toEqual(['block', 'velocity:guest_card']);
  });

  it.each([
    ['no signature', () => ({ 'stripe-signature': '' })],
    ['another secret’s', async (body: string) => ({ 'stripe-signature': await stripeSignature(body, 'whsec_other') })],
    [
      'an old one',
      async (body: string) => ({ 'stripe-signature': await stripeSignature(body, WEBHOOK_SECRET, 1_700_000_000) }),
    ],
    ['one of another body', async () => ({ 'stripe-signature': await stripeSignature('{}') })],
  ])('nobody with %s', async (_, headers) => {
    const { id } = await evaluated(merchant, payment);
    const body = failedCharge({ metadata: { cordon_evaluation: id } });
    const answer = await report(merchant, body, await headers(body));
    expect(await problemOf(answer)).toEqual([401, 'invalid_signature']);
    expect(await countsOf(merchant)).toEqual({});
  });

  it.each([
    ['of a merchant that is not there', () => 'nobody', 'stripe'],
    ['of a processor that does not report', () => merchant, 'adyen'],
    ['of a processor that nobody knows', () => merchant, 'paypal'],
    ['of a name that is no processor’s', () => merchant, '__proto__'],
  ])('nothing %s', async (_, of, processor) => {
    const answer = await api('POST', `/webhooks/${of()}/${processor}`, { body: '{}' });
    expect(await problemOf(answer)).toEqual([404, 'not_found']);
  });

  it('no other merchant’s processor', async () => {
    const body = failedCharge({ metadata: { cordon_evaluation: (await evaluated(merchant, payment)).id } });
    const other = await newMerchant(guard(1));
    expect((await report(other, body)).status).toBe(200);
    expect(await countsOf(merchant)).toEqual({});
  });

  it('under a secret that is being replaced, and the one that replaces it', async () => {
    const both = ['CORDON_WEBHOOK_STRIPE', 'CORDON_WEBHOOK_STRIPE_NEXT'];
    const rotating = await newMerchant({ webhooks: { stripe: { secret_names: both } } });
    const body = failedCharge();
    for (const secret of [WEBHOOK_SECRET, 'whsec_that_comes_next']) {
      expect((await report(rotating, body, { 'stripe-signature': await stripeSignature(body, secret) })).status).toBe(
        200,
      );
    }
  });

  it.each([
    ['what it does not document', '{"id":1}', [400, 'invalid_request']],
    ['what is no JSON', '{', [400, 'invalid_request']],
    ['more than a mebibyte', `{"x":"${'x'.repeat(1024 * 1024)}"}`, [413, 'too_large']],
  ])('nothing in %s', async (_, body, expected) => {
    expect(await problemOf(await report(merchant, body))).toEqual(expected);
  });

  it('an event that says nothing of an attempt, which changes nothing', async () => {
    const body = JSON.stringify(stripeEvent('customer.created', { id: 'cus_1', object: 'customer' }));
    expect((await report(merchant, body)).status).toBe(200);
    expect(await countsOf(merchant)).toEqual({});
  });
});

it('says that it was not taken in while the gate is away, so that it comes again', async () => {
  const merchant = await newMerchant(guard(1));
  const { id } = await evaluated(merchant, payment);
  const body = failedCharge({ metadata: { cordon_evaluation: id } });
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect(await problemOf(await report(merchant, body))).toEqual([503, 'gate_unavailable']);
  vi.restoreAllMocks();
  expect((await report(merchant, body)).status).toBe(200);
  expect(Object.values(await countsOf(merchant))).toEqual([1]);
});

it('counts a delivery that comes twice, and both events of one try, once', async () => {
  const merchant = await newMerchant(guard(9));
  const { id } = await evaluated(merchant, payment);
  const body = failedCharge({ metadata: { cordon_evaluation: id } });
  const answered = await Promise.all([
    report(merchant, body),
    report(merchant, body),
    report(merchant, failedCharge()),
  ]);
  expect(answered.map(({ status }) => status)).toEqual([200, 200, 200]);
  await evictDurableObject(gateOf(merchant));
  await report(merchant, body);
  expect(Object.values(await countsOf(merchant))).toEqual([1]);
});

it('finds an evaluation by the payment that the backend reported', async () => {
  const merchant = await newMerchant(guard(1));
  const { id } = await evaluated(merchant, payment);
  await tell(id, { status: 'pending', processor_payment_id: 'pi_1' });
  await report(merchant, failedCharge());
  const { outcome } = (await (await api('GET', `/evaluations/${id}`)).json()) as { outcome: unknown };
  expect(outcome).toMatchObject({
    status: 'failed',
    decline_reason: 'do_not_honor',
    decline_code: 'generic_decline',
    processor_payment_id: 'pi_1',
  });
});

it('counts what nobody’s attempt is known for under its card, and the card is the number once that is known', async () => {
  const merchant = await newMerchant(guard(2));
  await report(merchant, failedCharge());
  await report(merchant, failedCharge({ id: 'ch_2', payment_intent: 'pi_2' }));
  const fingerprint = (charge() as { payment_method_details: { card: { fingerprint: string } } }).payment_method_details
    .card.fingerprint;
  expect(await decided(merchant, { ip: IP, card: { fingerprint } })).toEqual(['block', 'velocity:guest_card']);
  const { id } = await evaluated(merchant, payment);
  await tell(id, { status: 'succeeded', card_fingerprint: fingerprint });
  expect(await decided(merchant, payment)).toEqual(['block', 'velocity:guest_card']);
});

it('keeps disputes and fraud warnings with the evaluation', async () => {
  const merchant = await newMerchant(guard(1));
  const { id } = await evaluated(merchant, payment);
  await tell(id, { status: 'succeeded', processor_payment_id: 'pi_1' });
  const dispute = { id: 'dp_1', object: 'dispute', charge: 'ch_1', payment_intent: 'pi_1', status: 'needs_response' };
  await report(merchant, JSON.stringify(stripeEvent('charge.dispute.created', dispute)));
  const told = (await (await api('GET', `/evaluations/${id}`)).json()) as { labels: unknown };
  expect(told.labels).toEqual([{ label: 'dispute', labelled_at: expect.stringMatching(/Z$/) }]);
});

describe('in front of a checkout', () => {
  let origin: StandInOrigin;
  const pay = (ip: string) =>
    exports.default.fetch(`${SHOP}/api/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': ip },
      body: JSON.stringify({ card: { number: CARD } }),
    });
  beforeEach(() => {
    origin = new StandInOrigin();
  });

  it('a payment that waits for 3-D Secure is settled by its webhook', async () => {
    await putAcme({ ...guard(1), routes: [payRoute] });
    origin.answer(() => Response.json({ id: 'pi_3ds', status: 'requires_action' }));
    const answer = await pay('203.0.113.20');
    expect((await pay('203.0.113.20')).status).toBe(429);
    await report('acme', failedCharge({ payment_intent: 'pi_3ds', id: 'ch_3ds' }));
    expect((await pay('203.0.113.20')).status).toBe(403);
    const id = answer.headers.get('cordon-evaluation');
    const told = (await (await api('GET', `/evaluations/${id}`)).json()) as { decision: string; outcome: unknown };
    expect(told).toMatchObject({
      id,
      decision: 'allow',
      outcome: { status: 'failed', processor_payment_id: 'pi_3ds' },
    });
    expect(await rowsOf(gateOf('acme'), 'SELECT * FROM reservations')).toEqual([]);
  });

  it('a webhook that overtakes the answer counts it once', async () => {
    await putAcme({ ...guard(9), routes: [payRoute] });
    const before = Object.values(await countsOf('acme')).reduce((sum, count) => sum + count, 0);
    origin.answer(async (arrived) => {
      const evaluation = arrived.headers.get('cordon-evaluation');
      await report(
        'acme',
        failedCharge({ id: 'ch_f', payment_intent: 'pay_1', metadata: { cordon_evaluation: evaluation } }),
      );
      return answers.decline();
    });
    expect((await pay('203.0.113.21')).status).toBe(402);
    const after = Object.values(await countsOf('acme')).reduce((sum, count) => sum + count, 0);
    expect(after - before).toBe(1);
    const told = await api('GET', `/evaluations/${origin.arrived.at(-1)?.headers.get('cordon-evaluation')}`);
    expect(await told.json()).toMatchObject({ decision: 'allow', outcome: { status: 'failed' } });
  });

  it.each<[string, string, string, (id: string, intent: string, created: number) => string]>([
    [
      'with charges',
      '203.0.113.22',
      'pi_a',
      (id, payment_intent, created) => failedCharge({ id, payment_intent }, { created }),
    ],
    ['at 3-D Secure', '203.0.113.23', 'pi_b', failedAuthentication],
  ])(
    'an intent that fails %s at the processor itself counts against who made it, and is cancelled',
    async (_, ip, intent, failed) => {
      const intents = { ...payRoute, name: 'intents', match: { methods: ['POST'], path: '/api/intents' }, fields: {} };
      const cancel_intents = { after_failures: 3, key_name: 'CORDON_PROCESSOR_STRIPE' };
      await putAcme({
        routes: [intents],
        webhooks: { stripe: { ...webhooks.stripe, cancel_intents } },
        card_testing_guard_config: rule('guest_ip', 3),
      });
      origin.answer(({ url }) =>
        url.startsWith('https://api.stripe.com/')
          ? Response.json({ status: url.endsWith('/cancel') ? 'canceled' : 'requires_payment_method' })
          : Response.json({ id: intent, status: 'requires_action' }),
      );
      const begin = () =>
        exports.default.fetch(`${SHOP}/api/intents`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'cf-connecting-ip': ip },
          body: '{}',
        });
      expect((await begin()).status).toBe(200);
      const cancelled = () => origin.arrived.filter(({ url }) => url.endsWith('/cancel'));
      for (const [index, id] of ['e1', 'e2', 'e2', 'e3'].entries()) {
        expect(cancelled()).toHaveLength(0);
        await report('acme', failed(`${intent}_${id}`, intent, Math.ceil(Date.now() / 1000) + index));
      }
      await vi.waitFor(() => expect(cancelled()).toHaveLength(1));
      expect(cancelled()[0]).toMatchObject({
        method: 'POST',
        url: `https://api.stripe.com/v1/payment_intents/${intent}/cancel`,
        body: 'cancellation_reason=abandoned',
      });
      expect(cancelled()[0]?.headers.get('authorization')).toBe('Bearer sk_that_only_the_tests_know');
      expect((await begin()).status).toBe(403);
    },
  );
});
