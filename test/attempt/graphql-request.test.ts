/**
 * The envelope of a GraphQL request: its members, persisted documents, and what may stand in a URL.
 */
import { describe, expect, it } from 'vitest';
import { checkGraphqlQuery, checkGraphqlUrl } from '../../src/attempt/graphql-url.ts';
import { CARD, INPUT, PAYMENT, paid, QUERY, RESULT, read, routeWith, SHOP_ROUTE } from './graphql-baseline.ts';

const ONE = [`addPaymentToOrder=${CARD}`];
const HASH = '0'.repeat(64);

async function hashOf(text: string) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toHex();
}

const persistedQuery = (sha256Hash: unknown) => ({ version: 1, sha256Hash });

describe('takes', () => {
  it.each([
    ['the baseline', {}],
    ['members that are null', { operationName: null, extensions: null }],
    ['extensions that execute nothing', { extensions: { clientLibrary: { name: 'x', version: '1' } } }],
    ['a persisted query that is null', { extensions: { persistedQuery: null } }],
  ])('%s', async (_, change) => {
    expect(await paid(read({ ...PAYMENT, ...change }))).toEqual(ONE);
  });

  it('a hash with the text it is of', async () => {
    const extensions = { persistedQuery: persistedQuery(await hashOf(QUERY)) };
    expect(await paid(read({ ...PAYMENT, extensions }))).toEqual(ONE);
  });

  it('a hash alone, of a document that the route knows', async () => {
    const hash = await hashOf(QUERY);
    const route = routeWith({}, { persisted: { [hash]: QUERY } });
    const { query: _, ...rest } = PAYMENT;
    const body = { ...rest, extensions: { persistedQuery: persistedQuery(hash) } };
    expect(await paid(read(body, route))).toEqual(ONE);
    expect(await paid(read({ ...body, query: null }, route))).toEqual(ONE);
    expect(await paid(read(body))).toBe('graphql_persisted');
  });
});

it('refuses a hash under which another document was configured', async () => {
  const route = routeWith({}, { persisted: { [HASH]: '{ products { id } }' } });
  const body = { extensions: { persistedQuery: persistedQuery(HASH) } };
  expect(await paid(read(body, route))).toBe('graphql_persisted');
  expect(await read([body, PAYMENT], route)).toEqual({ ok: false, why: { because: 'graphql_persisted', batch: 2 } });
});

describe('refuses', () => {
  it.each([
    ['an array for variables', { variables: [] }, { because: 'graphql_member', field: '/variables' }],
    ['text for variables', { variables: '{}' }, { because: 'graphql_member', field: '/variables' }],
    ['a number for the query', { query: 1 }, { because: 'graphql_member', field: '/query' }],
    ['a parsed document', { query: { kind: 'Document' } }, { because: 'graphql_member', field: '/query' }],
    ['a list of queries', { query: [QUERY] }, { because: 'graphql_member', field: '/query' }],
    ['a number for the name', { operationName: 1 }, { because: 'graphql_member', field: '/operationName' }],
    ['a list of extensions', { extensions: [] }, { because: 'graphql_member', field: '/extensions' }],
    ['another case of a member', { Query: QUERY }, { because: 'graphql_member', field: '/Query' }],
    ['a document by its id', { id: 'x' }, { because: 'graphql_member', field: '/id' }],
    ['a documentId', { documentId: 'x' }, { because: 'graphql_member', field: '/documentId' }],
    ['a doc_id', { doc_id: '1' }, { because: 'graphql_member', field: '/doc_id' }],
    ['a mutation', { mutation: QUERY }, { because: 'graphql_member', field: '/mutation' }],
    ['operations, as uploads have them', { operations: '{}' }, { because: 'graphql_member', field: '/operations' }],
    ['a name that is empty', { '': 1 }, { because: 'graphql_member', field: '/' }],
    ['__proto__', JSON.parse('{"__proto__": {"query": "x"}}'), { because: 'graphql_member', field: '/__proto__' }],
    ['no query', { query: undefined }, { because: 'missing', field: '/query' }],
    ['a query that is null', { query: null }, { because: 'missing', field: '/query' }],
    [
      'a hash that is not the text’s',
      { extensions: { persistedQuery: persistedQuery(HASH) } },
      { because: 'graphql_persisted_mismatch' },
    ],
    [
      'a hash alone',
      { query: undefined, extensions: { persistedQuery: persistedQuery(HASH) } },
      { because: 'graphql_persisted', batch: null },
    ],
    [
      'a hash with a name of every object',
      { query: undefined, extensions: { persistedQuery: persistedQuery('constructor') } },
      { because: 'graphql_persisted', batch: null },
    ],
    [
      'another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: HASH } } },
      { because: 'graphql_member', field: '/extensions/persistedQuery' },
    ],
    [
      'more about the persisted query',
      { extensions: { persistedQuery: { version: 1, sha256Hash: HASH, id: 1 } } },
      { because: 'graphql_member', field: '/extensions/persistedQuery' },
    ],
    [
      'a hash as the persisted query',
      { extensions: { persistedQuery: HASH } },
      { because: 'graphql_member', field: '/extensions/persistedQuery' },
    ],
    [
      'another spelling of it',
      { extensions: { persisted_query: persistedQuery(HASH) } },
      { because: 'graphql_member', field: '/extensions/persisted_query' },
    ],
  ])('%s', async (_, change, why) => {
    const body = Object.defineProperties({ ...PAYMENT }, Object.getOwnPropertyDescriptors(change));
    expect(await read(body)).toEqual({ ok: false, why });
  });

  it.each([
    ['no object', '"query"', 'graphql_member'],
    ['null', 'null', 'graphql_member'],
    ['a query twice', '{"query":"{ a }","query":"{ b }"}', 'duplicate_name'],
    ['a query twice, once escaped', '{"query":"{ a }","quer\\u0079":"{ b }"}', 'duplicate_name'],
    ['no JSON', 'query { a }', 'syntax'],
    ['variables in variables twice', `{"query":"{ a }","variables":{"a":1,"a":2}}`, 'duplicate_name'],
    ['a number not everyone reads alike', '{"query":"{ a }","variables":{"a":9007199254740993}}', 'inexact_number'],
  ])('%s', async (_, text, because) => {
    const reading = await read(text);
    expect(reading.ok ? null : reading.why.because).toBe(because);
  });

  it('bytes that are not UTF-8', async () => {
    const { readGraphqlBody } = await import('../../src/attempt/graphql-body.ts');
    const bytes = Uint8Array.from([0x7b, 0xff, 0x7d]);
    expect(await readGraphqlBody(bytes, SHOP_ROUTE)).toEqual({ ok: false, why: { because: 'not_utf8' } });
  });
});

