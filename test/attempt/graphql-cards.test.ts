/**
 * One card number for each payment, in its place; none anywhere else in the request, whoever pays.
 */
import { describe, expect, it } from 'vitest';
import { compileReading } from '../../src/attempt/reading-rules.ts';
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
  routeWith,
} from './graphql-baseline.ts';

const ONE = [`addPaymentToOrder=${CARD}`];

describe('reads the card from', () => {
  const literal = (value: string) =>
    `mutation { addPaymentToOrder(input: {metadata: {card_number: ${value}}}) ${RESULT} }`;
  const one = (declared: string, value = '$card') =>
    `mutation (${declared}) { addPaymentToOrder(input: {metadata: {card_number: ${value}}}) ${RESULT} }`;
  it.each([
    ['a string', literal(`"${CARD}"`), {}],
    ['a string with escapes', literal('"\\u0034242 4242\\u0020424242-42"'), {}],
    ['a block string', literal(`"""\n   ${CARD}\n"""`), {}],
    ['an integer', literal(CARD), {}],
    ['a variable', one('$card: String!'), { card: CARD }],
    ['a number in a variable', one('$card: ID!'), { card: Number(CARD) }],
    ['a default', one(`$card: String = "${CARD}"`), {}],
    ['an object', QUERY, { input: INPUT }],
    ['a default object', QUERY.replace('PaymentInput!', `P = {metadata: {card_number: "${CARD}"}}`), {}],
    [
      'a part of an object',
      `mutation ($m: JSON) { addPaymentToOrder(input: {metadata: $m}) ${RESULT} }`,
      { m: { card_number: CARD } },
    ],
  ])('%s', async (_, query, variables) => {
    expect(await paid(readQuery(query, variables))).toEqual(ONE);
  });

  it('two variables for two payments', async () => {
    const query = `mutation ($a: P, $b: P) { a: addPaymentToOrder(input: $a) ${RESULT} b: addPaymentToOrder(input: $b) ${RESULT} }`;
    const b = { metadata: { card_number: OTHER_CARD } };
    expect(await paid(readQuery(query, { a: INPUT, b }))).toEqual([`a=${CARD}`, `b=${OTHER_CARD}`]);
  });
});

