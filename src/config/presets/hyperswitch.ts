/**
 * Hyperswitch behind Cordon: every request of its API by which a shopper's card is attached, confirmed or stored.
 * Sources: juspay/hyperswitch, crates/router/src/routes/app.rs, crates/api_models/src/payments.rs and subscription.rs,
 * crates/router/src/compatibility/stripe; api-reference.hyperswitch.io.
 */
import type { WrittenReturn } from '../return-schema.ts';
import type { WrittenRoute } from '../route-schema.ts';

const fields = {
  // A network token and a wallet's decrypted number are numbers like any other: each stands for one card.
  card_number: [
    '/payment_method_data/card/card_number',
    '/payment_method_data/network_token/network_token',
    '/payment_method_data/wallet/apple_pay/payment_data/application_primary_account_number',
    '/payment_method_data/wallet/google_pay/tokenization_data/application_primary_account_number',
    '/recurring_details/data/card_number',
  ],
  token: ['/payment_token', '/payment_method_id', '/mandate_id', '/recurring_details/data'],
  customer_id: '/customer_id',
  email: '/email',
  amount: '/amount',
  currency: '/currency',
  billing_country: '/billing/address/country',
};

const SUCCESSES = [
  'succeeded',
  'requires_capture',
  'partially_captured',
  'partially_captured_and_capturable',
  'partially_authorized_and_requires_capture',
];
const outcome = {
  failed: [{ json: { '/status': ['failed'] } }],
  succeeded: [{ status: [200], json: { '/status': SUCCESSES } }],
  pending: [{ json: { '/status': ['requires_customer_action', 'requires_merchant_action', 'processing'] } }],
  // Refused by Hyperswitch's own checks: no issuer was asked.
  unknown: [{ json: { '/error/type': ['invalid_request'] } }],
  decline_reason: ['/error_code', '/error/code'],
  payment_id: '/payment_id',
  card_token: '/payment_method_id',
};

const json = { card: 'optional', outcome, processor: 'hyperswitch', refusal: 'hyperswitch' } as const;
const post = (path: string) => ({ methods: ['POST' as const], path });
const unlessConfirmed = { '/confirm': [false, null] };

const payments: readonly WrittenRoute[] = [
  { name: 'hs-payments', match: post('/payments'), fields, attempt_unless: unlessConfirmed, ...json },
  // The names of the API that are no payments' ids; before the route that takes any id.
  { name: 'hs-list', match: post('/payments/list'), attempt_unless: {}, ...json },
  { name: 'hs-filter', match: post('/payments/filter'), attempt_unless: {}, ...json },
  { name: 'hs-session-tokens', match: post('/payments/session_tokens'), attempt_unless: {}, ...json },
  { name: 'hs-sync', match: post('/payments/sync'), attempt_unless: {}, ...json },
  {
    name: 'hs-update',
    match: post('/payments/{payment_id}'),
    fields,
    attempt_unless: unlessConfirmed,
    attached_to: '{payment_id}',
    continues: '{payment_id}',
    ...json,
  },
  {
    name: 'hs-confirm',
    match: post('/payments/{payment_id}/confirm'),
    fields,
    attached_to: '{payment_id}',
    continues: '{payment_id}',
    ...json,
  },
  {
    name: 'hs-complete-authorize',
    match: post('/payments/{payment_id}/complete_authorize'),
    fields,
    attached_to: '{payment_id}',
    continues: '{payment_id}',
    ...json,
  },
];

/** A stored card: an attachment, known from then on by the id in the answer. */
const storedCard = {
  fields: { card_number: ['/card/card_number', '/payment_method_data/card/card_number'] },
  attempt_unless: {},
  ...json,
  outcome: { ...outcome, payment_id: undefined, card_token: '/payment_method_id' },
};

const paymentMethods: readonly WrittenRoute[] = [
  { name: 'hs-payment-methods', match: post('/payment_methods'), kind: 'setup', ...storedCard },
  {
    name: 'hs-payment-method-update',
    match: post('/payment_methods/{payment_method_id}/update'),
    kind: 'setup',
    ...storedCard,
    fields: { ...storedCard.fields, token: '{payment_method_id}' },
  },
  {
    name: 'hs-payment-method-save',
    match: post('/payment_methods/{payment_method_id}/save'),
    kind: 'setup',
    ...storedCard,
    fields: { ...storedCard.fields, token: '{payment_method_id}' },
  },
];

const second = { ...json, outcome: { ...outcome, payment_id: '/id', decline_reason: ['/error/code'] } };
const secondFields = {
  card_number: '/payment_method_data/card/card_number',
  token: ['/payment_token', '/payment_method_id'],
  customer_id: '/customer_id',
};

/** The second version of the API: an intent, then its confirmation, or both at once. */
const secondVersion: readonly WrittenRoute[] = [
  { name: 'hs-v2-payments', match: post('/v2/payments'), fields: secondFields, ...second },
  {
    name: 'hs-v2-confirm',
    match: post('/v2/payments/{payment_id}/confirm-intent'),
    fields: secondFields,
    attached_to: '{payment_id}',
    continues: '{payment_id}',
    ...second,
  },
  {
    name: 'hs-v2-payment-methods',
    match: post('/v2/payment-methods'),
    kind: 'setup',
    fields: { card_number: '/payment_method_data/card/card_number' },
    attempt_unless: {},
    ...json,
    outcome: { ...outcome, payment_id: undefined, card_token: '/id' },
  },
];

