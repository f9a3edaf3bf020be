/**
 * Vendure behind Cordon, for the GraphQL reader that is still to come: the operations of its shop API by which a
 * payment is made, and what their answers mean. Not a preset yet: `body: "graphql"` is refused until it is read.
 * Source: vendure-ecommerce/vendure, packages/core/src/api/schema/shop-api/shop.api.graphql.
 */

/** An operation of a GraphQL route: where its arguments name a card, and which selections tell the outcome. */
export interface GraphqlOperation {
  readonly field: string;
  /** JSON Pointers within the field's arguments. */
  readonly card_number: readonly string[];
  readonly token: readonly string[];
  /** JSON Pointers within what the field answers. All of them must be selected by the request. */
  readonly outcome: {
    readonly failed: readonly { readonly json: Readonly<Record<string, readonly string[]>> }[];
    readonly succeeded: readonly { readonly json: Readonly<Record<string, readonly string[]>> }[];
    readonly unknown: readonly { readonly json: Readonly<Record<string, readonly string[]>> }[];
    readonly decline_reason: string;
    readonly payment_id: string;
  };
}

export const vendurePath = '/shop-api';

export const vendureOperations: readonly GraphqlOperation[] = [
  {
    field: 'addPaymentToOrder',
    // `metadata` is any JSON: what a shop's payment handler reads out of it is the shop's own affair.
    card_number: ['/input/metadata/card/number', '/input/metadata/cardNumber'],
    token: ['/input/metadata/token', '/input/metadata/paymentMethodId', '/input/metadata/nonce'],
    outcome: {
      failed: [{ json: { '/__typename': ['PaymentDeclinedError', 'PaymentFailedError'] } }],
      succeeded: [{ json: { '/__typename': ['Order'] } }],
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
];
