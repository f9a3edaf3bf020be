/**
 * Vendure behind Cordon: the one operation of its shop API that pays. Sources: vendure-ecommerce/vendure,
 * packages/core/src/api/schema/shop-api/{shop.api,shop-error-results}.graphql.
 */
import type { WrittenRoute } from '../route-schema.ts';

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
          failed: [{ json: { '/__typename': ['PaymentDeclinedError', 'PaymentFailedError'] } }],
          succeeded: [{ json: { '/__typename': ['Order'] } }],
          // Before the payment's handler is asked: the order is not ready for one.
          unknown: [
            {
              json: {
                '/__typename': [
                  'OrderPaymentStateError',
                  'IneligiblePaymentMethodError',
                  'OrderStateTransitionError',
                  'NoActiveOrderError',
                ],
              },
            },
          ],
          decline_reason: '/paymentErrorMessage',
          payment_id: '/code',
        },
      },
    ],
  },
];
