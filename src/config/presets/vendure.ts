/**
 * Vendure behind Cordon: the one operation of its shop API that pays. Sources: vendure-ecommerce/vendure,
 * packages/core/src/api/schema/shop-api/{shop.api,shop-error-results}.graphql, core/src/service/services/
 * order.service.ts (addPaymentToOrder).
 */
import type { WrittenRoute } from '../route-schema.ts';

/** The same by `__typename` and by `errorCode`: storefronts ask for either. */
const REFUSED = [
  { '/__typename': ['PaymentDeclinedError', 'PaymentFailedError'] },
  { '/errorCode': ['PAYMENT_DECLINED_ERROR', 'PAYMENT_FAILED_ERROR'] },
];
/** Before the payment's handler is asked: the order is not ready for one. */
const NOT_ASKED = [
  {
    '/__typename': [
      'OrderPaymentStateError',
      'IneligiblePaymentMethodError',
      'OrderStateTransitionError',
      'NoActiveOrderError',
    ],
  },
  {
    '/errorCode': [
      'ORDER_PAYMENT_STATE_ERROR',
      'INELIGIBLE_PAYMENT_METHOD_ERROR',
      'ORDER_STATE_TRANSITION_ERROR',
      'NO_ACTIVE_ORDER_ERROR',
    ],
  },
];

export const vendureRoutes: readonly WrittenRoute[] = [
  {
    name: 'vendure-shop-api',
    match: { methods: ['POST'], path: '/shop-api' },
    body: 'graphql',
    operations: [
      {
        field: 'addPaymentToOrder',
        // `metadata` is any JSON: what a shop's payment handler reads out of it is the shop's own affair.
        fields: {
          card_number: ['/input/metadata/card/number', '/input/metadata/cardNumber'],
          token: ['/input/metadata/token', '/input/metadata/paymentMethodId', '/input/metadata/nonce'],
        },
        card: 'optional',
        outcome: {
          failed: REFUSED.map((json) => ({ json })),
          succeeded: [{ json: { '/state': ['PaymentAuthorized', 'PaymentSettled'] } }],
          // The handler took the payment and nothing is paid yet: 3-D Secure, a redirect, or a part of the sum.
          pending: [{ json: { '/state': ['ArrangingPayment', 'ArrangingAdditionalPayment'] } }],
          // An order in a state of the shop's own says neither.
          unknown: [...NOT_ASKED, { '/__typename': ['Order'] }].map((json) => ({ json })),
          decline_reason: '/paymentErrorMessage',
          payment_id: '/code',
        },
        tells_by_type: { Order: ['/state'], ErrorResult: ['/__typename', '/errorCode'] },
      },
    ],
  },
];
