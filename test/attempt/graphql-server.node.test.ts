/**
 * Hostile requests against a shop's own stack: Express's body parser and the reference executor, with and without
 * validation. What the resolvers are asked for is what was read, or the request was refused.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AskedPayment } from '../../src/outcome/graphql-answer.ts';
import { readGraphqlAnswer } from '../../src/outcome/graphql-answer.ts';
import { CARD, INPUT, OTHER_CARD, PAYMENT, QUERY, RESULT, read } from './graphql-baseline.ts';
import { type Call, flat, serveBody } from './graphql-shop.ts';

let server: Server;
const carelessCalls: Call[] = [];
const strictCalls: Call[] = [];

beforeAll(async () => {
  const app = express().use(express.json());
  app.post('/strict', (request, response, next) => {
    serveBody(request.body).then((served) => {
      strictCalls.push(...served.calls);
      response.json(served.answer);
    }, next);
  });
  app.post('/careless', (request, response, next) => {
    serveBody(request.body, { isValidating: false }).then((served) => {
      carelessCalls.push(...served.calls);
      response.json(served.answer);
    }, next);
  });
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
});
afterAll(() => server.close());

async function send(path: string, body: string): Promise<{ calls: readonly Call[]; answer: unknown }> {
  carelessCalls.length = 0;
  strictCalls.length = 0;
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  const answer = response.ok ? await response.json() : null;
  return { calls: path === '/strict' ? [...strictCalls] : [...carelessCalls], answer };
}

const byPath = (calls: readonly Call[]) => new Map(calls.map(({ path, args }) => [path, new Map(flat(args))]));

/** What was read, in the same form; null where it was refused. */
async function readCalls(body: string) {
  const reading = await read(body);
  if (!reading.ok) return null;
  const text = (fields: ReadonlyMap<string, unknown>) => new Map([...fields].map(([at, value]) => [at, String(value)]));
  return new Map(
    (reading.value?.payments ?? []).map((it) => [`${it.request}.${it.responsePath.join('.')}`, text(it.fields)]),
  );
}

const card = (number: string) => `{method: "m", metadata: {card_number: "${number}"}}`;
const pay = (number = CARD, more = '') => `addPaymentToOrder(input: ${card(number)}) ${more} ${RESULT}`;
const body = (query: string, variables: unknown = {}, rest = {}) => JSON.stringify({ query, variables, ...rest });

describe('is read as it is executed', () => {
  it.each([
    ['the baseline', JSON.stringify(PAYMENT), 1],
    ['a literal', body(`mutation { ${pay()} }`), 1],
    ['twenty cards in two batches would be ten each', JSON.stringify([PAYMENT, PAYMENT]), 2],
    ['ten aliases', body(`mutation { ${Array.from({ length: 10 }, (_, i) => `a${i}: ${pay()}`).join(' ')} }`), 10],
    [
      'one payment written three times',
      body(`mutation { ${pay()} ${pay()} ...F } fragment F on Mutation { ${pay()} }`),
      1,
    ],
    ['a namespace', body(`mutation { checkout { a: pay(input: ${card(CARD)}) ${RESULT} } }`), 1],
    [
      'a namespace twice',
      body(
        `mutation { checkout { a: pay(input: ${card(CARD)}) ${RESULT} } checkout { b: pay(input: ${card(OTHER_CARD)}) ${RESULT} } }`,
      ),
      2,
    ],
    [
      'two namespaces',
      body(
        `mutation { x: checkout { pay(input: ${card(CARD)}) ${RESULT} } y: checkout { pay(input: ${card(OTHER_CARD)}) ${RESULT} } }`,
      ),
      2,
    ],
    [
      'what a variable skips',
      body(
        `mutation ($s: Boolean!) { a: ${pay()} b: addPaymentToOrder(input: {method: "x", metadata: 1}) @skip(if: $s) ${RESULT} }`,
        { s: true },
      ),
      1,
    ],
    ['an unusual spelling of the JSON', JSON.stringify(PAYMENT).replace('"query"', '"\\u0071uery"'), 1],
    [
      'another field in another case',
      body(`mutation { AddPaymentToOrder(input: {method: "x", metadata: 1}) { __typename } }`),
      0,
    ],
    [
      'a skipped payment by a default',
      body(
        `mutation ($s: Boolean = true) { addPaymentToOrder(input: {method: "x", metadata: 1}) @skip(if: $s) { id } setNote }`,
      ),
      0,
    ],
  ])('%s', async (_, text, count) => {
    const read = await readCalls(text);
    for (const path of ['/strict', '/careless']) {
      const { calls } = await send(path, text);
      expect(calls).toHaveLength(count);
      expect(byPath(calls)).toEqual(read);
    }
  });
});

