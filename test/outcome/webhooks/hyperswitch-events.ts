/**
 * Outgoing webhooks of Hyperswitch: its `OutgoingWebhook` around a `PaymentsResponse` or a `DisputeResponse`
 * (https://api-reference.hyperswitch.io). Signed with Node's crypto as the router does it.
 */
import { createHmac } from 'node:crypto';
import { type Change, EVALUATION } from './stripe-events.ts';

export const HYPERSWITCH_SECRET = 'tQzU8p1cBNn1Qf5yqk8bX1eVvzWp2L3m';

export function hyperswitchEvent(type: string, object: Change = payment(), kind = 'payment_details'): Change {
  return {
    merchant_id: 'merchant_1700000000',
    event_id: 'evt_018e31720d1b7a2b82677d3032cab959',
    event_type: type,
    content: { type: kind, object },
    timestamp: '2026-11-20T09:31:19.335Z',
    processor_merchant_id: 'merchant_1700000000',
  };
}

export function payment(change: Change = {}): Change {
  return {
    payment_id: 'pay_mbabizu24mvu3mela5njyhpit4',
    merchant_id: 'merchant_1700000000',
    status: 'failed',
    amount: 6540,
    net_amount: 6540,
    amount_capturable: 0,
    amount_received: null,
    connector: 'cybersource',
    client_secret: 'pay_mbabizu24mvu3mela5njyhpit4_secret_made_up',
    created: '2026-11-20T09:31:10.000Z',
    currency: 'EUR',
    customer_id: 'cus_y3oqhf46pyzuxjbcn2giaqnb44',
    attempts: null,
    mandate_id: null,
    capture_method: 'automatic',
    payment_method: 'card',
    payment_method_data: {
      card: {
        last4: '4242',
        card_type: 'CREDIT',
        card_network: 'Visa',
        card_issuer: 'STRIPE PAYMENTS UK LIMITED',
        card_issuing_country: 'UNITEDKINGDOM',
        card_isin: '424242',
        card_extended_bin: '42424242',
        card_exp_month: '03',
        card_exp_year: '2030',
        card_holder_name: 'A. Buyer',
        payment_checks: { avs_response: null, card_verification: null },
        authentication_data: null,
      },
      billing: null,
    },
    payment_token: 'token_made_up',
    email: 'buyer@shop.example',
    authentication_type: 'no_three_ds',
    cancellation_reason: null,
    error_code: '204',
    error_message: 'insufficient fund',
    unified_code: 'UE_1000',
    unified_message: 'Issue with Payment Method details',
    issuer_error_code: '51',
    issuer_error_message: null,
    error_details: {
      unified_details: {
        category: 'UE_1000',
        message: 'Issue with Payment Method details',
        standardised_code: 'INSUFFICIENT_FUNDS',
        recommended_action: 'retry_later',
      },
      issuer_details: { code: '51', message: null, network_details: null },
      connector_details: { code: '204', message: 'insufficient fund', reason: null },
    },
    connector_transaction_id: '7312234567896543203954',
    metadata: { cordon_evaluation: EVALUATION, order: '6735' },
    reference_id: 'pay_mbabizu24mvu3mela5njyhpit4_1',
    attempt_count: 1,
    profile_id: 'pro_abcdefghijklmnop',
    merchant_connector_id: 'mca_abcdefghijklmnop',
    incremental_authorization_allowed: false,
    expires_on: '2026-11-20T09:46:10.000Z',
    fingerprint: 'Sx4Ym8TqbVRwWlAe5zkP',
    payment_method_id: null,
    payment_method_status: null,
    updated: '2026-11-20T09:31:18.000Z',
    ...change,
  };
}

export function hyperswitchDispute(change: Change = {}): Change {
  return {
    dispute_id: 'dp_5eC5NSGVrOHoVzO3eVnH',
    payment_id: 'pay_mbabizu24mvu3mela5njyhpit4',
    attempt_id: 'pay_mbabizu24mvu3mela5njyhpit4_1',
    amount: '6540',
    currency: 'EUR',
    dispute_stage: 'dispute',
    dispute_status: 'dispute_opened',
    connector: 'cybersource',
    connector_status: 'open',
    connector_dispute_id: 'dsp_42',
    connector_reason: 'fraudulent',
    connector_reason_code: '10.4',
    challenge_required_by: null,
    connector_created_at: null,
    connector_updated_at: null,
    created_at: '2026-11-20T09:30:00.000Z',
    profile_id: 'pro_abcdefghijklmnop',
    merchant_connector_id: 'mca_abcdefghijklmnop',
    ...change,
  };
}

export function hyperswitchSignature(body: string, secret = HYPERSWITCH_SECRET): string {
  return createHmac('sha512', secret).update(body, 'utf8').digest('hex');
}
