/**
 * Payments in other clothes, and how many of them Vendure's own stack executes: Express's body parsers, the requests of
 * Apollo Server, graphql-js. Cordon reads each, or refuses it. What the stack takes is shown by itself.
 */
import { ADD_PAYMENT, paymentBody } from './vendure-requests.ts';

export interface Clothes {
  readonly what: string;
  readonly path: string;
  readonly method: string;
  /** Empty: none. */
  readonly type: string;
  /** Null: none. */
  readonly body: string | null;
  readonly fate: string;
  /** How many payments Vendure executes; null: only with graphql-upload, and then one. */
  readonly pays: number | null;
}

export const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';
const NUMBER = '4242424242424242';
const OTHER = '5555555555554444';
const JSON_TYPE = 'application/json';

const BODY = paymentBody({ nonce: 'n' });
const { variables: VARIABLES } = BODY as { variables: object };
const TEXT = JSON.stringify(BODY);
const input = (metadata: string) => `{method: "m", metadata: ${metadata}}`;
const select = (alias: string, metadata = '{nonce: "n"}') =>
  `${alias}addPaymentToOrder(input: ${input(metadata)}) { __typename ... on Order { state } }`;
const query = (selections: string, rest = '') => ({ query: `mutation { ${selections} } ${rest}` });
export const hash = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };

function of(what: string, type: string, body: string, fate: string, pays: number | null): Clothes {
  return { what, path: '/shop-api', method: 'POST', type, body, fate, pays };
}
function document(what: string, body: object, fate: string, pays: number | null): Clothes {
  return of(what, JSON_TYPE, JSON.stringify(body), fate, pays);
}
interface Place {
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
}
function at(what: string, { path, method = 'POST', body }: Place, fate: string, pays: number | null): Clothes {
  const text = body === undefined ? null : JSON.stringify(body);
  return { ...of(what, text === null ? '' : JSON_TYPE, '', fate, pays), path, method, body: text };
}

const payment = new URLSearchParams({ query: query(select('')).query });
/** As graphql-upload takes it, which Vendure has and this project has not. */
const UPLOAD = [
  ...['--x', 'content-disposition: form-data; name="operations"', '', TEXT],
  ...['--x', 'content-disposition: form-data; name="map"', '', '{}', '--x--', ''],
].join('\r\n');

export const documents: readonly Clothes[] = [
  document('as a storefront writes it', BODY, 'judged', 1),
  document('with literals', query(select('')), 'judged', 1),
  document('with an alias', query(select('a: ')), 'judged', 1),
  document(
    'with aliases of several',
    query(`${select('a: ', '{nonce: "1"}')} ${select('b: ', '{nonce: "2"}')}`),
    'judged',
    2,
  ),
  document('with a fragment', query('...F', `fragment F on Mutation { ${select('')} }`), 'judged', 1),
  document('with an inline fragment', query(`... on Mutation { ... { ${select('')} } }`), 'judged', 1),
  document('with a condition', query(select('').replace(') {', ') @include(if: true) {')), 'judged', 1),
  document('with a second operation', { ...BODY, query: `${ADD_PAYMENT} query Q { me { id } }` }, 'judged', 1),
  document('with comments and commas', query(`# x\n,,${select('')}`), 'judged', 1),
  document(
    'with the input in parts',
    { query: `mutation ($n: String) { ${select('', '{nonce: $n}')} }`, variables: { n: '1' } },
    'judged',
    1,
  ),
  document('with a default', { query: `mutation ($n: String = "1") { ${select('', '{nonce: $n}')} }` }, 'judged', 1),
  document('of one field twice', query(`${select('')} ${select('', '{nonce: "2"}')}`), UNREADABLE, 0),
  document(
    'that asks for nothing of the outcome',
    query(select('').replace('__typename', '... on Order { id }')),
    UNREADABLE,
    1,
  ),
  document('that leaves out the order’s state', query(select('').replace('{ state }', '{ id }')), UNREADABLE, 1),
  document(
    'that asks under an alias',
    query(select('').replace('__typename', '__typename: code x: __typename')),
    UNREADABLE,
    0,
  ),
  document(
    'that asks for the state under an alias',
    query(select('').replace('{ state }', '{ state: code }')),
    UNREADABLE,
    1,
  ),
  document('with a quotation mark in a block string', query(select('', '{nonce: """a"b"""}')), UNREADABLE, 1),
  document('with a block string', query(select('', '{nonce: """a"""}')), 'judged', 1),
  document(
    'that asks in a fragment alone',
    query(select('').replace('__typename', '... on Order { __typename }')),
    UNREADABLE,
    1,
  ),
  document('that is deferred', query(`... @defer { ${select('')} }`), UNREADABLE, 0),
  document('that is a query', { query: `query { ${select('')} }` }, UNREADABLE, 0),
  document('that is a subscription', { query: `subscription { ${select('')} }` }, UNREADABLE, 0),
  document(
    'with a card number in the metadata’s text',
    query(select('', `"{\\"card\\": \\"${NUMBER}\\"}"`)),
    UNREADABLE,
    1,
  ),
  document('with a card number in another place', query(select('', `{pan: "${NUMBER}"}`)), UNREADABLE, 1),
  document(
    'with two card numbers',
    query(select('', `{cardNumber: "${NUMBER}", card: {number: "${OTHER}"}}`)),
    UNREADABLE,
    1,
  ),
  document(
    'with another spelling of the card',
    query(select('', `{cardNumber: "${NUMBER}", card_number: "1"}`)),
    UNREADABLE,
    1,
  ),
  document('with a list for a token', query(select('', '{nonce: ["n"]}')), UNREADABLE, 1),
  document('with a token twice', query(select('', '{nonce: "a", nonce: "b"}')), UNREADABLE, 0),
  document(
    'with a card number in a variable that nobody uses',
    { ...BODY, variables: { ...VARIABLES, x: NUMBER } },
    UNREADABLE,
    1,
  ),
  document(
    'with a card number in a query',
    { query: `{ search(input: {term: "${NUMBER}"}) { totalItems } }` },
    UNREADABLE,
    0,
  ),
  document('that is malformed', { query: 'mutation {' }, UNREADABLE, 0),
];