// The last column: whether a server without validation would have paid.
describe('is refused, though a server might take it', () => {
  const input = 'input: {method: "m", metadata: 1}';
  it.each([
    ['a card in a second variable', body(QUERY, { input: INPUT, note: OTHER_CARD }), true],
    [
      'a query member twice',
      `{"query":${JSON.stringify(QUERY)},"query":${JSON.stringify(QUERY)},"variables":{"input":{"method":"m","metadata":1}}}`,
      true,
    ],
    [
      'a card for which the last of two names counts',
      body(`mutation { addPaymentToOrder(${input}, input: ${card(CARD)}) ${RESULT} }`),
      true,
    ],
    [
      'a fragment in a cycle without the tell',
      body(
        'mutation { ...F } fragment F on Mutation { addPaymentToOrder(input: {method: "m", metadata: {card_number: "4242424242424242"}}) { ... on Order { id } } ...F }',
      ),
      true,
    ],
    [
      'the outcome not asked for',
      body(`mutation { addPaymentToOrder(input: ${card(CARD)}) { ... on Order { id } } }`),
      true,
    ],
    [
      'the outcome asked for by another name',
      body(`mutation { addPaymentToOrder(input: ${card(CARD)}) { t: __typename } }`),
      true,
    ],
    [
      'another field in the outcome’s place',
      body(`mutation { addPaymentToOrder(input: ${card(CARD)}) { ... on Order { __typename: id } __typename } }`),
      true,
    ],
    ['two payments under one name', body(`mutation { ${pay()} ${pay(OTHER_CARD)} }`), true],
    ['eleven aliases', body(`mutation { ${Array.from({ length: 11 }, (_, i) => `a${i}: ${pay()}`).join(' ')} }`), true],
    ['a payment in a query', body(`{ ${pay()} }`), true],
    ['a payment beside types', body(`mutation { ${pay()} } type A { b: Int }`), true],
    [
      'a list of one for a payment',
      body('mutation ($i: [PaymentInput!]) { addPaymentToOrder(input: $i) { __typename } }', { i: [INPUT] }),
      true,
    ],
    [
      'a condition twice',
      body(`mutation { addPaymentToOrder(${input}) @skip(if: false) @skip(if: true) ${RESULT} }`),
      true,
    ],
    ['a batch of eleven', JSON.stringify(Array.from({ length: 11 }, () => PAYMENT)), true],
    ['another operation', body(`${QUERY} mutation Other { setNote }`, PAYMENT.variables), false],
    [
      'a hash beside another text',
      body(QUERY, PAYMENT.variables, { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }),
      true,
    ],
  ])('%s', async (_, text, isPaid) => {
    expect(await readCalls(text)).toBeNull();
    expect((await send('/careless', text)).calls.length > 0).toBe(isPaid);
  });
});

it('tells the outcomes of what it reads from the server’s own answer', async () => {
  const text = body(
    `mutation { a: ${pay()} b: addPaymentToOrder(input: {method: "decline", metadata: {card_number: "${OTHER_CARD}"}}) ${RESULT} }`,
  );
  const reading = await read(text);
  const rules = {
    failed: [{ json: { '/__typename': ['PaymentDeclinedError'] } }],
    succeeded: [{ json: { '/__typename': ['Order'] } }],
    pending: [],
    unmatched: 'unknown',
    processor: null,
  } as const;
  const asked: readonly AskedPayment[] = (reading.ok ? (reading.value?.payments ?? []) : []).map((it) => ({
    ...it,
    rules,
  }));
  const { answer } = await send('/strict', text);
  const json = JSON.parse(JSON.stringify(answer));
  expect(asked.map((payment) => readGraphqlAnswer({ status: 200, json, isBatch: false }, payment).status)).toEqual([
    'succeeded',
    'failed',
  ]);
});