describe('the URL of a payment', () => {
  it.each(['', '?', '?languageCode=en', '?vendure-token=x', '?quer=1'])('may be %s', (search) => {
    expect(checkGraphqlUrl(new URL(`https://shop.example/graphql${search}`)).ok).toBe(true);
  });

  it.each([
    'query={a}',
    'QUERY={a}',
    'query[]={a}',
    'query[0]={a}',
    'qu%65ry={a}',
    'a=1&operationName=Pay',
    'operation_name=Pay',
    'variables={}',
    'variables[input][a]=1',
    'extensions={}',
    'documentId=x',
    'doc_id=1',
    'id=1',
    'a=1;query={a}',
    'a=1;b;variables={}',
  ])('must not hold %s', (search) => {
    const checked = checkGraphqlUrl(new URL(`https://shop.example/graphql?${search}`));
    expect(checked.ok ? null : checked.why.because).toBe('graphql_in_url');
  });
});

describe('a query in a URL', () => {
  const check = (members: Record<string, string>, search = '') => {
    const url = new URL(`https://shop.example/graphql?${new URLSearchParams(members)}${search}`);
    return checkGraphqlQuery(url, SHOP_ROUTE);
  };
  const because = async (...args: Parameters<typeof check>) => {
    const checked = await check(...args);
    return checked.ok ? null : checked.why.because;
  };
  const variables = JSON.stringify({ input: INPUT });

  it.each([
    ['none', { page: '1' }],
    ['a query', { query: '{ a }' }],
    ['a query with variables', { query: 'query A($a: Int) { a(b: $a) }', variables: '{"a":1}', operationName: 'A' }],
    ['a query with empty variables', { query: '{ a }', variables: '' }],
    ['a mutation that pays nothing', { query: 'mutation { a }' }],
  ])('passes: %s', async (_, members) => {
    expect(await because(members as Record<string, string>)).toBeNull();
  });

  it.each([
    [
      'a payment',
      { query: `mutation { addPaymentToOrder(input: {metadata: {card_number: "${CARD}"}}) ${RESULT} }` },
      'graphql_in_url',
    ],
    ['a payment with variables', { query: QUERY, variables }, 'graphql_in_url'],
    ['a payment that cannot be read', { query: 'mutation { addPaymentToOrder }' }, 'graphql_untold'],
    ['a card number', { query: `{ a(b: "${CARD}") }` }, 'hidden_card_number'],
    ['variables that are no JSON', { query: '{ a }', variables: '{' }, 'syntax'],
    ['a hash', { extensions: JSON.stringify({ persistedQuery: persistedQuery(HASH) }) }, 'graphql_persisted'],
    ['another case of it', { QUERY: '{ a }' }, 'graphql_in_url'],
    ['no document', { variables: '{}' }, 'missing'],
  ])('is refused: %s', async (_, members, expected) => {
    expect(await because(members as Record<string, string>)).toBe(expected);
  });

  it('is refused twice over, or in brackets', async () => {
    expect(await because({ query: '{ a }' }, '&query={b}')).toBe('graphql_in_url');
    expect(await because({ query: '{ a }' }, '&query[]={b}')).toBe('graphql_in_url');
  });

  it('is refused where a semicolon could part it from another', async () => {
    expect(await because({ a: '1' }, ';query=mutation{pay}')).toBe('graphql_in_url');
    expect(await because({ query: '{ a }' }, '&b=1;query=mutation{pay}')).toBe('graphql_in_url');
    expect(await because({ query: '{ a(b: "1;2") }' })).toBeNull();
  });
});
