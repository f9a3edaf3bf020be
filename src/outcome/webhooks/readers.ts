/**
 * Who reads whose webhooks.
 */
import type { Processor, WebhookReader } from '../processor-event.ts';
import { adyen } from './adyen.ts';
import { braintree } from './braintree.ts';
import { checkout } from './checkout.ts';
import { hyperswitch } from './hyperswitch.ts';
import { stripe } from './stripe.ts';

export const WEBHOOK_READERS: Readonly<Record<Processor, WebhookReader>> = {
  stripe,
  adyen,
  checkout,
  hyperswitch,
  braintree,
};
