/**
 * Which payments a GraphQL body would execute: aliases, fragments, conditions, namespaces, batches.
 */
import { describe, expect, it } from 'vitest';
import { TOKEN_LIMIT } from '../../src/attempt/graphql-allowance.ts';
import { NESTING_LIMIT } from '../../src/attempt/graphql-document.ts';
import {
  CARD,
  INPUT,
  OTHER_CARD,
  PAYMENT,
  paid,
  QUERY,
  RESULT,
  read,
  readQuery,
  SHOP_ROUTE,
} from './graphql-baseline.ts';

const pay = (more = '') => `addPaymentToOrder(input: $input) ${more} ${RESULT}`;
const mutation = (selections: string, declared = '($input: PaymentInput!)') =>
  `mutation Pay${declared} { ${selections} }`;
const ONE = [`addPaymentToOrder=${CARD}`];

it('reads the baseline in full', async () => {
  const reading = await read(PAYMENT);
  expect(reading.ok && reading.value).toEqual({
    isBatch: false,
    payments: [
      {
        operation: SHOP_ROUTE.operations[0],
        request: 0,
        responsePath: ['addPaymentToOrder'],
        fields: new Map([
          ['/input/method', 'card'],
          ['/input/metadata/card_number', CARD],
          ['/input/metadata/name', 'A. Buyer'],
        ]),
        reading: { kind: 'attempt', card: { kind: 'number', digits: CARD }, alsoKnownAs: [] },
      },
    ],
  });
});

