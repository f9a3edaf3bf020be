/**
 * WooCommerce behind Cordon: the Store API of the checkout block, its batches, the classic checkout by AJAX and by
 * form, paying for an order, adding a payment method. Sources: woocommerce/woocommerce, StoreApi/Routes/V1/Checkout.php,
 * includes/class-wc-ajax.php, includes/class-wc-form-handler.php; woocommerce/woocommerce-gateway-stripe.
 */
import type { WrittenReturn } from '../return-schema.ts';
import type { WrittenRoute } from '../route-schema.ts';

/** Under these names the usual gateways send what stands for a card: their own for a new one, the shop's for a saved one. */
const TOKENS = [
  'wc-stripe-payment-method',
  'wc-stripe-confirmation-token',
  'stripe_source',
  'wcpay-payment-method',
  'wcpay-confirmation-token',
  'wc-stripe-payment-token',
  'wc-woocommerce_payments-payment-token',
  'wc-braintree_credit_card-payment-token',
  'wc-braintree-credit-card-payment-nonce',
  'wc_braintree_credit_card_payment_nonce',
  'wc-square-credit-card-payment-nonce',
  'wc-square-credit-card-payment-token',
  'token',
];
/** What the forms send there for a card that is not saved, or for none. */
const not_tokens = ['new', '0', 'false', 'undefined'];

const storeFields = {
  token: TOKENS.map((name) => `/payment_data/${name}`),
  email: '/billing_address/email',
  billing_country: '/billing_address/country',
};
const formFields = {
  token: TOKENS.filter((name) => name !== 'token').map((name) => `/${name}`),
  email: '/billing_email',
  billing_country: '/billing_country',
};

const storeOutcome = {
  failed: [
    { json: { '/payment_result/payment_status': ['failure', 'error'] } },
    { json: { '/code': ['woocommerce_rest_checkout_process_payment_error'] } },
  ],
  succeeded: [{ status: [200], json: { '/payment_result/payment_status': ['success'] } }],
  pending: [{ json: { '/payment_result/payment_status': ['pending'] } }],
  // Turned away before any gateway was asked: a field is missing, the cart changed, the nonce is old.
  unknown: [
    {
      json: {
        '/code': [
          'rest_invalid_param',
          'rest_missing_callback_param',
          'woocommerce_rest_missing_nonce',
          'woocommerce_rest_invalid_nonce',
          'woocommerce_rest_cart_empty',
          'woocommerce_rest_invalid_address',
          'woocommerce_rest_invalid_email_address',
          'woocommerce_rest_invalid_shipping_option',
          'woocommerce_rest_checkout_missing_payment_method',
          'woocommerce_rest_checkout_payment_method_disabled',
        ],
      },
    },
    { status: [401, 403, 409, 429] },
  ],
  payment_id: '/order_id',
};

const store = { body: ['json', 'form'], card: 'optional', not_tokens, pairs: ['/payment_data'] } as const;

/** `/wc/store` is the current version under its old name. */
const NAMESPACES = ['/wc/store/v1', '/wc/store'] as const;

/** By path, and by the parameter that takes its place where a shop has no pretty permalinks. */
const storeRoutes: readonly WrittenRoute[] = NAMESPACES.flatMap((namespace, i) => {
  const name = `woo-store${i === 0 ? '' : '-old'}`;
  const common = { ...store, fields: storeFields, outcome: storeOutcome } as const;
  const batch = { refuse_containing: { '/requests/*/path': ['checkout'] }, attempt_unless: {} };
  const pages = { body: store.body, attempt_unless: {} } as const;
  return [
    { name, match: { methods: ['POST'], path: `/wp-json${namespace}/checkout` }, ...common },
    // The block tells the server what is typed so far; nothing is paid by these methods.
    { name: `${name}-draft`, match: { methods: ['PUT', 'PATCH'], path: `/wp-json${namespace}/checkout` }, ...pages },
    {
      name: `${name}-order`,
      match: { methods: ['POST'], path: `/wp-json${namespace}/checkout/{order}` },
      ...common,
      attached_to: '{order}',
    },
    { name: `${name}-batch`, match: { methods: ['POST'], path: `/wp-json${namespace}/batch` }, ...pages, ...batch },
    {
      name: `${name}-query`,
      match: { methods: ['POST'], path: '*', query: { rest_route: [`${namespace}/checkout`] } },
      ...common,
    },
    {
      name: `${name}-query-draft`,
      match: { methods: ['PUT', 'PATCH'], path: '*', query: { rest_route: [`${namespace}/checkout`] } },
      ...pages,
    },
    {
      name: `${name}-query-batch`,
      match: { methods: ['POST'], path: '*', query: { rest_route: [`${namespace}/batch`] } },
      ...pages,
      ...batch,
    },
  ] satisfies WrittenRoute[];
});

