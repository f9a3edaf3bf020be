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

/** What Vendure's own storefronts ask for of a payment, as it goes over the wire. */
export const STARTERS: Readonly<Record<string, string>> = {
  // vendurehq/nextjs-starter-vendure: sends what is written.
  'Next.js': `{ __typename ... on Order { ...StorefrontOrder id code state payments { id method amount state } }
    ... on ErrorResult { errorCode message } } } fragment StorefrontOrder on Order { id code state`,
  // vendure-ecommerce/storefront-qwik-starter and -remix-starter, and the guide to the checkout: the same.
  Qwik: `{ ...OrderDetail ... on ErrorResult { errorCode message } } }
    fragment OrderDetail on Order { __typename id code active createdAt state currencyCode`,
  // vendure-ecommerce/storefront-angular-starter: Apollo Client adds __typename everywhere.
  Angular: `{ ...Cart ...ErrorResult __typename } } fragment ErrorResult on ErrorResult { errorCode message __typename }
    fragment Cart on Order { id code state active lines { id __typename } __typename`,
};

/** A payment by one of them. */
export function starterPayment(starter: string, metadata: object): Sent {
  const query = `mutation AddPayment($input: PaymentInput!) { addPaymentToOrder(input: $input) ${STARTERS[starter]} }`;
  return shopApi({ query, variables: { input: { method: 'standard-payment', metadata } } });
}

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
