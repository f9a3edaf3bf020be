/**
 * Stripe's API, or a server that speaks it, behind Cordon: every request by which a card is charged, confirmed, stored
 * or made into a token. Bodies are forms. Sources: docs.stripe.com/api; stripe/openapi.
 */
import type { WrittenRoute } from '../route-schema.ts';

const outcome = {
  failed: [
    { status: [402] },
    { json: { '/error/type': ['card_error'] } },
    { json: { '/status': ['failed', 'requires_payment_method', 'requires_source', 'canceled'] } },
  ],
  succeeded: [{ status: [200], json: { '/status': ['succeeded', 'requires_capture', 'paid'] } }],
  pending: [
    { status: [200], json: { '/status': ['requires_action', 'requires_source_action', 'processing', 'pending'] } },
  ],
  // Refused by Stripe's own checks of the request: no issuer was asked.
  unknown: [{ json: { '/error/type': ['invalid_request_error', 'api_error', 'idempotency_error'] } }],
  decline_reason: ['/error/decline_code', '/error/code', '/failure_code'],
  payment_id: ['/error/payment_intent/id', '/error/setup_intent/id', '/error/charge', '/id'],
  card_fingerprint: [
    '/payment_method_details/card/fingerprint',
    '/latest_charge/payment_method_details/card/fingerprint',
    '/source/fingerprint',
    '/error/payment_method/card/fingerprint',
  ],
  card_token: ['/payment_method', '/payment_method/id', '/error/payment_method/id'],
};

/** What is stored answers with itself: its id is the token of the card, and 200 is all there is to success. */
const stored = {
  failed: [{ status: [402] }, { json: { '/error/type': ['card_error'] } }],
  succeeded: [{ status: [200] }],
  unknown: [{ json: { '/error/type': ['invalid_request_error', 'api_error', 'idempotency_error'] } }],
  decline_reason: ['/error/decline_code', '/error/code'],
  card_fingerprint: ['/card/fingerprint', '/fingerprint'],
  card_token: ['/id'],
};

const form = { body: 'form', card: 'optional', processor: 'stripe' } as const;
const post = (path: string) => ({ methods: ['POST' as const], path });
const billing_country = '/payment_method_data/billing_details/address/country';
const amounts = { customer_id: '/customer', amount: '/amount', currency: '/currency', email: '/receipt_email' };

const intentFields = {
  ...amounts,
  card_number: ['/payment_method_data/card/number', '/source_data/card/number', '/source/number'],
  token: ['/payment_method', '/payment_method_data/card/token', '/confirmation_token', '/source'],
  billing_country,
};
/** `source` and `card` are a token, or a card's own fields. */
const sourceFields = {
  ...amounts,
  card_number: ['/source/number', '/card/number'],
  token: ['/source', '/card', '/payment_method'],
};

const intents: readonly WrittenRoute[] = (['payment_intents', 'setup_intents'] as const).flatMap((intent) => {
  const route = {
    kind: intent === 'setup_intents' ? 'setup' : 'payment',
    fields: intentFields,
    outcome: outcome,
    ...form,
  } as const;
  const path = `/v1/${intent}`;
  const name = `stripe-${intent.replace('_', '-')}`;
  return [
    { name, match: post(path), attempt_unless: { '/confirm': ['false', null] }, ...route },
    { name: `${name}-update`, match: post(`${path}/{id}`), attempt_unless: {}, attached_to: '{id}', ...route },
    // Once more after 3-D Secure: with `requires_action` the payment waits for it.
    {
      name: `${name}-confirm`,
      match: post(`${path}/{id}/confirm`),
      attached_to: '{id}',
      continues: '{id}',
      ...route,
    },
  ] satisfies WrittenRoute[];
});

const charges: readonly WrittenRoute[] = [
  { name: 'stripe-charges', match: post('/v1/charges'), fields: sourceFields, outcome, ...form },
  {
    name: 'stripe-invoice-pay',
    match: post('/v1/invoices/{id}/pay'),
    fields: { token: ['/payment_method', '/source'] },
    attached_to: '{id}',
    outcome,
    ...form,
  },
];

/** Tokens: Stripe looks at the number's form only, so that these are attachments. */
const tokens: readonly WrittenRoute[] = [
  {
    name: 'stripe-tokens',
    match: post('/v1/tokens'),
    kind: 'setup',
    fields: { card_number: '/card/number', token: '/card' },
    attempt_unless: {},
    ...form,
    outcome: stored,
  },
  {
    name: 'stripe-sources',
    match: post('/v1/sources'),
    kind: 'setup',
    fields: { card_number: '/card/number', token: ['/token', '/card'] },
    attempt_unless: {},
    ...form,
    outcome: stored,
  },
  {
    name: 'stripe-payment-methods',
    match: post('/v1/payment_methods'),
    kind: 'setup',
    fields: { card_number: '/card/number', token: ['/card/token', '/payment_method'] },
    attempt_unless: {},
    ...form,
    outcome: stored,
  },
  {
    name: 'stripe-confirmation-tokens',
    match: post('/v1/test_helpers/confirmation_tokens'),
    kind: 'setup',
    fields: { card_number: '/payment_method_data/card/number', token: '/payment_method' },
    attempt_unless: {},
    ...form,
    outcome: stored,
  },
];

/** Most customers are made, and changed, without any card. */
const unlessCard = {
  '/source': [null],
  '/source/number': [null],
  '/card': [null],
  '/card/number': [null],
  '/payment_method': [null],
};

/** A card put on a customer is asked about at its issuer: these are attempts to store one. */
const customers: readonly WrittenRoute[] = [
  {
    name: 'stripe-customers',
    match: post('/v1/customers'),
    kind: 'setup',
    fields: sourceFields,
    attempt_unless: unlessCard,
    ...form,
    outcome: { ...stored, card_token: ['/default_source', '/invoice_settings/default_payment_method'] },
  },
  {
    name: 'stripe-customer-update',
    match: post('/v1/customers/{customer}'),
    kind: 'setup',
    fields: sourceFields,
    attempt_unless: unlessCard,
    ...form,
    outcome: { ...stored, card_token: ['/default_source', '/invoice_settings/default_payment_method'] },
  },
  ...(['sources', 'cards'] as const).map(
    (list): WrittenRoute => ({
      name: `stripe-customer-${list}`,
      match: post(`/v1/customers/{customer}/${list}`),
      kind: 'setup',
      fields: sourceFields,
      ...form,
      outcome: stored,
    }),
  ),
  {
    name: 'stripe-payment-method-attach',
    match: post('/v1/payment_methods/{payment_method}/attach'),
    kind: 'setup',
    fields: { token: '{payment_method}' },
    ...form,
    outcome: stored,
  },
];

export const stripeRoutes: readonly WrittenRoute[] = [...intents, ...charges, ...tokens, ...customers];