/** WordPress' own batches run every route that allows it, and the checkout does. */
const coreBatch = {
  refuse_containing: { '/requests/*/path': ['checkout'] },
  attempt_unless: {},
  body: ['json', 'form'],
} as const;
const coreBatches: readonly WrittenRoute[] = [
  { name: 'woo-core-batch', match: { methods: ['POST'], path: '/wp-json/batch/v1' }, ...coreBatch },
  {
    name: 'woo-core-batch-query',
    match: { methods: ['POST'], path: '*', query: { rest_route: ['/batch/v1'] } },
    ...coreBatch,
  },
];

const form = { body: 'form', card: 'optional', not_tokens, fields: formFields } as const;
/** A page after a failure, a redirect after a success. */
const pageOutcome = { failed: [{ status: [200] }], succeeded: [{ status: [302, 303] }] };
const ajaxOutcome = {
  failed: [{ json: { '/result': ['failure', 'fail', 'error'] } }],
  succeeded: [{ status: [200], json: { '/result': ['success'] } }],
  payment_id: '/order_id',
};

const classic: readonly WrittenRoute[] = [
  {
    name: 'woo-ajax',
    match: { methods: ['POST'], path: '*', query: { 'wc-ajax': ['checkout'] } },
    ...form,
    outcome: ajaxOutcome,
  },
  {
    name: 'woo-admin-ajax',
    match: { methods: ['POST'], path: '/wp-admin/admin-ajax.php', query: { action: ['woocommerce_checkout'] } },
    ...form,
    outcome: ajaxOutcome,
  },
  ...(['/checkout/', '/checkout'] as const).flatMap((path, i): readonly WrittenRoute[] => [
    {
      name: `woo-checkout${i === 0 ? '' : '-bare'}`,
      match: { methods: ['POST'], path },
      ...form,
      attempt_unless: { '/woocommerce_checkout_place_order': [null], '/woocommerce_checkout_update_totals': [null] },
      outcome: pageOutcome,
    },
    {
      name: `woo-pay${i === 0 ? '' : '-bare'}`,
      match: { methods: ['POST'], path: `${i === 0 ? path : `${path}/`}order-pay/{order}${i === 0 ? '/' : ''}` },
      ...form,
      attempt_unless: { '/woocommerce_pay': [null] },
      attached_to: '{order}',
      outcome: pageOutcome,
    },
    {
      name: `woo-add-payment-method${i === 0 ? '' : '-bare'}`,
      match: { methods: ['POST'], path: `/my-account/add-payment-method${i === 0 ? '/' : ''}` },
      kind: 'setup',
      ...form,
      attempt_unless: { '/woocommerce_add_payment_method': [null] },
      outcome: pageOutcome,
    },
  ]),
];

/** Checkout sessions of assistants (a feature that is off by default): one token, given out for this one payment. */
const agentic: readonly WrittenRoute[] = [
  {
    name: 'woo-agentic',
    match: { methods: ['POST'], path: '/wp-json/wc/agentic/v1/checkout_sessions/{session}/complete' },
    body: ['json', 'form'],
    card: 'optional',
    fields: { token: '/payment_data/token', email: '/buyer/email' },
    attached_to: '{session}',
    outcome: {
      failed: [{ json: { '/code': ['payment_declined'] } }],
      succeeded: [{ status: [200], json: { '/status': ['completed'] } }],
      unknown: [{ json: { '/type': ['invalid_request'] } }],
    },
  },
];

export const woocommerceRoutes: readonly WrittenRoute[] = [...storeRoutes, ...coreBatches, ...classic, ...agentic];

/**
 * Where gateways let the payer come back to. Some send him on to the checkout when the payment failed; the page itself
 * is 200 whether it thanks or regrets, so that it tells nothing.
 */
export const woocommerceReturns: readonly WrittenReturn[] = ['/', ''].map((slash) => ({
  name: `woo-order-received${slash === '' ? '-bare' : ''}`,
  match: { methods: ['GET'], path: `/checkout/order-received/{order}${slash}` },
  payment_id: { request: '{order}' },
  outcome: { failed: [{ status: [302, 303], location: ['/checkout/', '/checkout'] }] },
}));
