/**
 * Notifications of Braintree, made and signed by the official library; and whole transactions, which its samples
 * leave out: https://developer.paypal.com/braintree/docs/reference/response/transaction.
 */
import braintree, { type WebhookNotificationKind } from 'braintree';
import { EVALUATION } from './stripe-events.ts';

export const PUBLIC_KEY = 'vqk4x2x9r3b5q7wt';
export const PRIVATE_KEY = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
export const BRAINTREE_SECRET = `${PUBLIC_KEY}:${PRIVATE_KEY}`;

export function gatewayWith(publicKey: string, privateKey: string) {
  const environment = braintree.Environment.Sandbox;
  return new braintree.BraintreeGateway({ environment, merchantId: 'acme', publicKey, privateKey });
}

const gateway = gatewayWith(PUBLIC_KEY, PRIVATE_KEY);

/** All kinds that the library knows; its types do not say where. */
export const KINDS: readonly string[] = Object.values(
  (braintree as unknown as { WebhookNotification: { Kind: Readonly<Record<string, string>> } }).WebhookNotification
    .Kind,
);

export function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

/** What the library's `webhookTesting` makes of a kind. */
export async function sample(kind: string, id: string): Promise<string> {
  const made = await gateway.webhookTesting.sampleNotification(kind as WebhookNotificationKind, id);
  return form({ ...made });
}

/** Any XML, signed by the library. */
export function signedForm(xml: string): string {
  const payload = `${Buffer.from(xml).toString('base64')}\n`;
  // Declared by no type, and what sampleNotification itself calls.
  const testing = gateway.webhookTesting as unknown as { sampleSignature(payload: string): string };
  return form({ bt_signature: testing.sampleSignature(payload), bt_payload: payload });
}

export function notification(kind: string, subject: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<notification>
  <timestamp type="datetime">2026-11-20T09:31:19Z</timestamp>
  <kind>${kind}</kind>
  <subject>
    ${subject}
  </subject>
</notification>
`;
}

/** A declined card sale. `change` replaces an element by its name. */
export function transaction(change: Readonly<Record<string, string>> = {}): string {
  const elements: Record<string, string> = {
    id: 'm8v6k1xq',
    status: 'processor_declined',
    type: 'sale',
    'currency-iso-code': 'EUR',
    amount: '10.99',
    'merchant-account-id': 'acme_eur',
    'order-id': '6735',
    'created-at': '2026-11-20T09:31:10Z',
    'updated-at': '2026-11-20T09:31:12Z',
    'processor-authorization-code': '',
    'processor-response-code': '2010',
    'processor-response-text': 'Card Issuer Declined CVV',
    'processor-response-type': 'hard_declined',
    'network-response-code': 'N7',
    'network-response-text': 'Decline for CVV2 failure',
    'gateway-rejection-reason': '',
    'cvv-response-code': 'N',
    'payment-instrument-type': 'credit_card',
    ...change,
  };
  const texts = Object.entries(elements).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<transaction>${texts.join('\n')}
    <customer><id nil="true"/><first-name>A.</first-name><last-name>Buyer &amp; Sons</last-name></customer>
    <custom-fields><cordon-evaluation>${EVALUATION}</cordon-evaluation></custom-fields>
    <credit-card>
      <token nil="true"/>
      <bin>411111</bin>
      <last-4>1111</last-4>
      <card-type>Visa</card-type>
      <expiration-month>03</expiration-month>
      <expiration-year>2030</expiration-year>
      <country-of-issuance>NLD</country-of-issuance>
      <unique-number-identifier>2f2d6ae4b8f2d0f24d5b4a5a5e9b1c77</unique-number-identifier>
      <venmo-sdk type="boolean">false</venmo-sdk>
    </credit-card>
    <status-history type="array">
      <status-event><timestamp type="datetime">2026-11-20T09:31:12Z</timestamp><status>processor_declined</status></status-event>
    </status-history>
    <add-ons type="array"/>
    <refund-ids type="array"/>
  </transaction>`;
}

export function subscription(...transactions: readonly string[]): string {
  return `<subscription>
    <id>7mjqjv</id>
    <status>Past Due</status>
    <transactions type="array">${transactions.join('\n')}</transactions>
    <add_ons type="array"></add_ons>
    <discounts type="array"></discounts>
  </subscription>`;
}
