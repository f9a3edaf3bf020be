/**
 * Payments in other clothes, and what Saleor's own parsers make of each: Django's requests and routes, Python's json,
 * graphql-core 2. Cordon reads each, or refuses it. That they take it is shown by themselves.
 */
export interface Clothes {
  readonly what: string;
  readonly path: string;
  readonly method: string;
  /** Null: none. */
  readonly type: string | null;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly fate: string;
  /** The checkouts that Saleor takes a payment for, in their order. Empty: it takes none, and Cordon guesses nothing. */
  readonly pays: readonly string[];
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';

const utf8 = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const of = (what: string, body: string, fate: string, pays: readonly string[]): Clothes => ({
  what,
  path: '/graphql/',
  method: 'POST',
  type: JSON_TYPE,
  body: utf8(body),
  fate,
  pays,
});

const pay = (id: string, more = '') =>
  `transactionInitialize(id: ${id}, paymentGateway: {id: "x"}) ${more} { transactionEvent { type } errors { code } }`;
const A = pay('"A"');
const request = (query: string, variables?: unknown, operationName?: unknown) =>
  JSON.stringify({ query, variables, operationName });
const LITERAL = request(`mutation { ${A} }`);
const NAMED = 'mutation Pay($id: ID!, $to: PaymentGatewayToInitialize!, $amount: PositiveDecimal)';
const STOREFRONT = `${NAMED} { transactionInitialize(id: $id, paymentGateway: $to, amount: $amount) { transactionEvent { type } errors { code } } }`;
const VARIABLES = {
  id: 'A',
  to: { id: 'app.saleor.adyen', data: { paymentMethod: { type: 'scheme' } } },
  amount: 19.9,
};
const GIVEN = JSON.stringify(VARIABLES);
const remove = (ids: string) => `checkoutLinesDelete(id: "c", linesIds: [${ids}]) { errors { code } }`;

const document = (what: string, query: string, fate: string, pays: readonly string[], variables?: unknown) =>
  of(what, request(query, variables), fate, pays);

export const documents: readonly Clothes[] = [
  of('as a storefront writes it', request(STOREFRONT, VARIABLES, 'Pay'), 'judged', ['A']),
  document('literals', `mutation { ${A} }`, 'judged', ['A']),
  document('an alias', `mutation { a: ${A} }`, 'judged', ['A']),
  document('several aliases', `mutation { a: ${A} b: ${pay('"B"')} }`, 'judged', ['A', 'B']),
  document('one of several fields', `mutation { ${remove('"l"')} ${A} }`, 'judged', ['A']),
  document('the same field twice', `mutation { ${A} ${A} }`, 'judged', ['A']),
  document('one name for two payments', `mutation { ${A} ${pay('"B"')} }`, UNREADABLE, []),
  document('a fragment', `mutation { ...F } fragment F on Mutation { ${A} }`, 'judged', ['A']),
  document('inline fragments', `mutation { ... on Mutation { ... { ${A} } } }`, 'judged', ['A']),
  document('a condition that holds', `mutation { ${pay('"A"', '@include(if: true) @skip(if: false)')} }`, 'judged', [
    'A',
  ]),
  document(
    'a condition by a default',
    `mutation ($b: Boolean = true) { ${pay('"A"', '@include(if: $b)')} }`,
    'judged',
    ['A'],
  ),
  // graphql-core 2 makes a boolean of whatever is given: a text is true, 0 is false.
  document('a condition by a text', `mutation ($b: Boolean!) { ${pay('"A"', '@include(if: $b)')} }`, 'judged', ['A'], {
    b: 'no',
  }),
  document('a condition by a number', `mutation ($b: Boolean!) { ${pay('"A"', '@skip(if: $b)')} }`, 'judged', ['A'], {
    b: 0,
  }),
  document(
    'a condition that does not hold',
    `mutation ($b: Boolean!) { ${remove('"l"')} ${pay('"A"', '@skip(if: $b)')} }`,
    'passed on',
    [],
    { b: true },
  ),
  document(
    'a condition that is null',
    `mutation ($b: Boolean = false) { ${pay('"A"', '@skip(if: $b)')} }`,
    'judged',
    ['A'],
    { b: null },
  ),
  document('a default', `mutation ($i: ID = "A") { ${pay('$i')} }`, 'judged', ['A']),
  document('a default, and another value', `mutation ($i: ID = "A") { ${pay('$i')} }`, 'judged', ['B'], { i: 'B' }),
  document('a default, and null', `mutation ($i: ID = "A") { ${pay('$i')} }`, UNREADABLE, ['A'], { i: null }),
  document('a number for an id', `mutation { ${pay('5')} }`, 'judged', ['5']),
  document('a number in a variable', `mutation ($i: ID!) { ${pay('$i')} }`, 'judged', ['5'], { i: 5 }),
  document('comments, commas, a byte order mark', `\uFEFF# x "\r\n,,mutation#\n{,${A}\uFEFF}`, 'judged', ['A']),
  document('an escape', `mutation { ${pay('"\\u0041"')} }`, 'judged', ['A']),
  document('an escape in braces', `mutation { ${pay('"\\u{41}"')} }`, 'judged', []),
  document('a block string for an id', `mutation { ${pay('"""A"""')} }`, 'judged', []),
  document('a block string beside it', `mutation { ${remove('"""l"""')} ${A} }`, 'judged', ['A']),
  document(
    'a payment in a block string',
    // Two removals around it to Saleor, one to whoever knows block strings.
    `mutation { a: ${remove('"""x"')} ${A} b: ${remove('"y"""')} }`,
    UNREADABLE,
    ['A'],
  ),
  document('a comment that ends in CR alone', `{ shop { name } } #\r mutation P { ${A} }`, UNREADABLE, []),
  document('null for an optional argument', `mutation { ${A.replace(', pay', ', amount: null, pay')} }`, 'judged', []),
  document('an argument twice', `mutation { ${A.replace('id: "A"', 'id: "B", id: "A"')} }`, UNREADABLE, []),
  document('a query', `query { ${A} }`, UNREADABLE, []),
  document('no question for the event', `mutation { ${A.replace('transactionEvent { type }', '')} }`, UNREADABLE, [
    'A',
  ]),
  document(
    'a question under a condition',
    `mutation { ${A.replace('{ type }', '@skip(if: true) { type }')} }`,
    UNREADABLE,
    ['A'],
  ),
  document('another answer under its name', `mutation { ${A.replace('type', 'type: message')} }`, UNREADABLE, ['A']),
  document('no question for errors', `mutation { ${A.replace('errors { code }', '')} }`, UNREADABLE, ['A']),
];

const SHOP = 'query Q { shop { name } }';
const BOTH = `${SHOP} mutation P { ${A} }`;

export const operations: readonly Clothes[] = [
  of('named', request(BOTH, undefined, 'P'), 'judged', ['A']),
  of('the other one named', request(BOTH, undefined, 'Q'), 'passed on', []),
  of('none named', request(BOTH), UNREADABLE, []),
  of('named as nothing', request(`mutation P { ${A} }`, undefined, ''), 'judged', ['A']),
  of('named as null', request(`mutation P { ${A} }`, undefined, null), 'judged', ['A']),
  // Saleor takes the text for no name at all.
  of('named as the text null', request(`mutation P { ${A} }`, undefined, 'null'), UNREADABLE, ['A']),
  of(
    'an operation of that name',
    request(`${SHOP.replace('Q', 'null')} mutation P { ${A} }`, undefined, 'null'),
    'passed on',
    [],
  ),
  of('named by a number', request(`mutation P { ${A} }`, undefined, 1), UNREADABLE, ['A']),
  of('two of one name', request(`query P { shop { name } } mutation P { ${A} }`, undefined, 'P'), UNREADABLE, []),
];

const withMember = (member: string) => `${LITERAL.slice(0, -1)},${member}}`;
const given = (variables: string) => `{"query":${JSON.stringify(STOREFRONT)},"variables":${variables}}`;
const amount = (written: string) => given(GIVEN.replace('19.9', written));

export const bodies: readonly Clothes[] = [
  of('escaped names', LITERAL.replace('query', 'qu\\u0065ry').replace('mutation', '\\u006dutation'), 'judged', ['A']),
  of('white space', ` \r\n\t${LITERAL.replace(':', ' :\n')}\n`, 'judged', ['A']),
  of('a query twice', `{"query":"{ shop { name } }",${LITERAL.slice(1)}`, UNREADABLE, ['A']),
  of('a query twice, once escaped', `{"quer\\u0079":"{ shop { name } }",${LITERAL.slice(1)}`, UNREADABLE, ['A']),
  of('variables twice', `${given(GIVEN.replace('"A"', '"B"')).slice(0, -1)},"variables":${GIVEN}}`, UNREADABLE, ['A']),
  of('an id twice', given(GIVEN.replace('{', '{"id":"B",')), UNREADABLE, ['A']),
  of('NaN', amount('NaN'), UNREADABLE, ['A']),
  of('Infinity', amount('-Infinity'), UNREADABLE, ['A']),
  of('a large integer', amount('9007199254740993'), UNREADABLE, ['A']),
  of('a large integer for an id', given(GIVEN.replace('"A"', '9007199254740993')), UNREADABLE, ['9007199254740993']),
  of('a number beyond all numbers', amount('1e999'), 'judged', ['A']),
  of('half a character', given(GIVEN.replace('"x"', '"\\ud800"')), 'judged', ['A']),
  of('variables as a text', `{"query":${JSON.stringify(`mutation { ${A} }`)},"variables":"{}"}`, UNREADABLE, ['A']),
  of('variables in a list', withMember('"variables":[]'), UNREADABLE, ['A']),
  of('another case of a name', withMember('"Query":"{ shop { name } }"'), UNREADABLE, ['A']),
  of('an id of a document', withMember('"documentId":"x"'), UNREADABLE, ['A']),
  of(
    'a hash of another text',
    withMember(`"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'ab'.repeat(32)}"}}`),
    UNREADABLE,
    ['A'],
  ),
  of('a batch', `[${LITERAL}]`, 'judged', ['A']),
  of('a batch with others', `[{"query":"{ shop { name } }"},${LITERAL}]`, 'judged', ['A']),
  of('a batch of two', `[${LITERAL},${LITERAL.replace('A', 'B')}]`, 'judged', ['A', 'B']),
  of(
    'a batch of eleven',
    `[${Array.from({ length: 11 }, () => LITERAL).join()}]`,
    UNREADABLE,
    Array.from({ length: 11 }, () => 'A'),
  ),
  of('a list with what is no request behind it', `[${LITERAL},1]`, UNREADABLE, ['A']),
  of('a list in a list', `[[${LITERAL}]]`, UNREADABLE, []),
  of('a byte order mark', `\uFEFF${LITERAL}`, UNREADABLE, []),
  of('text behind it', `${LITERAL}x`, UNREADABLE, []),
  { ...of('UTF-16', '', UNREADABLE, []), body: utf16(LITERAL) },
  { ...of('bytes that are no UTF-8', '', UNREADABLE, []), body: Uint8Array.from([...utf8(LITERAL), 0xff]) },
];

const FORM = new URLSearchParams({ query: `mutation { ${A} }` }).toString();
const multipart = (fields: Readonly<Record<string, string>>) =>
  `${Object.entries(fields)
    .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--\r\n`;
const typed = (what: string, type: string | null, body: string, pays: readonly string[]): Clothes => ({
  ...of(what, body, TYPE, pays),
  type,
});
const UPLOAD = 'multipart/form-data; boundary=x';

export const types: readonly Clothes[] = [
  { ...of('a charset', LITERAL, 'judged', ['A']), type: `${JSON_TYPE}; charset=utf-8` },
  // The body is UTF-8 to Saleor, whatever the type says.
  typed('another charset', `${JSON_TYPE}; charset=utf-16`, LITERAL, ['A']),
  typed('a parameter', `${JSON_TYPE}; profile=x`, LITERAL, ['A']),
  typed('the document alone', 'application/graphql', `mutation { ${A} }`, ['A']),
  typed('a form', FORM_TYPE, FORM, ['A']),
  typed('a form with a query twice', FORM_TYPE, `query=x&${FORM}`, ['A']),
  typed('an upload', UPLOAD, multipart({ operations: LITERAL, map: '{}' }), ['A']),
  // A "file" takes the place of a variable: its value becomes the name of the field.
  typed(
    'an upload with its id in the map',
    UPLOAD,
    multipart({ operations: given(GIVEN), map: '{"B":["variables.id"]}' }),
    ['B'],
  ),
  typed('text', 'text/plain', LITERAL, []),
  typed('GraphQL’s own type', 'application/graphql+json', LITERAL, []),
  typed('two types', `${JSON_TYPE}, text/plain`, LITERAL, []),
  typed('none', null, LITERAL, []),
];

const at = (path: string, fate: string, pays: readonly string[]): Clothes => ({
  ...of(path, LITERAL, fate, pays),
  path,
});
const inUrl = `/graphql/?${FORM}`;

export const paths: readonly Clothes[] = [
  at('/graphql/?x=1', 'judged', ['A']),
  at('/%67raphql/', PATH, ['A']),
  at('/graphql%2F', PATH, ['A']),
  at('/graphql', PATH, []),
  at('/graphql//', PATH, []),
  at('//graphql/', PATH, []),
  at('/GraphQL/', PATH, []),
  at('/graphql/%0A', PATH, []),
  { ...at(inUrl, UNREADABLE, []), what: 'in the URL, beside another', body: utf8(request('{ shop { name } }')) },
  { ...at('/graphql/', 'refused: method_not_allowed', []), what: 'by PUT', method: 'PUT' },
];

function utf16(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]));
}

export const clothes: readonly Clothes[] = [...documents, ...operations, ...bodies, ...types, ...paths];