export const bodies: readonly Clothes[] = [
  of('a batch', 'application/json', `[${TEXT}]`, 'judged', 0),
  of('a batch with others', 'application/json', `[{"query":"{ me { id } }"},${TEXT}]`, 'judged', 0),
  of(
    'escapes',
    'application/json',
    TEXT.replace('query', 'qu\\u0065ry').replace('addPayment', '\\u0061ddPayment'),
    'judged',
    1,
  ),
  of('a type in capitals', 'Application/JSON; charset=UTF-8', TEXT, 'judged', 1),
  of('the document alone', 'application/graphql', ADD_PAYMENT, TYPE, 0),
  of('GraphQL’s own type', 'application/graphql+json', TEXT, TYPE, 0),
  of('text', 'text/plain', TEXT, TYPE, 0),
  of('no type', '', TEXT, TYPE, 0),
  of('a form', 'application/x-www-form-urlencoded', payment.toString(), TYPE, 1),
  of('an upload', 'multipart/form-data; boundary=x', UPLOAD, TYPE, null),
  of('a parameter', 'application/json; profile=x', TEXT, TYPE, 1),
  of('a query twice', 'application/json', `{"query":"{ me { id } }",${TEXT.slice(1)}`, UNREADABLE, 1),
  of('variables twice', 'application/json', `{"variables":{},${TEXT.slice(1)}`, UNREADABLE, 1),
  of('another case of a name', 'application/json', `{"Query":"{ me { id } }",${TEXT.slice(1)}`, UNREADABLE, 1),
  of('an id of a document', 'application/json', '{"documentId":"pay"}', UNREADABLE, 0),
  of('variables as text', 'application/json', JSON.stringify({ ...BODY, variables: '{}' }), UNREADABLE, 0),
  of('a byte order mark', 'application/json', `\uFEFF${TEXT}`, UNREADABLE, 1),
  of('nothing', 'application/json', '', UNREADABLE, 0),
  of('an empty batch', 'application/json', '[]', UNREADABLE, 0),
  of('a hash with another text', 'application/json', JSON.stringify({ ...BODY, extensions: hash }), UNREADABLE, 0),
];

export const urls: readonly Clothes[] = [
  at('a payment in it', { path: `/shop-api?${payment}`, method: 'GET' }, UNREADABLE, 0),
  at('a payment in it, for a HEAD', { path: `/shop-api?${payment}`, method: 'HEAD' }, UNREADABLE, 0),
  at(
    'a payment in it, on another spelling of the path',
    { path: `/Shop-API/?${payment}`, method: 'GET' },
    UNREADABLE,
    0,
  ),
  at(
    'a payment in it, beside a body',
    { path: `/shop-api?${payment}`, body: { query: '{ me { id } }' } },
    UNREADABLE,
    0,
  ),
  at('a document in it, beside a payment', { path: '/shop-api?query={me{id}}', body: BODY }, UNREADABLE, 1),
  at(
    'brackets',
    { path: `/shop-api?query[]=${encodeURIComponent(query(select('')).query)}`, method: 'GET' },
    UNREADABLE,
    0,
  ),
  at(
    'a card number',
    { path: `/shop-api?query=${encodeURIComponent(`{ a(b: "${NUMBER}") }`)}`, method: 'GET' },
    UNREADABLE,
    0,
  ),
  at('another case of the path', { path: '/SHOP-API', body: BODY }, PATH, 1),
  at('a slash at the end', { path: '/shop-api/', body: BODY }, PATH, 1),
  at('a doubled slash', { path: '//shop-api', body: BODY }, PATH, 0),
  at('an encoded letter', { path: '/%73hop-api', body: BODY }, PATH, 0),
  at('another method', { path: '/shop-api', method: 'PUT', body: BODY }, 'refused: method_not_allowed', 0),
];

export const clothes: readonly Clothes[] = [...documents, ...bodies, ...urls];
