/**
 * Hyperswitch's outgoing webhooks: documented samples, signed with Node's crypto.
 */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hyperswitch } from '../../../src/outcome/webhooks/hyperswitch.ts';
import { hostileJson, INHERITED_NAMES, NOT_UTF8 } from './hostile-documents.ts';
import {
  HYPERSWITCH_SECRET,
  hyperswitchDispute,
  hyperswitchEvent,
  hyperswitchSignature,
  payment,
} from './hyperswitch-events.ts';
import { deliver, describeSignature, eventsOf, type Sent } from './signature-behaviour.ts';
import { type Change, EVALUATION } from './stripe-events.ts';

const PAYMENT = 'pay_mbabizu24mvu3mela5njyhpit4';
const side = { reader: hyperswitch, now: Date.parse('2026-11-20T09:31:20Z'), secret: HYPERSWITCH_SECRET };

const sign = (body: string, secret?: string): Sent => ({
  headers: { 'x-webhook-signature-512': hyperswitchSignature(body, secret) },
  body,
});
const readText = (body: string) => deliver(side, sign(body));
const readOne = async (type: string, object?: Change) =>
  eventsOf(await readText(JSON.stringify(hyperswitchEvent(type, object))))[0];

describeSignature({
  ...side,
  otherSecret: 'another-hash-key',
  sign: async (secret) => sign(JSON.stringify(hyperswitchEvent('payment_failed')), secret),
  header: 'x-webhook-signature-512',
  isWholeBodySigned: true,
});

it('takes no HMAC of another length under that name', async () => {
  const body = JSON.stringify(hyperswitchEvent('payment_failed'));
  const short = createHmac('sha256', HYPERSWITCH_SECRET).update(body).digest('hex');
  expect(await deliver(side, { headers: { 'x-webhook-signature-512': short }, body })).toEqual({ kind: 'forged' });
});

it('has no time to be stale by: a year later the same events are read', async () => {
  const sent = sign(JSON.stringify(hyperswitchEvent('payment_failed')));
  const later = await deliver({ ...side, now: side.now + 365 * 86_400_000 }, sent);
  expect(later).toEqual(await deliver(side, sent));
});