describe('counts', () => {
  it.each([
    ['an alias', mutation(`a: ${pay()}`), [`a=${CARD}`]],
    ['every alias', mutation(`a: ${pay()} b: ${pay()} ${pay()}`), [`a=${CARD}`, `b=${CARD}`, ...ONE]],
    ['the same selection twice as one', mutation(`${pay()} ${pay()}`), ONE],
    ['a fragment', `${mutation('...F')} fragment F on Mutation { ${pay()} }`, ONE],
    ['a fragment spread twice as one', `${mutation('...F ...F')} fragment F on Mutation { ${pay()} }`, ONE],
    [
      'a fragment in a fragment',
      `${mutation('...F')} fragment F on Mutation { ...G } fragment G on Mutation { ${pay()} }`,
      ONE,
    ],
    ['a fragment on a type by any name', `${mutation('...F')} fragment F on RootMutation { ${pay()} }`, ONE],
    ['an inline fragment', mutation(`... { ${pay()} }`), ONE],
    ['an inline fragment on a type', mutation(`... on Mutation { ... { ${pay()} } }`), ONE],
    ['a cycle of fragments once', `${mutation('...F')} fragment F on Mutation { ${pay()} ...F }`, ONE],
    ['under a namespace', mutation(`checkout { pay(input: $input) ${RESULT} }`), [`checkout.pay=${CARD}`]],
    ['under aliases of a namespace', mutation(`c: checkout { p: pay(input: $input) ${RESULT} }`), [`c.p=${CARD}`]],
    [
      'a namespace selected twice as one',
      mutation(
        `checkout { pay(input: $input) ${RESULT} } checkout { pay(input: $input) ${RESULT} x: pay(input: $input) ${RESULT} }`,
      ),
      [`checkout.pay=${CARD}`, `checkout.x=${CARD}`],
    ],
    ['beside other fields', mutation(`setNote(text: "x") ${pay()} other { pay addPaymentToOrder }`), ONE],
    ['an operation without a name', `mutation ($input: PaymentInput!) { ${pay()} }`, ONE],
    ['a document with a byte order mark', `\ufeff${QUERY}`, ONE],
    ['comments and commas away', `# a comment\n${QUERY.replaceAll(' ', ',\t\r\n #x\n ')}`, ONE],
    ['nothing where it is skipped', mutation(`${pay('@skip(if: true)')} x`), 'hidden_card_number'],
    [
      'what a skipped fragment does not hold',
      `${mutation(`...F @skip(if: true) ${pay()}`)} fragment F on Mutation { x: setNote }`,
      ONE,
    ],
  ])('%s', async (_, query, expected) => {
    expect(await paid(readQuery(query))).toEqual(expected);
  });

  it.each([
    ['another field', 'mutation { setNote(text: "x") }'],
    ['a query', '{ products { items { name } } }'],
    ['a subscription', 'subscription { orderChanged { id } }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['another spelling of the field', 'mutation { AddPaymentToOrder(input: 1) { id } addPaymentToOrder_ }'],
    ['the field as an alias of another', 'mutation { addPaymentToOrder: setNote(text: "x") }'],
    ['the field deeper inside', 'mutation { other { addPaymentToOrder } }'],
    ['the namespace alone', 'mutation { checkout { setNote } }'],
    ['the namespaced field at the root', 'mutation { pay }'],
    ['a fragment that nobody spreads', 'mutation { setNote } fragment F on Mutation { addPaymentToOrder }'],
  ])('nothing in %s', async (_, query) => {
    expect(await read({ query })).toEqual({ ok: true, value: null });
  });
});

describe('conditions', () => {
  const declared =
    '($input: PaymentInput!, $yes: Boolean = true, $no: Boolean = false, $given: Boolean, $none: Boolean)';
  // The card stands in a second payment, so that the first may be skipped.
  const query = (condition: string) =>
    mutation(`a: addPaymentToOrder(input: {metadata: {}}) ${condition} ${RESULT} ${pay()}`, declared);

  it.each([
    '@skip(if: true)',
    '@skip(if: $yes)',
    '@skip(if: $given)',
    '@include(if: false)',
    '@include(if: $no)',
    '@include(if: true) @skip(if: true)',
    '@include(if: false) @skip(if: false)',
    '@skip(if: true) @skip(if: true)',
    '@other @skip(if: true)',
  ])('%s skips', async (condition) => {
    expect(await paid(readQuery(query(condition), { input: INPUT, given: true }))).toEqual(ONE);
  });

  // Each of these is read, so that the selection without a card is refused.
  it.each([
    '@skip(if: false)',
    '@include(if: true)',
    '@skip(if: $none)',
    '@skip(if: $undeclared)',
    '@skip(if: "true")',
    '@skip(if: 1)',
    '@skip(if: null)',
    '@skip(if: [true])',
    '@skip',
    '@skip(unless: true)',
    '@skip(if: true, if: true)',
    '@skip(if: true) @skip(if: false)',
    '@include(if: false) @include(if: true)',
    '@Skip(if: true)',
    '@skip(if: $word)',
    '@skip(if: $text)',
    '@skip(if: $nothing)',
  ])('%s does not skip for sure', async (condition) => {
    const more = '$word: Boolean, $text: Boolean = "true", $nothing: Boolean = true';
    const text = query(condition).replace('$none: Boolean', `$none: Boolean, ${more}`);
    expect(await paid(readQuery(text, { input: INPUT, word: 'true', nothing: null }))).toBe('missing');
  });
});

describe('refuses', () => {
  it.each([
    [
      'another payment under the same name',
      mutation(`${pay()} addPaymentToOrder(input: {a: 1}) ${RESULT}`),
      'graphql_conflict',
    ],
    ['another field under the same name', mutation(`${pay()} addPaymentToOrder: setNote`), 'graphql_conflict'],
    [
      'another field under the same name, with the same arguments',
      mutation(`${pay()} addPaymentToOrder: other(input: $input)`),
      'graphql_conflict',
    ],
    ['the same the other way round', mutation(`x: setNote x: ${pay()}`), 'graphql_conflict'],
    [
      'a namespace with two sets of arguments',
      mutation(`checkout(cart: 1) { pay } checkout(cart: 2) { x }`),
      'graphql_conflict',
    ],
    [
      'a conflict by way of a fragment',
      `${mutation(`${pay()} ...F`)} fragment F on M { addPaymentToOrder: y }`,
      'graphql_conflict',
    ],
    ['a payment in a query', QUERY.replace('mutation', 'query'), 'graphql_not_mutation'],
    ['a payment in a subscription', QUERY.replace('mutation', 'subscription'), 'graphql_not_mutation'],
    ['a fragment that is not there', mutation(`${pay()} ...F`), 'graphql_undefined'],
    ['a variable that is not declared', mutation(`addPaymentToOrder(input: $other) ${RESULT}`), 'graphql_undefined'],
    ['a fragment defined twice', `${QUERY} fragment F on M { a } fragment F on M { b }`, 'graphql_defined_twice'],
    ['an operation defined twice', `${QUERY} ${QUERY}`, 'graphql_defined_twice'],
    ['a variable declared twice', mutation(pay(), '($input: P, $input: P = {})'), 'graphql_defined_twice'],
    [
      'an argument given twice',
      mutation(`addPaymentToOrder(input: $input, input: $input) ${RESULT}`),
      'graphql_defined_twice',
    ],
    ['a member given twice', mutation(`addPaymentToOrder(input: {a: 1, a: 2}) ${RESULT}`), 'graphql_defined_twice'],
    ['types beside the operation', `${QUERY} type A { b: Int }`, 'graphql_not_executable'],
    ['an extension beside it', `${QUERY} extend type A { b: Int }`, 'graphql_not_executable'],
    ['@defer', mutation(`... @defer { ${pay()} }`), 'graphql_directive'],
    ['@defer that is off', mutation(`... @defer(if: false) { ${pay()} }`), 'graphql_directive'],
    ['@stream beside a payment', mutation(`${pay()} list @stream`), 'graphql_directive'],
    [
      '@export in a fragment',
      `${mutation(`${pay()} ...F`)} fragment F on M { a @export(as: "input") }`,
      'graphql_directive',
    ],
    ['nothing', '', 'graphql_syntax'],
    ['no selection', 'mutation', 'graphql_syntax'],
    ['an open bracket', 'mutation { a', 'graphql_syntax'],
    ['arguments of fragments', 'query { ...F(a: 1) } fragment F($a: Int) on Q { x }', 'graphql_syntax'],
    ['a NUL', 'query { a\0 }', 'graphql_syntax'],
    ['a line of comment that ends in CR alone', 'query { #\r a }', 'graphql_syntax'],
    ['a comment with U+2028', 'query { #\u2028\n a }', 'graphql_syntax'],
    ['a comment with a NUL', 'query { #\0\n a }', 'graphql_syntax'],
    [
      'a block string, in which a lexer without them would see the payment',
      `mutation { a(b: ["""x"]) { c } ${pay()} d(b: ["y"""]) { c } }`,
      'graphql_block_string',
    ],
    ['an escaped end of a block string', '{ a(b: ["""x\\""""""]) }', 'graphql_block_string'],
    ['deep nesting', `query ${'{a'.repeat(NESTING_LIMIT + 1)}${'}'.repeat(NESTING_LIMIT + 1)}`, 'too_deep'],
    ['nesting that would end the stack', `query ${'{a'.repeat(20_000)}`, 'too_deep'],
    ['deep lists', `query { a(b: ${'['.repeat(9_000)} }`, 'too_deep'],
    ['deep types', `query ($a: ${'['.repeat(9_000)} { b }`, 'too_deep'],
    ['a flood of tokens', `query { ${'a '.repeat(TOKEN_LIMIT)} }`, 'graphql_too_many_tokens'],
    ['a flood of comments', `query { ${'#\n'.repeat(TOKEN_LIMIT)} a }`, 'graphql_too_many_tokens'],
    [
      'eleven aliases',
      mutation(Array.from({ length: 11 }, (_, i) => `a${i}: ${pay()}`).join(' ')),
      'graphql_too_many_payments',
    ],
  ])('%s', async (_, query, because) => {
    const read = await readQuery(query);
    expect(read.ok ? read.value : read.why.because).toBe(because);
  });

  it('takes ten aliases', async () => {
    const query = mutation(Array.from({ length: 10 }, (_, i) => `a${i}: ${pay()}`).join(' '));
    expect(await paid(readQuery(query))).toHaveLength(10);
  });

  it('takes nesting up to its limit', async () => {
    const query = `query ${'{a'.repeat(NESTING_LIMIT)}${'}'.repeat(NESTING_LIMIT)}`;
    expect(await readQuery(query, {})).toEqual({ ok: true, value: null });
  });
});

describe('the operation', () => {
  const two = `${QUERY} mutation Other { setNote }`;
  it.each([
    ['that is named', two, 'Pay', ONE],
    ['that pays nothing', `${two}`.replaceAll('$input', '$i'), 'Other', 'hidden_card_number'],
    ['the only one', QUERY, undefined, ONE],
    ['the only one, with null for its name', QUERY, null, ONE],
    ['the only one, with an empty name', QUERY, '', ONE],
    ['not named', two, undefined, 'graphql_operation'],
    ['named emptily', two, '', 'graphql_operation'],
    ['named unknown', two, 'Third', 'graphql_operation'],
    ['the only one, named unknown', QUERY, 'Third', 'graphql_operation'],
    ['in another case', QUERY, 'pay', 'graphql_operation'],
    ['none at all', 'fragment F on M { a }', undefined, 'graphql_operation'],
    ['named as every object is', QUERY, 'constructor', 'graphql_operation'],
  ])('%s', async (_, query, operationName, expected) => {
    expect(await paid(read({ query, operationName, variables: PAYMENT.variables }))).toEqual(expected);
  });

  it('is the one that pays, whatever the others are', async () => {
    const query = `query Other { a } ${QUERY}`;
    expect(await paid(read({ ...PAYMENT, query }))).toEqual(ONE);
    expect(await paid(read({ query, operationName: 'Other' }))).toBeNull();
  });
});

describe('a batch', () => {
  const second = { ...PAYMENT, variables: { input: { ...INPUT, metadata: { card_number: OTHER_CARD } } } };
  it.each([
    ['of one', [PAYMENT], [`0:addPaymentToOrder=${CARD}`]],
    ['of two', [PAYMENT, second], [`0:addPaymentToOrder=${CARD}`, `1:addPaymentToOrder=${OTHER_CARD}`]],
    ['with others', [{ query: '{ a }' }, PAYMENT], [`1:addPaymentToOrder=${CARD}`]],
    ['of others', [{ query: '{ a }' }, { query: '{ b }' }], null],
    ['of nothing', [], 'graphql_batch'],
    ['of eleven', Array.from({ length: 11 }, () => ({ query: '{ a }' })), 'graphql_batch'],
    ['in a batch', [[PAYMENT]], 'graphql_member'],
    ['of text', ['{ a }'], 'graphql_member'],
    ['with one that cannot be read', [PAYMENT, { query: '{' }], 'graphql_syntax'],
    ['with a card in another request', [PAYMENT, { query: '{ a }', variables: { note: CARD } }], 'hidden_card_number'],
  ])('%s', async (_, body, expected) => {
    expect(await paid(read(body))).toEqual(expected);
  });

  it('counts the payments of all its requests together', async () => {
    const six = { ...PAYMENT, query: mutation(Array.from({ length: 6 }, (_, i) => `a${i}: ${pay()}`).join(' ')) };
    expect(await paid(read([six]))).toHaveLength(6);
    expect(await paid(read([six, six]))).toBe('graphql_too_many_payments');
  });
});
