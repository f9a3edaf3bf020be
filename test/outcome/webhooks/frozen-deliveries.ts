/**
 * One delivery of each processor with its signature written down, so that it can be read where no library runs.
 * `frozen-deliveries.node.test.ts` sees to it that the libraries still make these signatures.
 */
import type { Processor } from '../../../src/outcome/processor-event.ts';

export interface FrozenDelivery {
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the reader must find in it. */
  readonly tryId: string;
  readonly status: string;
}

export const STRIPE_BODY = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  created: 1735000000,
  type: 'charge.failed',
  data: { object: { id: 'ch_1', object: 'charge', failure_code: 'incorrect_cvc', payment_intent: 'pi_1' } },
});

export const ADYEN_ITEM = {
  pspReference: 'QFQTPCQ8HXSKGK82',
  originalReference: '',
  merchantAccountCode: 'AcmeECOM',
  merchantReference: 'order:6735',
  amount: { value: 1130, currency: 'EUR' },
  eventCode: 'AUTHORISATION',
  success: 'false',
  additionalData: { hmacSignature: 'q44RDqQ+JupwxxFLhZMwqA3GxjqpodfglgJ8JmnXvsY=' },
};

export const BRAINTREE_XML =
  '<notification><timestamp type="datetime">2026-11-20T09:31:19Z</timestamp><kind>transaction_settled</kind>' +
  '<subject><transaction><id>m8v6k1xq</id><status>settled</status></transaction></subject></notification>';
export const BRAINTREE_SIGNATURE = 'frozenpublickey1|3bc8727530a81a69086d70feb76a809e264b17ba';

export const FROZEN: Readonly<Record<Processor, FrozenDelivery>> = {
  stripe: {
    secret: 'whsec_frozen',
    headers: {
      'Stripe-Signature': 't=1735000000,v1=8b778dcdca1b6b19d7cbef1a3d76cddb63ff049138e1579f18222941513e282b',
    },
    body: STRIPE_BODY,
    tryId: 'ch_1',
    status: 'failed',
  },
  adyen: {
    secret: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    headers: {},
    body: JSON.stringify({ live: 'false', notificationItems: [{ NotificationRequestItem: ADYEN_ITEM }] }),
    tryId: 'QFQTPCQ8HXSKGK82',
    status: 'failed',
  },
  checkout: {
    secret: 'frozen key',
    headers: { 'Cko-Signature': '1d698b5a51176aa44cd8963efddbbb6cdce341a24c2247e98ba366a4aad0035b' },
    body: JSON.stringify({
      id: 'evt_1',
      type: 'payment_declined',
      data: { id: 'pay_1', action_id: 'act_1', response_code: '20051' },
    }),
    tryId: 'act_1',
    status: 'failed',
  },
  hyperswitch: {
    secret: 'frozen key',
    headers: {
      'X-Webhook-Signature-512':
        '2e5be29a20ee8e94e1fba00bc992f6f74740c244cb80a9b65494bcee5c41c69c' +
        '4d5158741bd69862fe4395839fc6e17c240436bc93c972e329780cc8463c4aa9',
    },
    body: JSON.stringify({
      event_id: 'evt_1',
      event_type: 'payment_failed',
      content: { object: { payment_id: 'pay_1', attempt_count: 1, error_code: '51' } },
    }),
    tryId: 'pay_1_1',
    status: 'failed',
  },
  braintree: {
    secret: 'frozenpublickey1:frozen private key',
    headers: {},
    body: new URLSearchParams({
      bt_signature: BRAINTREE_SIGNATURE,
      bt_payload: `${btoa(BRAINTREE_XML)}\n`,
    }).toString(),
    tryId: 'm8v6k1xq',
    status: 'succeeded',
  },
};
