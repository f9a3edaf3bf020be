/**
 * Where a processor's own key may be sent: whoever may write one merchant's configuration may name any key of the
 * deployment, another merchant's too, so the address is not his to choose.
 */
import { expect, it } from 'vitest';
import { deployment, pathsOf, production } from './deployment.ts';

const AT = '/webhooks/stripe/cancel_intents/api_url';
const sendingTo = (api_url?: string) => {
  const cancel_intents = { after_failures: 3, key_name: 'CORDON_PROCESSOR_STRIPE', ...(api_url && { api_url }) };
  return { id: 'acme', webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'], cancel_intents } } };
};

it.each([
  'https://keys.attacker.example',
  'https://api.stripe.com.attacker.example',
  'https://api.stripe.com:8443',
  'http://api.stripe.com',
  'https://api.stripe.com/v1',
  'http://localhost:12111',
])('a key of the deployment is never sent to %s', async (url) => {
  expect(pathsOf(sendingTo(url), await deployment(production))).toEqual([AT]);
});

it.each([undefined, 'https://api.stripe.com', 'https://api.stripe.com/'])('Stripe is Stripe: %s', async (url) => {
  expect(pathsOf(sendingTo(url), await deployment(production))).toEqual([]);
});

it('a stand-in for Stripe may be on this machine in development, and nowhere else', async () => {
  expect(pathsOf(sendingTo('http://localhost:12111'), await deployment())).toEqual([]);
  expect(pathsOf(sendingTo('https://keys.attacker.example'), await deployment())).toEqual([AT]);
});
