/**
 * Events of Checkout.com as its documentation shows them:
 * https://www.checkout.com/docs/developer-resources/event-notifications/event-types/payment_declined. Signed with Node's crypto.
 */
import { createHmac } from 'node:crypto';
import { type Change, EVALUATION } from './stripe-events.ts';

export const CHECKOUT_SECRET = 'a-signature-key-made-up-for-tests';

export function checkoutEvent(type: string, change: Change = {}, data: Change = payment()): Change {
  return {
    id: 'evt_wlbf3ivtsjjuxjabg3jlju4ysa',
    type,
    version: '1.0.29',
    created_on: '2026-11-20T09:31:19.3352174Z',
    data,
    _links: {
      self: { href: 'https://api.checkout.com/workflows/events/evt_wlbf3ivtsjjuxjabg3jlju4ysa' },
      subject: { href: 'https://api.checkout.com/workflows/events/subject/pay_do6kcxcq4pwehkbrupwnohnbyq' },
      payment: { href: 'https://api.checkout.com/payments/pay_do6kcxcq4pwehkbrupwnohnbyq' },
    },
    ...change,
  };
}

export function payment(change: Change = {}): Change {
  return {
    id: 'pay_do6kcxcq4pwehkbrupwnohnbyq',
    action_id: 'act_kjxqqajgnyie3l66ujvddw7gqm',
    reference: 'ORD-5023-4E89',
    amount: 40000,
    auth_code: '710130',
    currency: 'EUR',
    customer: { id: 'cus_m3cixs4slzcelfjmdcodlgyvkq', email: 'buyer@shop.example' },
    payment_ip: '203.0.113.0',
    metadata: { coupon_code: 'NY2018', cordon_evaluation: EVALUATION },
    payment_type: 'Regular',
    processed_on: '2026-11-20T09:31:17.4752751Z',
    processing: {
      acquirer_transaction_id: '623951711607972924924',
      retrieval_reference_number: '053353257136',
      partner_merchant_advice_code: '24',
    },
    '3ds': { downgraded: false, enrolled: 'Y', authentication_response: 'N', eci: '07', version: '2.2.0' },
    response_code: '20051',
    response_summary: 'Insufficient Funds',
    risk: { flagged: false, score: 0 },
    scheme_id: '399198565818571',
    source: {
      id: 'src_d5e4jlpi3syepp7nrjo3jk734a',
      type: 'card',
      billing_address: { address_line1: 'Oudegracht 1', city: 'Utrecht', zip: '3511', country: 'NL' },
      expiry_month: 12,
      expiry_year: 2030,
      scheme: 'VISA',
      last_4: '4242',
      fingerprint: '71580b426f1d190d29087ff265d8f48df1ad34ede41c27cbff9d23c1a14d1776',
      bin: '42424242',
      card_type: 'CREDIT',
      card_category: 'CONSUMER',
      issuer_country: 'GB',
      product_id: 'F',
      product_type: 'Visa Classic',
      avs_check: 'S',
      cvv_check: 'Y',
    },
    ...change,
  };
}

export function checkoutDispute(change: Change = {}): Change {
  return {
    id: 'dsp_bc94ebda8d275i461229',
    category: 'fraudulent',
    amount: 40000,
    currency: 'EUR',
    reason_code: '10.4',
    status: 'received',
    received_on: '2026-11-20T09:30:00Z',
    evidence_required_by: '2026-12-20T09:30:00Z',
    payment_id: 'pay_do6kcxcq4pwehkbrupwnohnbyq',
    payment_reference: 'ORD-5023-4E89',
    payment_arn: '74548998294293077338464',
    payment_method: 'VISA',
    ...change,
  };
}

export function checkoutSignature(body: string, secret = CHECKOUT_SECRET): string {
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}
