/**
 * Requests to Vendure's shop API as storefronts send them.
 */
import type { Sent } from '../../support/preset-shop.ts';

/** As in Vendure's own storefronts, with the `__typename` that Apollo Client adds. */
export const ADD_PAYMENT = `mutation AddPayment($input: PaymentInput!) {
  addPaymentToOrder(input: $input) {
    __typename
    ... on Order { id code state __typename }
    ... on ErrorResult { errorCode message }
    ... on PaymentDeclinedError { paymentErrorMessage }
  }
}`;

export function shopApi(body: object | string): Sent {
  return { path: '/shop-api', body };
}

export function paymentBody(metadata: object): object {
  const input = { method: 'standard-payment', metadata };
  return { operationName: 'AddPayment', query: ADD_PAYMENT, variables: { input } };
}

export function addPayment(metadata: object): Sent {
  return shopApi(paymentBody(metadata));
}
