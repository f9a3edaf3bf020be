/**
 * Saleor behind Cordon: the mutations of its API by which a shopper pays or stores a card. Sources: saleor/saleor,
 * saleor/graphql/payment/mutations/{transaction,stored_payment_methods}, saleor/graphql/checkout/mutations/
 * checkout_complete.py, saleor/checkout/error_codes.py, saleor/payment/__init__.py (TransactionEventType).
 */
import type { WrittenRoute } from '../route-schema.ts';

type Operation = NonNullable<WrittenRoute['operations']>[number];

/** What went wrong before a payment app was asked. */
const REQUEST_ERRORS = ['GRAPHQL_ERROR', 'INVALID', 'NOT_FOUND', 'UNIQUE', 'CHECKOUT_COMPLETION_IN_PROGRESS'];

const eventOutcome: Operation['outcome'] = {
  failed: [{ json: { '/transactionEvent/type': ['AUTHORIZATION_FAILURE', 'CHARGE_FAILURE'] } }],
  succeeded: [{ json: { '/transactionEvent/type': ['AUTHORIZATION_SUCCESS', 'CHARGE_SUCCESS'] } }],
  pending: [
    {
      json: {
        '/transactionEvent/type': [
          'AUTHORIZATION_ACTION_REQUIRED',
          'AUTHORIZATION_REQUEST',
          'CHARGE_ACTION_REQUIRED',
          'CHARGE_REQUEST',
        ],
      },
    },
  ],
  unknown: [{ json: { '/errors/0/code': REQUEST_ERRORS } }],
  decline_reason: '/transactionEvent/message',
  payment_id: '/transaction/id',
};

const tokenizationOutcome: Operation['outcome'] = {
  failed: [{ json: { '/result': ['FAILED_TO_TOKENIZE'] } }],
  succeeded: [{ json: { '/result': ['SUCCESSFULLY_TOKENIZED'] } }],
  pending: [{ json: { '/result': ['PENDING', 'ADDITIONAL_ACTION_REQUIRED'] } }],
  // Also of a request that is refused before the app is asked: `result` is never null.
  unknown: [{ json: { '/result': ['FAILED_TO_DELIVER'] } }],
  card_token: '/id',
};

/** Of checkoutComplete, which charges in the older flow: what is wrong with the checkout, not with its payment. */
const CHECKOUT_ERRORS = [
  ...['BILLING_ADDRESS_NOT_SET', 'CHANNEL_INACTIVE', 'CHECKOUT_NOT_FULLY_PAID', 'DELIVERY_METHOD_NOT_APPLICABLE'],
  ...['EMAIL_NOT_SET', 'GIFT_CARD_NOT_APPLICABLE', 'GRAPHQL_ERROR', 'INACTIVE_PAYMENT', 'INSUFFICIENT_STOCK'],
  ...['INVALID', 'INVALID_SHIPPING_METHOD', 'MISSING_ADDRESS_DATA', 'NOT_FOUND', 'NO_LINES', 'REQUIRED'],
  ...['SHIPPING_ADDRESS_NOT_SET', 'SHIPPING_METHOD_NOT_APPLICABLE', 'SHIPPING_METHOD_NOT_SET', 'TAX_ERROR'],
  ...['UNAVAILABLE_VARIANT_IN_CHANNEL', 'UNIQUE', 'VOUCHER_NOT_APPLICABLE'],
];

export const saleorRoutes: readonly WrittenRoute[] = [
  {
    name: 'saleor-graphql',
    match: { methods: ['POST'], path: '/graphql/' },
    body: 'graphql',
    operations: [
      // The card is with the payment app: a checkout that is tried again and again is what can be counted.
      { field: 'transactionInitialize', attached_to: '/id', outcome: eventOutcome },
      { field: 'transactionProcess', attached_to: '/id', outcome: eventOutcome },
      {
        field: 'checkoutComplete',
        attached_to: '/id',
        outcome: {
          failed: [{ json: { '/errors/0/code': ['PAYMENT_ERROR'] } }],
          succeeded: [{ json: { '/order/__typename': ['Order'] } }],
          pending: [{ json: { '/confirmationNeeded': [true] } }],
          unknown: [{ json: { '/errors/0/code': CHECKOUT_ERRORS } }],
          payment_id: '/order/id',
        },
        // Only clients of the older flow ask for `confirmationNeeded`.
        tells: ['/errors/0/code', '/order/__typename'],
      },
      { field: 'paymentMethodInitializeTokenization', kind: 'setup', outcome: tokenizationOutcome },
      { field: 'paymentMethodProcessTokenization', kind: 'setup', attached_to: '/id', outcome: tokenizationOutcome },
    ],
  },
];
