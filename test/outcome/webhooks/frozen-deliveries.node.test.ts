/**
 * The signatures that are written down are those that the official libraries make, and Node where there is none.
 */
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { adyenSignature, type Item } from './adyen-batches.ts';
import { gatewayWith } from './braintree-notifications.ts';
import { ADYEN_ITEM, BRAINTREE_SIGNATURE, BRAINTREE_XML, FROZEN, STRIPE_BODY } from './frozen-deliveries.ts';

it('of Stripe', () => {
  const timestamp = 1735000000;
  const made = Stripe.webhooks.generateTestHeaderString({
    payload: STRIPE_BODY,
    secret: FROZEN.stripe.secret,
    timestamp,
  });
  expect(FROZEN.stripe.headers).toEqual({ 'Stripe-Signature': made });
});

it('of Adyen', () => {
  const unsigned = { ...ADYEN_ITEM, additionalData: {} } as unknown as Item;
  expect(ADYEN_ITEM.additionalData.hmacSignature).toBe(adyenSignature(unsigned, FROZEN.adyen.secret));
});

it('of Checkout.com', () => {
  const { secret, body, headers } = FROZEN.checkout;
  expect(headers).toEqual({ 'Cko-Signature': createHmac('sha256', secret).update(body).digest('hex') });
});

it('of Hyperswitch', () => {
  const { secret, body, headers } = FROZEN.hyperswitch;
  expect(headers).toEqual({ 'X-Webhook-Signature-512': createHmac('sha512', secret).update(body).digest('hex') });
});

it('of Braintree', () => {
  const [publicKey = '', privateKey = ''] = FROZEN.braintree.secret.split(':');
  const testing = gatewayWith(publicKey, privateKey).webhookTesting as unknown as {
    sampleSignature(payload: string): string;
  };
  expect(BRAINTREE_SIGNATURE).toBe(testing.sampleSignature(`${btoa(BRAINTREE_XML)}\n`));
});
