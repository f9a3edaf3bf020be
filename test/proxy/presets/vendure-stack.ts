/**
 * A shop on Vendure's own stack, as far as it goes without Vendure: Express with the body parsers of NestJS, and either
 * Apollo Server itself (from a folder that has it), or graphql-js, asked as Apollo Server 4 asks it. Sources:
 * apollographql/apollo-server, packages/server/src/runHttpQuery.ts; vendurehq/vendure, configure-graphql-module.ts.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { buildSchema, execute, getOperationAST, parse, validate } from 'graphql';

const SHOP = /* GraphQL */ `
  scalar JSON
  input PaymentInput { method: String!, metadata: JSON! }
  input SearchInput { term: String }
  interface ErrorResult { errorCode: String!, message: String! }
  type Order { id: ID!, code: String!, state: String! }
  type PaymentDeclinedError implements ErrorResult { errorCode: String!, message: String!, paymentErrorMessage: String! }
  union AddPaymentToOrderResult = Order | PaymentDeclinedError
  type Customer { id: ID! }
  type SearchResponse { totalItems: Int! }
  type Query { me: Customer, search(input: SearchInput!): SearchResponse }
  type Mutation { addPaymentToOrder(input: PaymentInput!): AddPaymentToOrderResult }
`;

/** A shop whose payments `pay` is told of. With a folder, by what is installed there. */
export async function serveShop(pay: () => void, folder: string | null): Promise<Express> {
  const addPaymentToOrder = () => {
    pay();
    return { __typename: 'Order', id: '1', code: 'T', state: 'PaymentSettled' };
  };
  const app = express().use(express.json(), express.urlencoded({ extended: true }));
  return folder === null
    ? app.use('/shop-api', asApolloAsks({ addPaymentToOrder }))
    : app.use('/shop-api', ...(await apolloOf(folder, addPaymentToOrder)));
}

async function apolloOf(folder: string, addPaymentToOrder: () => object): Promise<readonly RequestHandler[]> {
  const from = createRequire(join(folder, 'package.json'));
  const { ApolloServer } = from('@apollo/server');
  const { expressMiddleware } = from('@apollo/server/express4');
  const upload = await import(join(folder, 'node_modules/graphql-upload/graphqlUploadExpress.mjs'));
  const server = new ApolloServer({
    typeDefs: SHOP,
    resolvers: { Mutation: { addPaymentToOrder } },
    csrfPrevention: false,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await server.start();
  return [upload.default(), expressMiddleware(server)];
}

type Asked = Readonly<Record<string, unknown>>;

function asApolloAsks(rootValue: object): RequestHandler {
  const schema = buildSchema(SHOP);
  return async (request, response) => {
    try {
      const { query, operationName, variables, extensions } = readAsked(request);
      if (typeof query !== 'string' || !isOf(query, extensions)) throw new Error('no query, or not of its hash');
      const document = parse(query);
      const name = typeof operationName === 'string' ? operationName : null;
      const isQuery = getOperationAST(document, name)?.operation === 'query';
      if (validate(schema, document).length > 0) throw new Error('invalid');
      if (request.method === 'GET' && !isQuery) throw new Error('GET requests only support query operations');
      const given = isRecord(variables) ? variables : {};
      response.json(await execute({ schema, document, rootValue, variableValues: given, operationName: name }));
    } catch (error) {
      response.status(400).send(String(error));
    }
  };
}

function readAsked({ method, body, query }: Request): Asked {
  if (method === 'GET') {
    if (Object.values(query).some((value) => typeof value !== 'string')) throw new Error('twice');
    return { ...query, variables: JSON.parse(String(query.variables ?? '{}')) };
  }
  if (method !== 'POST') throw new Error('only GET and POST');
  if (!isRecord(body) || Object.keys(body).length === 0) throw new Error('no body, or a batch');
  const isOfType = (value: unknown) => value === undefined || value === null || isRecord(value);
  if (!isOfType(body.variables) || !isOfType(body.extensions)) throw new Error('no object');
  if (body.operationName !== undefined && body.operationName !== null && typeof body.operationName !== 'string') {
    throw new Error('no name');
  }
  return body;
}

function isRecord(value: unknown): value is Asked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Apollo's persisted queries, which are on unless they are switched off. */
function isOf(query: string, extensions: unknown): boolean {
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined;
  return !isRecord(persisted) || persisted.sha256Hash === createHash('sha256').update(query).digest('hex');
}
