/**
 * Failures of Stripe's intents that never came to a charge: each is a try of its own, and a repeated event is not.
 */
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/outcome/webhooks/stripe.ts';
import { deliver, eventsOf } from './signature-behaviour.ts';
import { type Change, CREATED_SECONDS, lastError, paymentIntent, setupIntent, stripeEvent } from './stripe-events.ts';
import { NOW, STRIPE_SECRET, signStripe as sign } from './stripe-signing.ts';

const INTENT = 'pi_3NG8Du2eZvKYlo2C1XMd8b9j';
const METHOD = 'pm_1NG8Du2eZvKYlo2CUI79vXbU';
const side = { reader: stripe, now: NOW, secret: STRIPE_SECRET };
const unauthenticated = lastError({
  charge: undefined,
  code: 'payment_intent_authentication_failure',
  decline_code: undefined,
});
const failed = paymentIntent({ last_payment_error: unauthenticated, latest_charge: 'ch_of_an_earlier_try' });

async function read(change: Change = {}, object: Change = failed, type = 'payment_intent.payment_failed') {
  const event = { ...stripeEvent(type, object), ...change };
  return eventsOf(await deliver(side, sign(JSON.stringify(event))))[0];
}

describe('a failure before there was a charge', () => {
  it('names its try by the request that made it, not by an earlier charge', async () => {
    const event = await read();
    expect([event?.tryId, event?.paymentIds]).toEqual([`${INTENT}:req_Z9DdFf1LwZtHrt`, [INTENT]]);
    expect(event?.outcome?.declineReason).toBe('authentication_failed');
  });

  it('names another try for another request', async () => {
    const event = await read({ request: { id: 'req_2', idempotency_key: null } });
    expect(event?.tryId).toBe(`${INTENT}:req_2`);
  });

  it('is the same try in a second event of the same request', async () => {
    expect((await read({ id: 'evt_twin', created: CREATED_SECONDS + 1 }))?.tryId).toBe((await read())?.tryId);
  });

  it.each<[string, Change]>([
    ['an empty request', { request: { id: null, idempotency_key: null } }],
    ['no request', { request: null }],
  ])('names its try by card and time where there is %s', async (_, change) => {
    expect((await read(change))?.tryId).toBe(`${INTENT}:${METHOD}:${CREATED_SECONDS}`);
    expect((await read({ ...change, id: 'evt_twin' }))?.tryId).toBe(`${INTENT}:${METHOD}:${CREATED_SECONDS}`);
    const later = { ...change, created: CREATED_SECONDS + 9 };
    expect((await read(later))?.tryId).toBe(`${INTENT}:${METHOD}:${CREATED_SECONDS + 9}`);
    const bare = paymentIntent({ last_payment_error: null, latest_charge: null });
    expect((await read(change, bare))?.tryId).toBe(`${INTENT}:${CREATED_SECONDS}`);
  });

  it('names its try by the event where nothing else tells', async () => {
    expect((await read({ request: null, created: null }))?.tryId).toBe(`${INTENT}:evt_3NG8Du2eZvKYlo2C1XMd8b9j`);
  });

  it('of a set-up is one too, where no attempt of it is named', async () => {
    const event = await read({}, setupIntent({ latest_attempt: null }), 'setup_intent.setup_failed');
    expect([event?.tryId, event?.paymentIds]).toEqual([
      'seti_1NG8Du2eZvKYlo2C9XMZbVYx:req_Z9DdFf1LwZtHrt',
      ['seti_1NG8Du2eZvKYlo2C9XMZbVYx'],
    ]);
  });

  it('names no try where a charge tells of it, though its error does not: a bank debit', async () => {
    const error = lastError({ charge: undefined, code: '', decline_code: 'generic_decline' });
    const debit = { last_payment_error: error, latest_charge: 'py_1' };
    expect((await read({}, paymentIntent(debit)))?.tryId).toBeNull();
    const older = { last_payment_error: error, latest_charge: undefined, charges: { data: [{ id: 'py_1' }] } };
    expect((await read({}, paymentIntent(older)))?.tryId).toBeNull();
    expect((await read({}, paymentIntent({ ...debit, latest_charge: null })))?.tryId).toContain('req_');
  });

  it('names no try where it did not fail', async () => {
    const event = await read({}, paymentIntent({ last_payment_error: null }), 'payment_intent.requires_action');
    expect(event?.tryId).toBeNull();
  });
});