describe('a payment', () => {
  it('that failed says what, why, which and whose', async () => {
    expect(await readOne('payment_failed')).toEqual({
      id: 'evt_018e31720d1b7a2b82677d3032cab959',
      outcome: { status: 'failed', declineReason: 'insufficient_funds', declineCode: '204' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: [PAYMENT],
      tryId: `${PAYMENT}_1`,
      card: { fingerprint: 'Sx4Ym8TqbVRwWlAe5zkP', bin: '42424242' },
      occurredAt: Date.parse('2026-11-20T09:31:19.335Z'),
    });
  });

  it.each([
    ['payment_succeeded', 'succeeded'],
    ['payment_authorized', 'succeeded'],
    ['payment_partially_authorized', 'succeeded'],
    ['payment_processing', 'pending'],
    ['action_required', 'pending'],
    ['payment_cancelled', 'unknown'],
    ['payment_expired', 'unknown'],
  ])('%s', async (type, status) => {
    const event = await readOne(type);
    expect(event?.outcome).toEqual({ status, declineReason: null, declineCode: null });
  });

  const NO_WORD = { error_code: null, unified_code: null, issuer_error_code: null, error_details: null };
  it.each([
    ["its connector's code", { connector: 'checkout', error_code: '20087' }, 'incorrect_cvc', '20087'],
    ["its connector's word", { connector: 'stripe', error_code: 'expired_card' }, 'expired', 'expired_card'],
    ["its connector's number", { connector: 'adyen', error_code: '24' }, 'incorrect_cvc', '24'],
    ["a stranger's number, which may mean anything", { connector: 'authorizedotnet', error_code: '27' }, 'other', '27'],
    [
      "a stranger's number that is the networks'",
      { connector: 'worldpay', error_code: '51' },
      'insufficient_funds',
      '51',
    ],
    [
      "a stranger's word that is everybody's",
      { connector: 'fiserv', error_code: 'lost_card' },
      'lost_card',
      'lost_card',
    ],
    ["the bank's code", { error_code: '999', issuer_error_code: '14' }, 'incorrect_number', '999'],
    [
      'the standardised code',
      { error_code: '999', error_details: { unified_details: { standardised_code: 'INVALID_CVV' } } },
      'incorrect_cvc',
      '999',
    ],
    ['the unified code alone', { unified_code: 'UE_3000' }, 'processing_error', 'UE_3000'],
    ['a vague unified code', { unified_code: 'UE_1000' }, 'other', 'UE_1000'],
    ['nothing', {}, 'other', null],
  ])('declined by %s', async (_, change, declineReason, declineCode) => {
    const event = await readOne('payment_failed', payment({ ...NO_WORD, ...change }));
    expect(event?.outcome).toEqual({ status: 'failed', declineReason, declineCode });
  });

  it("refused by the processor's fraud engine is labelled", async () => {
    const error_details = { unified_details: { standardised_code: 'PSP_FRAUD_ENGINE_DECLINE' } };
    const event = await readOne('payment_failed', payment({ ...NO_WORD, error_details }));
    expect([event?.labels, event?.outcome?.declineReason]).toEqual([['processor_block'], 'other']);
  });

  it('tried again names another try', async () => {
    expect((await readOne('payment_failed', payment({ attempt_count: 2 })))?.tryId).toBe(`${PAYMENT}_2`);
    expect((await readOne('payment_failed', payment({ attempt_count: undefined })))?.tryId).toBeNull();
  });

  it('has six digits where eight are not known, and none where it has no card', async () => {
    const six = payment({ payment_method_data: { card: { card_isin: '424242' } } });
    expect((await readOne('payment_failed', six))?.card?.bin).toBe('424242');
    expect((await readOne('payment_failed', payment({ fingerprint: null })))?.card).toBeNull();
  });

  it('is read beside a 64-bit number of the shop’s own', async () => {
    const body = JSON.stringify(hyperswitchEvent('payment_failed')).replace(
      '"order":"6735"',
      '"order":1234567890123456789',
    );
    expect(eventsOf(await readText(body))[0]).toMatchObject({ evaluation: EVALUATION, paymentIds: [PAYMENT] });
  });

  it('lets no card number through that the shop chose for an id', async () => {
    const body = JSON.stringify(hyperswitchEvent('payment_failed', payment({ payment_id: 'pay 4242424242424242' })));
    expect(await readText(body)).toEqual({ kind: 'unreadable' });
  });
});

it('labels what is disputed', async () => {
  const body = JSON.stringify(hyperswitchEvent('dispute_opened', hyperswitchDispute(), 'dispute_details'));
  expect(eventsOf(await readText(body))[0]).toMatchObject({
    outcome: null,
    labels: ['dispute'],
    paymentIds: [PAYMENT],
    tryId: `${PAYMENT}_1`,
  });
});

it('labels what is given back', async () => {
  const refund = { refund_id: 'ref_1', payment_id: PAYMENT, amount: 6540, currency: 'EUR', status: 'succeeded' };
  const body = JSON.stringify(hyperswitchEvent('refund_succeeded', refund, 'refund_details'));
  expect(eventsOf(await readText(body))[0]).toMatchObject({
    outcome: null,
    labels: ['refund'],
    paymentIds: [PAYMENT],
    tryId: null,
  });
});

describe('what nobody asked for', () => {
  it.each([
    ...['refund_failed', 'dispute_won', 'mandate_active', 'payout_success', 'payment_captured', ''],
    ...INHERITED_NAMES,
  ])('%s gives no events', async (type) => {
    expect(await readText(JSON.stringify(hyperswitchEvent(type)))).toEqual({ kind: 'events', events: [] });
  });

  it.each<readonly [string, string]>([
    ...hostileJson('event_id', 'event_type'),
    ['a payment without an id', JSON.stringify(hyperswitchEvent('payment_failed', payment({ payment_id: null })))],
    ['no content', JSON.stringify({ ...hyperswitchEvent('payment_failed'), content: null })],
  ])('%s is unreadable', async (_, body) => {
    expect(await readText(body)).toEqual({ kind: 'unreadable' });
  });

  it.each(NOT_UTF8)('%s is unreadable', async (_, bytes) => {
    const body = new Uint8Array(bytes);
    const signature = createHmac('sha512', HYPERSWITCH_SECRET).update(body).digest('hex');
    const sent = { headers: { 'x-webhook-signature-512': signature }, body };
    expect(await deliver(side, sent)).toEqual({ kind: 'unreadable' });
  });
});