const SUBSCRIBED = '/payment_details/payment_method_data';

/** A subscription's first payment: made at once by a backend, or confirmed from the shopper's page. */
const subscription = {
  fields: {
    card_number: [`${SUBSCRIBED}/card/card_number`, `${SUBSCRIBED}/network_token/network_token`],
    token: ['/payment_details/payment_token', '/payment_details/payment_method_id'],
    customer_id: '/customer_id',
    billing_country: '/billing/address/country',
  },
  ...json,
  outcome: {
    failed: [{ json: { '/payment/status': ['failed'] } }],
    succeeded: [{ status: [200], json: { '/payment/status': SUCCESSES } }],
    pending: [{ json: { '/payment/status': ['requires_customer_action', 'requires_merchant_action', 'processing'] } }],
    unknown: outcome.unknown,
    decline_reason: ['/payment/error_code', '/error/code'],
    payment_id: '/payment/payment_id',
    card_token: '/payment/payment_method_id',
  },
};

const subscriptions: readonly WrittenRoute[] = [
  { name: 'hs-subscriptions', match: post('/subscriptions'), ...subscription },
  { name: 'hs-subscription-confirm', match: post('/subscriptions/{subscription_id}/confirm'), ...subscription },
];

const compatible = {
  body: 'form',
  card: 'optional',
  // Without these the card is none to Hyperswitch, which then pays with the one attached (payment_intents/types.rs).
  card_needs: ['exp_month', 'exp_year', 'cvc'].map((name) => `/payment_method_data/card/${name}`),
  fields: {
    card_number: '/payment_method_data/card/number',
    // Not `payment_method`: it is taken and not used (payment_intents/types.rs), so it could stand before the card.
    token: '/mandate',
    customer_id: '/customer',
  },
  // Hyperswitch answers a failed payment as canceled here.
  outcome: {
    failed: [{ json: { '/status': ['canceled'] } }, { json: { '/error/type': ['card_error'] } }],
    succeeded: [{ status: [200], json: { '/status': ['succeeded', 'requires_capture'] } }],
    pending: [{ json: { '/status': ['requires_action', 'processing'] } }],
    unknown: [{ json: { '/error/type': ['invalid_request_error'] } }],
    decline_reason: ['/last_payment_error/decline_code', '/last_payment_error/code', '/error/code'],
    payment_id: '/id',
  },
  processor: 'hyperswitch',
} as const;

const named = { attached_to: '{id}', continues: '{id}' } as const;

/** Its imitation of Stripe's API, which takes the same payments. */
const stripeCompatible: readonly WrittenRoute[] = (['payment_intents', 'setup_intents'] as const).flatMap((intents) => {
  const kind = intents === 'setup_intents' ? 'setup' : 'payment';
  const route = { kind, ...compatible } as const;
  const path = `/vs/v1/${intents}`;
  const name = `hs-vs-${intents.replace('_', '-')}`;
  const unless = { '/confirm': ['false', null] };
  return [
    { name, match: post(path), attempt_unless: unless, ...route },
    { name: `${name}-sync`, match: post(`${path}/sync`), attempt_unless: {}, ...route },
    { name: `${name}-update`, match: post(`${path}/{id}`), attempt_unless: unless, ...named, ...route },
    { name: `${name}-confirm`, match: post(`${path}/{id}/confirm`), ...named, ...route },
  ] satisfies WrittenRoute[];
});

export const hyperswitchRoutes: readonly WrittenRoute[] = [
  ...payments,
  ...paymentMethods,
  ...secondVersion,
  ...subscriptions,
  ...stripeCompatible,
];

/**
 * Back from an issuer's page, Hyperswitch asks what became of the payment of this path and sends the payer on to the
 * shop with a `status` of its own (crates/router/src/core/payments/helpers.rs, make_merchant_url_with_response). Where
 * the shop's own URL has one too, nobody can tell them apart, and nothing is told.
 */
const redirects = ['response', 'complete'].flatMap((what) => {
  const path = `/payments/{payment_id}/{merchant_id}/redirect/${what}/{connector}`;
  return [path, `${path}/{creds_identifier}`].map((one, i) => ({
    name: `hs-redirect-${what}${i === 0 ? '' : '-of'}`,
    path: one,
  }));
});

export const hyperswitchReturns: readonly WrittenReturn[] = redirects.map(({ name, path }) => ({
  name,
  match: { methods: ['GET', 'POST'], path },
  payment_id: { request: '{payment_id}' },
  outcome: {
    failed: [{ status: [302], location: ['*?status=failed'] }],
    succeeded: [{ status: [302], location: SUCCESSES.map((status) => `*?status=${status}`) }],
  },
  processor: 'hyperswitch',
}));
