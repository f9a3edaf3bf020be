/**
 * A payment by GraphQL as a storefront sends it, the route that expects it, and short ways to read a change of it.
 */
import { readGraphqlBody } from '../../src/attempt/graphql-body.ts';
import type { GraphqlRoute, PaymentOperation } from '../../src/attempt/graphql-route.ts';
import { compileReading, NOTHING_READ } from '../../src/attempt/reading-rules.ts';

export const CARD = '4242424242424242';
export const OTHER_CARD = '5555555555554444';

const OPERATION: PaymentOperation = {
  field: 'addPaymentToOrder',
  kind: 'payment',
  reading: compileReading({ fields: { card_number: '/input/metadata/card_number' } }),
  tells: ['/__typename'],
  tellsByType: new Map(),
  reads: ['/errorCode', '/state'],
};

/** As a merchant with Vendure's shop API would configure it. */
export const SHOP_ROUTE: GraphqlRoute = {
  operations: [OPERATION, { ...OPERATION, field: 'checkout.pay' }],
  persisted: {},
  notCards: [],
};

/** Without a card: tokens pay, and every number in a request is an ordinary one. */
export const TOKEN_ROUTE: GraphqlRoute = {
  ...SHOP_ROUTE,
  operations: SHOP_ROUTE.operations.map((operation) => ({ ...operation, reading: NOTHING_READ })),
};

/** The route with its operations changed. */
export function routeWith(change: Partial<PaymentOperation>, rest: Partial<GraphqlRoute> = {}): GraphqlRoute {
  return { ...SHOP_ROUTE, operations: SHOP_ROUTE.operations.map((it) => ({ ...it, ...change })), ...rest };
}

export const RESULT = '{ __typename ... on Order { id state } ... on ErrorResult { errorCode message } }';
export const QUERY = `mutation Pay($input: PaymentInput!) { addPaymentToOrder(input: $input) ${RESULT} }`;
export const INPUT = { method: 'card', metadata: { card_number: CARD, name: 'A. Buyer' } };
export const PAYMENT = { operationName: 'Pay', query: QUERY, variables: { input: INPUT } };

export function read(body: unknown, route: GraphqlRoute = SHOP_ROUTE) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readGraphqlBody(new TextEncoder().encode(text), route);
}

/** The baseline under another document. */
export function readQuery(query: string, variables: unknown = PAYMENT.variables, route: GraphqlRoute = SHOP_ROUTE) {
  return read({ query, variables }, route);
}

/** `path=digits` of each payment; what refused it; or null. */
export async function paid(reading: ReturnType<typeof read>): Promise<unknown> {
  const it = await reading;
  if (!it.ok) return it.why.because;
  return (
    it.value?.payments.map(({ request, responsePath, reading: { card } }) => {
      const batched = it.value?.isBatch ? `${request}:` : '';
      const digits = card?.kind === 'number' ? card.digits : null;
      return `${batched}${responsePath.join('.')}=${digits}`;
    }) ?? null
  );
}
