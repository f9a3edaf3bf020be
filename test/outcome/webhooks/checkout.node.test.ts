/**
 * Checkout.com's events: documented samples, signed with Node's crypto.
 */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkout } from '../../../src/outcome/webhooks/checkout.ts';
import { CHECKOUT_SECRET, checkoutDispute, checkoutEvent, checkoutSignature, payment } from './checkout-events.ts';
import { hostileJson, INHERITED_NAMES, NOT_UTF8 } from './hostile-documents.ts';
import { deliver, describeSignature, eventsOf, type Sent } from './signature-behaviour.ts';
import { type Change, EVALUATION } from './stripe-events.ts';

const PAYMENT = 'pay_do6kcxcq4pwehkbrupwnohnbyq';
const side = { reader: checkout, now: Date.parse('2026-11-20T09:31:20Z'), secret: CHECKOUT_SECRET };

const sign = (body: string, secret?: string): Sent => ({
  headers: { 'cko-signature': checkoutSignature(body, secret) },
  body,
});
const readText = (body: string) => deliver(side, sign(body));
const readOne = async (type: string, data?: Change) =>
  eventsOf(await readText(JSON.stringify(checkoutEvent(type, {}, data))))[0];

describeSignature({
  ...side,
  otherSecret: 'another-signature-key',
  sign: async (secret) => sign(JSON.stringify(checkoutEvent('payment_declined')), secret),
  header: 'cko-signature',
  isWholeBodySigned: true,
});

it('has no time to be stale by: a year later the same events are read', async () => {
  const sent = sign(JSON.stringify(checkoutEvent('payment_declined')));
  const later = await deliver({ ...side, now: side.now + 365 * 86_400_000 }, sent);
  expect(later).toEqual(await deliver(side, sent));
});

it('reads a signature in capitals', async () => {
  const body = JSON.stringify(checkoutEvent('payment_declined'));
  const headers = { 'Cko-Signature': checkoutSignature(body).toUpperCase() };
  expect(eventsOf(await deliver(side, { headers, body }))).toHaveLength(1);
});

describe('a payment', () => {
  it('that was declined says what, why, which and whose', async () => {
    expect(await readOne('payment_declined')).toEqual({
      id: 'evt_wlbf3ivtsjjuxjabg3jlju4ysa',
      outcome: { status: 'failed', declineReason: 'insufficient_funds', declineCode: '20051' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: [PAYMENT],
      tryId: 'act_kjxqqajgnyie3l66ujvddw7gqm',
      card: { fingerprint: '71580b426f1d190d29087ff265d8f48df1ad34ede41c27cbff9d23c1a14d1776', bin: '42424242' },
      occurredAt: Date.parse('2026-11-20T09:31:17.475Z'),
    });
  });

  it.each([
    ['payment_approved', 'succeeded'],
    ['payment_pending', 'pending'],
    ['payment_expired', 'unknown'],
    ['payment_canceled', 'unknown'],
    ['card_verified', 'succeeded'],
  ])('%s', async (type, status) => {
    const event = await readOne(type, payment({ response_code: '10000', response_summary: 'Approved' }));
    expect(event?.outcome).toEqual({ status, declineReason: null, declineCode: null });
  });

  it.each([
    ['20005', 'do_not_honor', []],
    ['20014', 'incorrect_number', []],
    ['20087', 'incorrect_cvc', []],
    ['200N7', 'incorrect_cvc', []],
    ['20151', 'authentication_failed', []],
    ['30043', 'reported_stolen', []],
    ['40101', 'other', ['processor_block']],
    ['40205', 'other', ['processor_block']],
    ['40999', 'other', ['processor_block']],
    ['29999', 'other', []],
    [null, 'other', []],
  ])('declined as %s: %s', async (response_code, declineReason, labels) => {
    const event = await readOne('payment_declined', payment({ response_code }));
    expect(event?.outcome).toEqual({ status: 'failed', declineReason, declineCode: response_code });
    expect(event?.labels).toEqual(labels);
  });

  it('that verifies a card', async () => {
    expect((await readOne('card_verification_declined'))?.outcome?.status).toBe('failed');
  });

  it('is not what a refund is', async () => {
    const refund = { id: PAYMENT, action_id: 'act_1', amount: 100 };
    expect(await readOne('payment_refunded', refund)).toMatchObject({
      outcome: null,
      labels: ['refund'],
      paymentIds: [PAYMENT],
    });
  });

  it('as older accounts are told of it', async () => {
    const { action_id: _, metadata: __, ...older } = payment({ processed_on: undefined });
    expect(await readOne('payment_declined', older)).toMatchObject({
      evaluation: null,
      tryId: null,
      occurredAt: Date.parse('2026-11-20T09:31:19.335Z'),
    });
  });
});

describe('a dispute', () => {
  it.each(['dispute_received', 'dispute_evidence_required'])('%s labels its payment', async (type) => {
    expect(await readOne(type, checkoutDispute())).toMatchObject({
      outcome: null,
      labels: ['dispute'],
      paymentIds: [PAYMENT],
      tryId: null,
      card: null,
    });
  });

  it('as older accounts are told of it', async () => {
    expect(await readOne('payment_chargeback', { id: PAYMENT, amount: 100 })).toMatchObject({
      labels: ['dispute'],
      paymentIds: [PAYMENT],
    });
  });
});

describe('what nobody asked for', () => {
  it.each([
    ...['payment_captured', 'payment_capture_declined', 'payment_refund_declined', 'payment_voided', 'dispute_won'],
    ...['authentication_failed', '', ...INHERITED_NAMES],
  ])('%s gives no events', async (type) => {
    expect(await readText(JSON.stringify(checkoutEvent(type)))).toEqual({ kind: 'events', events: [] });
  });

  it.each<readonly [string, string]>([
    ...hostileJson('id', 'type'),
    ['a payment without an id', JSON.stringify(checkoutEvent('payment_declined', {}, payment({ id: null })))],
    ['no data', JSON.stringify(checkoutEvent('payment_declined', { data: null }))],
    ['a dispute of nothing', JSON.stringify(checkoutEvent('dispute_received', {}, {}))],
  ])('%s is unreadable', async (_, body) => {
    expect(await readText(body)).toEqual({ kind: 'unreadable' });
  });

  it.each(NOT_UTF8)('%s is unreadable', async (_, bytes) => {
    const body = new Uint8Array(bytes);
    const headers = { 'cko-signature': createHmac('sha256', CHECKOUT_SECRET).update(body).digest('hex') };
    expect(await deliver(side, { headers, body })).toEqual({ kind: 'unreadable' });
  });
});
