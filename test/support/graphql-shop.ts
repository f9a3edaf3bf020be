/**
 * A shop with one GraphQL endpoint: requests as a storefront sends them, and a server's answers to them.
 */
import { freshAddress, JSON_TYPE } from './preset-shop.ts';
import { CARD, pay, type Try } from './shopper.ts';

export const PATH = '/shop-api';

const OUTCOME = {
  failed: [{ json: { '/__typename': ['PaymentDeclinedError', 'PaymentFailedError'] } }],
  succeeded: [{ json: { '/__typename': ['Order'] } }],
  pending: [{ json: { '/__typename': ['PaymentPending'] } }],
  unknown: [{ json: { '/__typename': ['NoActiveOrderError'] } }],
  payment_id: '/code',
};

export const graphqlRoute = {
  name: 'shop-api',
  match: { methods: ['POST'], path: PATH },
  body: 'graphql',
  operations: [
    { field: 'addPaymentToOrder', fields: { card_number: '/input/metadata/card_number' }, outcome: OUTCOME },
    { field: 'checkout.saveCard', kind: 'setup', fields: { token: '/token' }, outcome: OUTCOME },
  ],
};

export const RESULT = '{ __typename ... on Order { code } ... on ErrorResult { errorCode message } }';

/** A payment with a literal card, under an alias. */
export function payment(alias: string, card = CARD): string {
  return `${alias}: addPaymentToOrder(input: {method: "card", metadata: {card_number: "${card}"}}) ${RESULT}`;
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

/** One request that makes all of these payments. */
export function mutation(...payments: readonly string[]): GraphqlRequest {
  return { query: `mutation { ${payments.join(' ')} }` };
}

/** As most storefronts write it: one operation, its input in a variable. */
export function checkout(card = CARD): GraphqlRequest {
  return {
    operationName: 'AddPayment',
    query: `mutation AddPayment($input: PaymentInput!) { addPaymentToOrder(input: $input) ${RESULT} }`,
    variables: { input: { method: 'card', metadata: { card_number: card } } },
  };
}

export function post(body: unknown, change: Try = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return pay({ path: PATH, ip: freshAddress(), headers: { 'content-type': JSON_TYPE }, body: text, ...change });
}

export const result = {
  order: { __typename: 'Order', code: 'T_1' },
  declined: { __typename: 'PaymentDeclinedError', errorCode: 'PAYMENT_DECLINED_ERROR', message: 'declined' },
  waiting: { __typename: 'PaymentPending' },
  noOrder: { __typename: 'NoActiveOrderError', errorCode: 'NO_ACTIVE_ORDER_ERROR', message: 'no order' },
};

/** The server's answer with a result under each response name. */
export function answered(data: Readonly<Record<string, unknown>>): Response {
  return Response.json({ data });
}
