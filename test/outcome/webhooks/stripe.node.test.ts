/**
 * Stripe's webhooks, what they say. Signed by its own library.
 */
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/outcome/webhooks/stripe.ts';
import { deliver, eventsOf } from './signature-behaviour.ts';
import {
  type Change,
  card,
  charge,
  dispute,
  EVALUATION,
  earlyFraudWarning,
  lastError,
  outcome,
  PAID,
  paymentIntent,
  setupIntent,
  stripeEvent,
} from './stripe-events.ts';
import { NOW, STRIPE_SECRET, signStripe as sign } from './stripe-signing.ts';

const CHARGE = 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA';
const INTENT = 'pi_3NG8Du2eZvKYlo2C1XMd8b9j';

const side = { reader: stripe, now: NOW, secret: STRIPE_SECRET };
const read = (type: string, object: Change) => deliver(side, sign(JSON.stringify(stripeEvent(type, object))));
const readOne = async (type: string, object: Change) => eventsOf(await read(type, object))[0];

describe('a charge', () => {
  it('that failed says what, why, which and whose', async () => {
    expect(await readOne('charge.failed', charge())).toEqual({
      id: 'evt_3NG8Du2eZvKYlo2C1XMd8b9j',
      outcome: { status: 'failed', declineReason: 'do_not_honor', declineCode: 'generic_decline' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: [INTENT, CHARGE],
      tryId: CHARGE,
      card: { fingerprint: 'mToisGZ01V71BCos', bin: '424242' },
      occurredAt: NOW,
    });
  });

  it.each([
    ['paid', PAID, 'succeeded'],
    ['authorised, not yet captured', { ...PAID, captured: false, amount_captured: 0 }, 'succeeded'],
    ['of a bank debit on its way', { ...PAID, paid: false, status: 'pending' }, 'pending'],
  ])('%s', async (_, change, status) => {
    const event = await readOne('charge.succeeded', charge(change));
    expect(event?.outcome).toEqual({ status, declineReason: null, declineCode: null });
    expect(event?.labels).toEqual([]);
  });

  it('pending waits', async () => {
    expect((await readOne('charge.pending', charge({ status: 'pending' })))?.outcome?.status).toBe('pending');
  });

  it.each([
    ['the decline code', { reason: 'insufficient_funds' }, {}, 'insufficient_funds', 'insufficient_funds'],
    [
      'the error code, where that says more',
      { reason: 'generic_decline', network_decline_code: null },
      { failure_code: 'expired_card' },
      'expired',
      'generic_decline',
    ],
    [
      "the bank's code, where Stripe says nothing",
      { reason: 'generic_decline', network_decline_code: 'N7' },
      {},
      'incorrect_cvc',
      'generic_decline',
    ],
    ['nothing at all', { reason: null, network_decline_code: null }, { failure_code: null }, 'other', null],
    ['a word of tomorrow', { reason: 'tomorrows_word', network_decline_code: null }, {}, 'other', 'tomorrows_word'],
  ])('declines by %s', async (_, how, change, declineReason, declineCode) => {
    const event = await readOne('charge.failed', charge({ outcome: outcome(how), ...change }));
    expect(event?.outcome).toEqual({ status: 'failed', declineReason, declineCode });
  });

  it.each([
    [
      'before the bank',
      { network_status: 'not_sent_to_network', type: 'blocked', reason: 'highest_risk_level' },
      'other',
    ],
    ['by a rule', { network_status: 'not_sent_to_network', type: 'blocked', reason: 'rule' }, 'other'],
    ['as invalid', { network_status: 'not_sent_to_network', type: 'invalid', reason: 'incorrect_number' }, 'other'],
    ['after the bank', { network_status: 'reversed_after_approval', type: 'blocked', reason: 'rule' }, 'other'],
    [
      'after the bank has said that the CVC is wrong',
      { network_status: 'declined_by_network', type: 'blocked', reason: 'requested_block_on_incorrect_cvc' },
      'incorrect_cvc',
    ],
    [
      'with an idea of the CVC, but without the bank',
      { network_status: 'not_sent_to_network', type: 'blocked', reason: 'requested_block_on_incorrect_cvc' },
      'other',
    ],
  ])('that Stripe blocked %s is labelled, and no decline of a bank', async (_, how, declineReason) => {
    const object = charge({ outcome: outcome({ network_decline_code: null, ...how }), failure_code: 'card_declined' });
    const event = await readOne('charge.failed', object);
    expect(event?.labels).toEqual(['processor_block']);
    expect(event?.outcome).toEqual({ status: 'failed', declineReason, declineCode: how.reason });
  });

  it.each([
    ['without an intent', { payment_intent: null }, [CHARGE]],
    ['with the intent in full', { payment_intent: paymentIntent() }, [INTENT, CHARGE]],
  ])('%s', async (_, change, paymentIds) => {
    expect((await readOne('charge.failed', charge(change)))?.paymentIds).toEqual(paymentIds);
  });

  it.each([
    ['without a fingerprint', { card: card({ fingerprint: null }) }, null],
    ['of a bank account', { sepa_debit: { fingerprint: 'x' }, type: 'sepa_debit' }, null],
    ['without a BIN', { card: card({ iin: null }) }, { fingerprint: 'mToisGZ01V71BCos', bin: null }],
    [
      'with eight digits of it',
      { card: card({ iin: '42424242' }) },
      { fingerprint: 'mToisGZ01V71BCos', bin: '42424242' },
    ],
    ['with too many digits', { card: card({ iin: '424242424' }) }, { fingerprint: 'mToisGZ01V71BCos', bin: null }],
  ])('%s', async (_, details, expected) => {
    expect((await readOne('charge.failed', charge({ payment_method_details: details })))?.card).toEqual(expected);
  });
});

describe('an intent', () => {
  it('that failed says what, why, which and whose', async () => {
    expect(await readOne('payment_intent.payment_failed', paymentIntent())).toEqual({
      id: 'evt_3NG8Du2eZvKYlo2C1XMd8b9j',
      outcome: { status: 'failed', declineReason: 'insufficient_funds', declineCode: 'insufficient_funds' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: [INTENT, CHARGE],
      tryId: CHARGE,
      card: { fingerprint: 'mToisGZ01V71BCos', bin: '424242' },
      occurredAt: NOW,
    });
  });

  it('names the same try as its charge', async () => {
    const [ofIntent, ofCharge] = await Promise.all([
      readOne('payment_intent.payment_failed', paymentIntent()),
      readOne('charge.failed', charge()),
    ]);
    expect(ofIntent?.tryId).toBe(ofCharge?.tryId);
    expect(ofIntent?.paymentIds).toEqual(ofCharge?.paymentIds);
  });

  it('that failed without a word is a failure all the same', async () => {
    const event = await readOne('payment_intent.payment_failed', paymentIntent({ last_payment_error: null }));
    expect(event?.outcome).toEqual({ status: 'failed', declineReason: 'other', declineCode: null });
  });

  it.each([
    ['payment_intent.requires_action', 'requires_action', 'pending'],
    ['payment_intent.processing', 'processing', 'pending'],
    ['payment_intent.canceled', 'canceled', 'unknown'],
  ])('%s names no try', async (type, state, status) => {
    const event = await readOne(type, paymentIntent({ status: state, last_payment_error: null }));
    expect(event?.outcome).toEqual({ status, declineReason: null, declineCode: null });
    expect([event?.tryId, event?.paymentIds]).toEqual([null, [INTENT]]);
  });

  it.each([
    ['payment_intent.succeeded', 'succeeded'],
    ['payment_intent.amount_capturable_updated', 'requires_capture'],
  ])('%s is paid by its latest charge', async (type, state) => {
    const event = await readOne(type, paymentIntent({ status: state, last_payment_error: null }));
    expect(event?.outcome).toEqual({ status: 'succeeded', declineReason: null, declineCode: null });
    expect([event?.tryId, event?.paymentIds, event?.card]).toEqual([CHARGE, [INTENT, CHARGE], null]);
  });

  it.each([
    ['the latest charge in full', { latest_charge: charge(PAID) }],
    ['a list of charges, as older versions have it', { latest_charge: undefined, charges: { data: [charge(PAID)] } }],
  ])('has its card from %s', async (_, change) => {
    const event = await readOne('payment_intent.succeeded', paymentIntent({ last_payment_error: null, ...change }));
    expect(event?.tryId).toBe(CHARGE);
    expect(event?.card).toEqual({ fingerprint: 'mToisGZ01V71BCos', bin: '424242' });
  });

  it("refused by the shop's own list is labelled", async () => {
    const error = lastError({ decline_code: 'merchant_blacklist', network_decline_code: undefined });
    const event = await readOne('payment_intent.payment_failed', paymentIntent({ last_payment_error: error }));
    expect(event?.labels).toEqual(['processor_block']);
    expect(event?.outcome?.declineReason).toBe('other');
  });
});

describe('a set-up', () => {
  it('that failed', async () => {
    expect(await readOne('setup_intent.setup_failed', setupIntent())).toMatchObject({
      outcome: { status: 'failed', declineReason: 'incorrect_cvc', declineCode: 'incorrect_cvc' },
      evaluation: EVALUATION,
      paymentIds: ['seti_1NG8Du2eZvKYlo2C9XMZbVYx', 'setatt_1NG8Du2eZvKYlo2CqTaJ8tYv'],
      tryId: 'setatt_1NG8Du2eZvKYlo2CqTaJ8tYv',
      card: { fingerprint: 'mToisGZ01V71BCos', bin: '424242' },
    });
  });

  it.each([
    ['setup_intent.succeeded', 'succeeded'],
    ['setup_intent.requires_action', 'pending'],
    ['setup_intent.canceled', 'unknown'],
  ])('%s', async (type, status) => {
    const event = await readOne(type, setupIntent({ last_setup_error: null }));
    expect(event?.outcome).toEqual({ status, declineReason: null, declineCode: null });
  });
});

describe('a label', () => {
  it.each([
    ['charge.dispute.created', dispute(), 'dispute'],
    ['radar.early_fraud_warning.created', earlyFraudWarning(), 'fraud_warning'],
    ['charge.dispute.created', dispute({ charge: charge(PAID) }), 'dispute'],
    ['charge.refunded', charge({ ...PAID, refunded: true }), 'refund'],
  ])('%s', async (type, object, label) => {
    expect(await readOne(type, object)).toMatchObject({
      outcome: null,
      labels: [label],
      paymentIds: [INTENT, CHARGE],
      tryId: CHARGE,
    });
  });

  it('is none of a payment of which a part is given back', async () => {
    expect(await readOne('charge.refunded', charge({ ...PAID, refunded: false }))).toBeUndefined();
  });

  it('has the card and the evaluation where the charge stands there in full', async () => {
    const event = await readOne('charge.dispute.created', dispute({ charge: charge(PAID) }));
    expect([event?.evaluation, event?.card?.bin]).toEqual([EVALUATION, '424242']);
  });
});

describe('the evaluation', () => {
  it.each(['cordon_evaluation', 'cordon-evaluation', 'Cordon-Evaluation', 'Cordon_Evaluation', 'cordonEvaluation'])(
    'stands in the metadata as %s',
    async (name) => {
      const event = await readOne('charge.failed', charge({ metadata: { [name]: EVALUATION } }));
      expect(event?.evaluation).toBe(EVALUATION);
    },
  );

  it.each([
    ['another name', { evaluation: EVALUATION }],
    ['another value', { cordon_evaluation: 'ev_1' }],
    ['a card number', { cordon_evaluation: '4242424242424242' }],
    ['a value with more around it', { cordon_evaluation: ` ${EVALUATION}` }],
    ['an object', { cordon_evaluation: { id: EVALUATION } }],
    ['nothing', {}],
  ])('is not %s', async (_, metadata) => {
    expect((await readOne('charge.failed', charge({ metadata })))?.evaluation).toBeNull();
  });
});
