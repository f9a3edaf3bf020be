/**
 * Events of Stripe as its documentation shows them, whole: https://docs.stripe.com/api/events/object and the objects
 * within. A change is given as a part of the object.
 */
export const EVALUATION = `ev_${'0123456789abcdef'.repeat(2)}acme`;
export const CREATED_SECONDS = 1_735_000_000;

export type Change = Readonly<Record<string, unknown>>;

export function stripeEvent(type: string, object: Change): Change {
  return {
    id: 'evt_3NG8Du2eZvKYlo2C1XMd8b9j',
    object: 'event',
    api_version: '2026-09-30.basil',
    created: CREATED_SECONDS,
    data: { object, previous_attributes: {} },
    livemode: false,
    pending_webhooks: 2,
    request: { id: 'req_Z9DdFf1LwZtHrt', idempotency_key: '0f3a1c0e-4b44-4b7b-9c3a-6a40f0d3f1f5' },
    type,
  };
}

export function card(change: Change = {}): Change {
  return {
    amount_authorized: null,
    authorization_code: null,
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: 'pass', cvc_check: 'fail' },
    country: 'US',
    exp_month: 8,
    exp_year: 2027,
    extended_authorization: { status: 'disabled' },
    fingerprint: 'mToisGZ01V71BCos',
    funding: 'credit',
    iin: '424242',
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: '4242',
    mandate: null,
    network: 'visa',
    network_token: { used: false },
    network_transaction_id: '766101211027101',
    overcapture: { maximum_amount_capturable: 1099, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    wallet: null,
    ...change,
  };
}

const BILLING_DETAILS = {
  address: { city: 'Utrecht', country: 'NL', line1: 'Oudegracht 1', line2: null, postal_code: '3511', state: null },
  email: 'buyer@shop.example',
  name: 'A. Buyer',
  phone: null,
  tax_id: null,
};

export function outcome(change: Change = {}): Change {
  return {
    advice_code: 'try_again_later',
    network_advice_code: '02',
    network_decline_code: '05',
    network_status: 'declined_by_network',
    reason: 'generic_decline',
    risk_level: 'normal',
    risk_score: 12,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
    ...change,
  };
}

export function charge(change: Change = {}): Change {
  return {
    id: 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA',
    object: 'charge',
    amount: 1099,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: BILLING_DETAILS,
    calculated_statement_descriptor: 'ACME',
    captured: false,
    created: CREATED_SECONDS - 2,
    currency: 'eur',
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: 'card_declined',
    failure_message: 'Your card was declined.',
    fraud_details: {},
    livemode: false,
    metadata: { cordon_evaluation: EVALUATION, order: '6735' },
    on_behalf_of: null,
    outcome: outcome(),
    paid: false,
    payment_intent: 'pi_3NG8Du2eZvKYlo2C1XMd8b9j',
    payment_method: 'pm_1NG8Du2eZvKYlo2CUI79vXbU',
    payment_method_details: { card: card(), type: 'card' },
    radar_options: {},
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'failed',
    transfer_data: null,
    transfer_group: null,
    ...change,
  };
}

export const PAID: Change = {
  amount_captured: 1099,
  captured: true,
  paid: true,
  status: 'succeeded',
  failure_code: null,
  failure_message: null,
  outcome: outcome({
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: 'approved_by_network',
    reason: null,
    seller_message: 'Payment complete.',
    type: 'authorized',
  }),
};

export function lastError(change: Change = {}): Change {
  return {
    advice_code: 'try_again_later',
    charge: 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA',
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    doc_url: 'https://docs.stripe.com/error-codes/card-declined',
    message: 'Your card has insufficient funds.',
    network_decline_code: '51',
    payment_method: {
      id: 'pm_1NG8Du2eZvKYlo2CUI79vXbU',
      object: 'payment_method',
      allow_redisplay: 'unspecified',
      billing_details: BILLING_DETAILS,
      card: card(),
      created: CREATED_SECONDS - 3,
      customer: null,
      livemode: false,
      metadata: {},
      type: 'card',
    },
    type: 'card_error',
    ...change,
  };
}

export function paymentIntent(change: Change = {}): Change {
  return {
    id: 'pi_3NG8Du2eZvKYlo2C1XMd8b9j',
    object: 'payment_intent',
    amount: 1099,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: 'pi_3NG8Du2eZvKYlo2C1XMd8b9j_secret_made_up',
    confirmation_method: 'automatic',
    created: CREATED_SECONDS - 60,
    currency: 'eur',
    customer: null,
    description: null,
    last_payment_error: lastError(),
    latest_charge: 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA',
    livemode: false,
    metadata: { cordon_evaluation: EVALUATION },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { installments: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card', 'link'],
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
    ...change,
  };
}

export function setupIntent(change: Change = {}): Change {
  const { charge: _, ...error } = lastError({ code: 'incorrect_cvc', decline_code: 'incorrect_cvc' });
  return {
    id: 'seti_1NG8Du2eZvKYlo2C9XMZbVYx',
    object: 'setup_intent',
    application: null,
    attach_to_self: false,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: 'seti_1NG8Du2eZvKYlo2C9XMZbVYx_secret_made_up',
    created: CREATED_SECONDS - 30,
    customer: 'cus_NeZwdNtLEOXuvB',
    description: null,
    flow_directions: null,
    last_setup_error: error,
    latest_attempt: 'setatt_1NG8Du2eZvKYlo2CqTaJ8tYv',
    livemode: false,
    mandate: null,
    metadata: { cordon_evaluation: EVALUATION },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: 'off_session',
    ...change,
  };
}

export function dispute(change: Change = {}): Change {
  return {
    id: 'du_1MtJUT2eZvKYlo2CNaw2HvEv',
    object: 'dispute',
    amount: 1099,
    balance_transactions: [],
    charge: 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA',
    created: CREATED_SECONDS - 1,
    currency: 'eur',
    enhanced_eligibility_types: [],
    evidence: { access_activity_log: null, customer_email_address: null, product_description: null },
    evidence_details: { due_by: CREATED_SECONDS + 600_000, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: true,
    livemode: false,
    metadata: {},
    payment_intent: 'pi_3NG8Du2eZvKYlo2C1XMd8b9j',
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10.4' },
      type: 'card',
    },
    reason: 'fraudulent',
    status: 'needs_response',
    ...change,
  };
}

export function earlyFraudWarning(change: Change = {}): Change {
  return {
    id: 'issfr_1NnrwHBw2dPENLoi9lnhV3RQ',
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: 'ch_3NG8Du2eZvKYlo2C1zZ8K1bA',
    created: CREATED_SECONDS - 1,
    fraud_type: 'made_with_stolen_card',
    livemode: false,
    payment_intent: 'pi_3NG8Du2eZvKYlo2C1XMd8b9j',
    ...change,
  };
}
