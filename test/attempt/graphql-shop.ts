/**
 * A shop's GraphQL server, shaped like Vendure's shop API, that remembers which payments its resolvers were asked for.
 * Independent of the reader under test: it is the other side of every comparison.
 */
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

const SCHEMA = buildSchema(/* GraphQL */ `
  scalar JSON
  enum Kind { CREDIT DEBIT }
  input PaymentInput { method: String!, metadata: JSON!, amount: Int, note: String, tags: [String], kind: Kind, of: PaymentInput }
  interface ErrorResult { errorCode: String!, message: String! }
  type Order { id: ID!, code: String!, state: String! }
  type OrderPaymentStateError implements ErrorResult { errorCode: String!, message: String! }
  type PaymentFailedError implements ErrorResult { errorCode: String!, message: String!, paymentErrorMessage: String! }
  type PaymentDeclinedError implements ErrorResult { errorCode: String!, message: String!, paymentErrorMessage: String! }
  union AddPaymentToOrderResult = Order | OrderPaymentStateError | PaymentFailedError | PaymentDeclinedError
  type Checkout { pay(input: PaymentInput!, cart: ID): AddPaymentToOrderResult, setNote(text: String): String }
  type Query { order(id: ID): Order, addPaymentToOrder(input: PaymentInput!, cart: ID): AddPaymentToOrderResult }
  type Mutation {
    addPaymentToOrder(input: PaymentInput!, cart: ID): AddPaymentToOrderResult
    AddPaymentToOrder(input: PaymentInput!): AddPaymentToOrderResult
    addPaymentToOrder_(input: PaymentInput!): AddPaymentToOrderResult
    checkout(cart: ID): Checkout
    setNote(text: String): String
  }
`);

export interface Call {
  /** Response names, joined by dots. */
  readonly path: string;
  readonly args: unknown;
}

export interface Served {
  readonly calls: readonly Call[];
  /** Whether anything was executed at all. */
  readonly isExecuted: boolean;
  /** The paths of errors, joined by dots. */
  readonly failed: readonly string[];
  readonly answer: unknown;
}

export interface ShopRequest {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

/** Unused fragments and variables are mere tidiness: with those rules few random documents would be executed. */
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule);

watch('Mutation', 'addPaymentToOrder');
watch('Query', 'addPaymentToOrder');
watch('Checkout', 'pay');
resolveTo('Mutation', 'checkout', {});

/** Serves one request, with validation as every server should, or without it, as some do. */
export async function serve(request: ShopRequest, { isValidating = true } = {}): Promise<Served> {
  const calls: Call[] = [];
  const document = parsed(request.query);
  if (document === null || (isValidating && validate(SCHEMA, document, RULES).length > 0)) return nothing();
  const { variables, operationName } = request;
  const answer = await execute({
    schema: SCHEMA,
    document,
    variableValues: (variables ?? {}) as Record<string, unknown>,
    operationName: (operationName ?? null) as string | null,
    contextValue: calls,
  });
  const failed = (answer.errors ?? []).map(({ path }) => path?.join('.') ?? '');
  return { calls, isExecuted: answer.data !== undefined && answer.data !== null, failed, answer };
}

/** Every request of a body, as Apollo Server takes batches; the paths begin with the request's index. */
export async function serveBody(body: unknown, options = {}): Promise<Served> {
  const requests: readonly ShopRequest[] = Array.isArray(body) ? body : [body];
  const served = await Promise.all(requests.map((request) => serve(request, options)));
  const at = (index: number, path: string) => `${index}.${path}`;
  return {
    calls: served.flatMap(({ calls }, i) => calls.map((call) => ({ ...call, path: at(i, call.path) }))),
    isExecuted: served.some(({ isExecuted }) => isExecuted),
    failed: served.flatMap(({ failed }, i) => failed.map((path) => at(i, path))),
    answer: Array.isArray(body) ? served.map(({ answer }) => answer) : served[0]?.answer,
  };
}

function nothing(): Served {
  return { calls: [], isExecuted: false, failed: [], answer: { errors: [{ message: 'invalid' }] } };
}

function parsed(query: unknown): DocumentNode | null {
  try {
    return parse(String(query));
  } catch {
    return null;
  }
}

function fieldOf(type: string, name: string) {
  const field = (SCHEMA.getType(type) as GraphQLObjectType).getFields()[name];
  if (field === undefined) throw new Error(`${type} has no field ${name}`);
  return field;
}

function watch(type: string, name: string): void {
  fieldOf(type, name).resolve = (_, args, calls: Call[], { path }: GraphQLResolveInfo) => {
    calls.push({ path: keysOf(path).join('.'), args });
    const isDeclined = JSON.stringify(args).includes('decline');
    return isDeclined
      ? {
          __typename: 'PaymentDeclinedError',
          errorCode: 'PAYMENT_DECLINED_ERROR',
          message: 'no',
          paymentErrorMessage: 'no',
        }
      : { __typename: 'Order', id: '1', code: 'T_1', state: 'PaymentSettled' };
  };
}

function resolveTo(type: string, name: string, value: unknown): void {
  fieldOf(type, name).resolve = () => value;
}

function keysOf(path: GraphQLResolveInfo['path'] | undefined): readonly (string | number)[] {
  return path === undefined ? [] : [...keysOf(path.prev), path.key];
}

/**
 * Every scalar of a resolver's arguments under its JSON Pointer; an ID given as a number is its digits. What the
 * executor leaves undefined is null in a list, and nothing in an object, as JSON has it.
 */
export function flat(value: unknown, pointer = ''): readonly (readonly [string, string])[] {
  if (value === null || value === undefined || typeof value !== 'object') return [[pointer, String(value ?? null)]];
  return Object.entries(value).flatMap(([name, child]) =>
    child === undefined && !Array.isArray(value)
      ? []
      : flat(child, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
