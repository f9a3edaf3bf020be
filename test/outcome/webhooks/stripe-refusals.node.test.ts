/**
 * What Stripe may send that Cordon does not count, and what nobody should send.
 */
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/outcome/webhooks/stripe.ts';
import { hostileJson, INHERITED_NAMES, NOT_UTF8 } from './hostile-documents.ts';
import { deliver, eventsOf } from './signature-behaviour.ts';
import { type Change, card, charge, dispute, outcome, stripeEvent } from './stripe-events.ts';
import { NOW, STRIPE_SECRET, signStripe as sign, signBytes } from './stripe-signing.ts';

const side = { reader: stripe, now: NOW, secret: STRIPE_SECRET };
const read = (type: string, object: Change) => deliver(side, sign(JSON.stringify(stripeEvent(type, object))));
const readOne = async (type: string, object: Change) => eventsOf(await read(type, object))[0];

const BODY = JSON.stringify(stripeEvent('charge.failed', charge()));

describe('what nobody asked for', () => {
  it.each(['charge.refunded', 'charge.captured', 'customer.created', 'v2.core.event', '', ...INHERITED_NAMES])(
    '%s gives no events',
    async (type) => {
      expect(await read(type, charge())).toEqual({ kind: 'events', events: [] });
    },
  );

  it.each<readonly [string, string]>([
    ...hostileJson('id', 'type'),
    ['a charge without an id', JSON.stringify(stripeEvent('charge.failed', charge({ id: null })))],
    ['an intent without an id', JSON.stringify(stripeEvent('payment_intent.succeeded', { object: 'payment_intent' }))],
    ['a dispute of nothing', JSON.stringify(stripeEvent('charge.dispute.created', dispute({ charge: null })))],
    ['an object that is a text', JSON.stringify({ ...stripeEvent('charge.failed', {}), data: { object: 'ch_1' } })],
    ['data that are an array', JSON.stringify({ ...stripeEvent('charge.failed', {}), data: [charge()] })],
  ])('%s is unreadable', async (_, payload) => {
    expect(await deliver(side, sign(payload))).toEqual({ kind: 'unreadable' });
  });

  it.each(NOT_UTF8)('%s is unreadable', async (_, bytes) => {
    const body = new Uint8Array(bytes);
    const { headers } = signBytes(body);
    expect(await deliver(side, { headers, body })).toEqual({ kind: 'unreadable' });
  });

  it('a charge with bytes in it that are no UTF-8 is unreadable', async () => {
    const [before = '', after = ''] = BODY.split('A. Buyer');
    const body = new Uint8Array(Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)]));
    expect(await deliver(side, { headers: signBytes(body).headers, body })).toEqual({ kind: 'unreadable' });
  });

  it('cuts what is too long, and keeps no invisible character', async () => {
    const object = charge({
      id: `ch_${'x'.repeat(500)}`,
      failure_code: null,
      outcome: outcome({ reason: `a\u0000b\u202ec${'d'.repeat(500)}`, network_decline_code: null }),
    });
    const event = await readOne('charge.failed', object);
    expect([event?.tryId?.length, event?.outcome?.declineCode]).toEqual([128, `abc${'d'.repeat(61)}`]);
  });

  it('lets no card number through, wherever one stands', async () => {
    const number = '4000 0566 5566 5556';
    const object = charge({
      payment_intent: number,
      failure_code: number,
      outcome: outcome({ reason: number }),
      payment_method_details: { card: card({ fingerprint: number, iin: '4000056655665556' }) },
      metadata: { cordon_evaluation: number },
    });
    const event = await readOne('charge.failed', object);
    expect(JSON.stringify(event).replaceAll(/\D/g, '')).not.toContain('40000566');
    expect(event?.card).toBeNull();
  });
});
