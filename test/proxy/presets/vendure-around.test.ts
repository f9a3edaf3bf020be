/**
 * Ways around the preset for Vendure: what its server (Apollo Server on Express), or a more careless one, would execute
 * in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { fateOf, freshAddress, runPreset, type Sent } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
import { ADD_PAYMENT, paymentBody, shopApi } from './vendure-requests.ts';

const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';
const NUMBER = '4242424242424242';
const OTHER = '5555555555554444';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('vendure');
});
afterEach(() => vi.unstubAllGlobals());

const BODY = paymentBody({ nonce: 'n' });
const TEXT = JSON.stringify(BODY);
const input = (metadata: string) => `{method: "m", metadata: ${metadata}}`;
const select = (alias: string, metadata = '{nonce: "n"}') =>
  `${alias}addPaymentToOrder(input: ${input(metadata)}) { __typename ... on Order { state } }`;
const query = (selections: string, rest = '') => ({ query: `mutation { ${selections} } ${rest}` });
const hash = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };

describe('a document', () => {
  it.each<[string, object, string]>([
    ['as a storefront writes it', BODY, 'judged'],
    ['with literals', query(select('')), 'judged'],
    ['with an alias', query(select('a: ')), 'judged'],
    ['with aliases of several', query(`${select('a: ', '{nonce: "1"}')} ${select('b: ', '{nonce: "2"}')}`), 'judged'],
    ['with a fragment', query('...F', `fragment F on Mutation { ${select('')} }`), 'judged'],
    ['with an inline fragment', query(`... on Mutation { ... { ${select('')} } }`), 'judged'],
    ['with a condition', query(select('').replace(') {', ') @include(if: true) {')), 'judged'],
    [
      'with a second operation',
      { query: `${ADD_PAYMENT} query Q { me { id } }`, operationName: 'AddPayment', variables: { input: {} } },
      'judged',
    ],
    ['with comments and commas', query(`# x\n,,${select('')}`), 'judged'],
    [
      'with the input in parts',
      { query: `mutation ($n: String) { ${select('', '{nonce: $n}')} }`, variables: { n: '1' } },
      'judged',
    ],
    ['with a default', { query: `mutation ($n: String = "1") { ${select('', '{nonce: $n}')} }` }, 'judged'],
    ['of one field twice', query(`${select('')} ${select('', '{nonce: "2"}')}`), UNREADABLE],
    [
      'that asks for nothing of the outcome',
      query(select('').replace('__typename', '... on Order { id }')),
      UNREADABLE,
    ],
    ['that leaves out the order’s state', query(select('').replace('{ state }', '{ id }')), UNREADABLE],
    ['that asks under an alias', query(select('').replace('__typename', '__typename: code x: __typename')), UNREADABLE],
    [
      'that asks in a fragment alone',
      query(select('').replace('__typename', '... on Order { __typename }')),
      UNREADABLE,
    ],
    ['that is deferred', query(`... @defer { ${select('')} }`), UNREADABLE],
    ['that is a query', { query: `query { ${select('')} }` }, UNREADABLE],
    ['that is a subscription', { query: `subscription { ${select('')} }` }, UNREADABLE],
    ['with a card number in the metadata’s text', query(select('', `"{\\"card\\": \\"${NUMBER}\\"}"`)), UNREADABLE],
    ['with a card number in another place', query(select('', `{pan: "${NUMBER}"}`)), UNREADABLE],
    ['with two card numbers', query(select('', `{cardNumber: "${NUMBER}", card: {number: "${OTHER}"}}`)), UNREADABLE],
    ['with another spelling of the card', query(select('', `{cardNumber: "${NUMBER}", card_number: "1"}`)), UNREADABLE],
    ['with a list for a token', query(select('', '{nonce: ["n"]}')), UNREADABLE],
    ['with a token twice', query(select('', '{nonce: "a", nonce: "b"}')), UNREADABLE],
    ['with a card number in a variable that nobody uses', { ...BODY, variables: { input: {}, x: NUMBER } }, UNREADABLE],
    ['with a card number in a query', { query: `{ search(input: {term: "${NUMBER}"}) { totalItems } }` }, UNREADABLE],
    ['that is malformed', { query: 'mutation {' }, UNREADABLE],
  ])('%s: %s', async (_, body, fate) => {
    expect(await fateOf(shopApi(body))).toBe(fate);
    expect(origin.arrived).toHaveLength(fate === 'judged' ? 1 : 0);
  });
});

describe('a body', () => {
  it.each<[string, string, string, string]>([
    ['a batch', 'application/json', `[${TEXT}]`, 'judged'],
    ['a batch with others', 'application/json', `[{"query":"{ me { id } }"},${TEXT}]`, 'judged'],
    [
      'escapes',
      'application/json',
      TEXT.replace('query', 'qu\\u0065ry').replace('addPayment', '\\u0061ddPayment'),
      'judged',
    ],
    ['a type in capitals', 'Application/JSON; charset=UTF-8', TEXT, 'judged'],
    ['the document alone', 'application/graphql', ADD_PAYMENT, TYPE],
    ['GraphQL’s own type', 'application/graphql+json', TEXT, TYPE],
    ['text', 'text/plain', TEXT, TYPE],
    ['no type', '', TEXT, TYPE],
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(ADD_PAYMENT)}`, TYPE],
    ['an upload', 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--', TYPE],
    ['a parameter', 'application/json; profile=x', TEXT, TYPE],
    ['a query twice', 'application/json', `{"query":"{ me { id } }",${TEXT.slice(1)}`, UNREADABLE],
    ['variables twice', 'application/json', `{"variables":{},${TEXT.slice(1)}`, UNREADABLE],
    ['another case of a name', 'application/json', `{"Query":"{ me { id } }",${TEXT.slice(1)}`, UNREADABLE],
    ['an id of a document', 'application/json', '{"documentId":"pay"}', UNREADABLE],
    ['variables as text', 'application/json', JSON.stringify({ ...BODY, variables: '{}' }), UNREADABLE],
    ['a byte order mark', 'application/json', `\uFEFF${TEXT}`, UNREADABLE],
    ['nothing', 'application/json', '', UNREADABLE],
    ['an empty batch', 'application/json', '[]', UNREADABLE],
    ['a hash with another text', 'application/json', JSON.stringify({ ...BODY, extensions: hash }), UNREADABLE],
  ])('%s: %s', async (_, type, body, fate) => {
    expect(await fateOf({ path: '/shop-api', body, headers: { 'content-type': type } })).toBe(fate);
    expect(origin.arrived).toHaveLength(fate === 'judged' ? 1 : 0);
  });

  it('that is a hash alone is asked for its text', async () => {
    const answer = await pay({ path: '/shop-api', ip: freshAddress(), body: JSON.stringify({ extensions: hash }) });
    expect(await answer.text()).toContain('PersistedQueryNotFound');
    expect(origin.arrived).toEqual([]);
  });
});

describe('a URL', () => {
  const payment = new URLSearchParams({ query: query(select('')).query });
  it.each<[string, Sent, string]>([
    ['a payment in it', { path: `/shop-api?${payment}`, method: 'GET' }, UNREADABLE],
    ['a payment in it, for a HEAD', { path: `/shop-api?${payment}`, method: 'HEAD' }, UNREADABLE],
    ['a payment in it, on another spelling of the path', { path: `/Shop-API/?${payment}`, method: 'GET' }, UNREADABLE],
    ['a payment in it, beside a body', { path: `/shop-api?${payment}`, body: { query: '{ me { id } }' } }, UNREADABLE],
    ['a document in it, beside a payment', { path: '/shop-api?query={me{id}}', body: BODY }, UNREADABLE],
    [
      'brackets',
      { path: `/shop-api?query[]=${encodeURIComponent(query(select('')).query)}`, method: 'GET' },
      UNREADABLE,
    ],
    [
      'a card number',
      { path: `/shop-api?query=${encodeURIComponent(`{ a(b: "${NUMBER}") }`)}`, method: 'GET' },
      UNREADABLE,
    ],
    ['another case of the path', { path: '/SHOP-API', body: BODY }, PATH],
    ['a slash at the end', { path: '/shop-api/', body: BODY }, PATH],
    ['a doubled slash', { path: '//shop-api', body: BODY }, PATH],
    ['an encoded letter', { path: '/%73hop-api', body: BODY }, PATH],
    ['another method', { path: '/shop-api', method: 'PUT', body: BODY }, 'refused: method_not_allowed'],
  ])('with %s', async (_, sent, fate) => {
    const { path, method = 'POST', body } = sent;
    if (method === 'HEAD') expect((await pay({ path, method, body: null, ip: freshAddress() })).status).toBe(400);
    else expect(await fateOf({ path, method, ...(body === undefined ? {} : { body }) })).toBe(fate);
    expect(origin.arrived).toEqual([]);
  });
});

describe('a WebSocket, in which a payment would be unseen,', () => {
  it.each(['/shop-api', '/Shop-API', '/shop-api/', '/shop-api?a=b'])('is refused on %s', async (path) => {
    const headers = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-protocol': 'graphql-transport-ws' };
    const answer = await pay({ path, method: 'GET', body: null, headers, ip: freshAddress() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'unreadable', detail: expect.stringContaining('WebSocket') });
    expect(origin.arrived).toEqual([]);
  });

  it('is let be elsewhere', async () => {
    const answer = await pay({ path: '/chat', method: 'GET', body: null, headers: { upgrade: 'websocket' } });
    expect(answer.status).toBe(200);
  });
});
