/**
 * Signs as Stripe does, with its own library.
 */
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import type { Sent } from './signature-behaviour.ts';
import { CREATED_SECONDS } from './stripe-events.ts';

export const STRIPE_SECRET = 'whsec_made_up_for_tests';
export const NOW = CREATED_SECONDS * 1000;

export function signStripe(payload: string, secret = STRIPE_SECRET, timestamp = CREATED_SECONDS): Sent {
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { headers: { 'stripe-signature': header }, body: payload };
}

/** Bytes that are no text cannot be handed to the library. */
export function signBytes(body: Uint8Array<ArrayBuffer>): Sent {
  const hex = createHmac('sha256', STRIPE_SECRET).update(`${CREATED_SECONDS}.`).update(body).digest('hex');
  return { headers: { 'stripe-signature': `t=${CREATED_SECONDS},v1=${hex}` }, body };
}