describe('refuses a card number', () => {
  const declared = 'mutation Pay($input: PaymentInput!, $x: String)';
  const withField = (field: string) => `${declared} { addPaymentToOrder(input: $input) ${RESULT} ${field} }`;
  it.each([
    ['that is missing', QUERY, { input: { method: 'card' } }, 'missing'],
    ['whose variable nobody gave', QUERY, {}, 'missing'],
    ['that is null', QUERY, { input: { metadata: { card_number: null } } }, 'missing'],
    ['that is a list', QUERY, { input: { metadata: { card_number: [CARD] } } }, 'hidden_card_number'],
    ['that is none', QUERY, { input: { metadata: { card_number: '4242' } } }, 'invalid_card_number'],
    ['in a list that the server would make of one', QUERY, { input: [INPUT] }, 'not_text'],
    ['under another name', QUERY, { input: { ...INPUT, note: OTHER_CARD } }, 'hidden_card_number'],
    [
      'under the same name, spelled otherwise',
      QUERY,
      { input: { metadata: { card_number: CARD, cardNumber: '' } } },
      'second_card_field',
    ],
    ['under a name that means the same', QUERY, { input: { ...INPUT, metadataCardNumber: '1' } }, 'second_card_field'],
    ['as a name', QUERY, { input: { ...INPUT, [OTHER_CARD]: 1 } }, 'hidden_card_number'],
    ['in a variable that nobody uses', QUERY, { input: INPUT, note: OTHER_CARD }, 'hidden_card_number'],
    ['in a declared variable that nobody uses', withField(''), { input: INPUT, x: OTHER_CARD }, 'hidden_card_number'],
    [
      'in a variable of another field',
      withField('setNote(text: $x)'),
      { input: INPUT, x: OTHER_CARD },
      'hidden_card_number',
    ],
    ['of the payment in another field too', withField('setNote(text: $input)'), { input: INPUT }, 'hidden_card_number'],
    [
      'of the payment’s default in another field too',
      withField('setNote(text: $input)').replace('PaymentInput!', `P = {metadata: {card_number: "${CARD}"}}`),
      {},
      'hidden_card_number',
    ],
    ['in a field deeper inside', withField('a { b(c: [{ d: $input }]) }'), { input: INPUT }, 'hidden_card_number'],
    ['in a field of the result', QUERY.replace('id', 'id(x: $input)'), { input: INPUT }, 'hidden_card_number'],
    ['in a directive', QUERY.replace('id', 'id @log(x: $input)'), { input: INPUT }, 'hidden_card_number'],
    ['in a fragment', `${withField('')} fragment F on M { a(b: $input) }`, { input: INPUT }, 'hidden_card_number'],
    [
      'in another operation',
      `${QUERY} mutation Other($input: P) { setNote(text: $input) }`,
      { input: INPUT },
      'hidden_card_number',
    ],
    ['in a literal', withField(`setNote(text: "${OTHER_CARD}")`), { input: INPUT }, 'hidden_card_number'],
    ['in an integer', withField(`setNote(text: ${OTHER_CARD})`), { input: INPUT }, 'hidden_card_number'],
    ['in a float', withField('setNote(text: 5.555555555554444e15)'), { input: INPUT }, 'hidden_card_number'],
    ['in a block string', withField(`setNote(text: """ my ${OTHER_CARD} """)`), { input: INPUT }, 'hidden_card_number'],
    ['in escapes', withField(`setNote(text: "555555555555\\u0034444")`), { input: INPUT }, 'hidden_card_number'],
    [
      'in a literal of the payment',
      QUERY.replace('$input)', `$input, note: "${OTHER_CARD}")`),
      { input: INPUT },
      'hidden_card_number',
    ],
    [
      'in a default that is not used',
      QUERY.replace('PaymentInput!', `P = "${OTHER_CARD}"`),
      { input: INPUT },
      'hidden_card_number',
    ],
    [
      'in a directive of a variable',
      QUERY.replace('PaymentInput!', `P @log(x: "${OTHER_CARD}")`),
      { input: INPUT },
      'hidden_card_number',
    ],
    [
      'in a description of a variable',
      QUERY.replace('$input:', `"${OTHER_CARD}" $input:`),
      { input: INPUT },
      'hidden_card_number',
    ],
    ['in an enum', withField(`setNote(text: _${OTHER_CARD})`), { input: INPUT }, 'hidden_card_number'],
    ['in a comment', `${QUERY} # ${OTHER_CARD}`, { input: INPUT }, 'hidden_card_number'],
    ['in an alias', QUERY.replace('id', `_${OTHER_CARD}: id`), { input: INPUT }, 'hidden_card_number'],
    ['in a description', `"${OTHER_CARD}" ${QUERY}`, { input: INPUT }, 'hidden_card_number'],
    [
      'of thirteen digits, where the name says so',
      withField('setNote(pan: "4222222222222")'),
      { input: INPUT },
      'hidden_card_number',
    ],
  ])('%s', async (_, query, variables, because) => {
    const reading = await paid(read({ query, variables, operationName: 'Pay' }));
    expect(reading).toBe(because);
  });

  it.each([
    ['in a query', { query: `{ find(text: "${CARD}") { id } }` }],
    ['in a variable of a query', { query: 'query ($x: String) { find(text: $x) { id } }', variables: { x: CARD } }],
    ['in an operation’s name', { ...PAYMENT, operationName: CARD }],
    ['in an extension', { ...PAYMENT, extensions: { trace: CARD } }],
    ['in an extension’s name', { ...PAYMENT, extensions: { [CARD]: 1 } }],
  ])('%s', async (_, body) => {
    expect((await read(body)).ok).toBe(false);
  });

  it('and says where it stands, not what it is', async () => {
    expect(await readQuery(`${QUERY} # ${OTHER_CARD}`)).toEqual({
      ok: false,
      why: { because: 'hidden_card_number', field: '/query' },
    });
    expect(await read([{ query: `{ a(b: "${CARD}") }` }])).toEqual({
      ok: false,
      why: { because: 'hidden_card_number', field: '/0/query' },
    });
  });
});

describe('lets a number be that the merchant calls no card', () => {
  const gift = { ...INPUT, gift: OTHER_CARD, list: [{ code: OTHER_CARD }] };
  it('in a payment', async () => {
    const route = routeWith({
      reading: compileReading({
        fields: { card_number: '/input/metadata/card_number' },
        not_card_fields: ['/input/gift', '/input/list/*/code'],
      }),
    });
    expect(await paid(readQuery(QUERY, { input: gift }, route))).toEqual(ONE);
    expect(await paid(readQuery(QUERY, { input: gift }))).toBe('hidden_card_number');
  });

  it('in any request, by its pointer in the body', async () => {
    const route = routeWith({}, { notCards: ['/variables/code'] });
    const query = 'mutation ($code: String) { applyGiftCard(code: $code) { id } }';
    expect(await readQuery(query, { code: OTHER_CARD }, route)).toEqual({ ok: true, value: null });
    expect(await paid(readQuery(query, { code: OTHER_CARD }))).toBe('hidden_card_number');
  });
});
