/**
 * Requests of at most 128 KiB that are made to be expensive to read.
 */
import { PAYMENT, RESULT } from './graphql-baseline.ts';

const times = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const pays = (count: number, args: string) => times(count, () => `addPaymentToOrder(${args}) ${RESULT}`);

/** Each spreads the next one twice: 2^400 selections, if it were expanded. */
const doubling = times(400, (i) => `fragment F${i} on M { a ...F${i + 1} ...F${i + 1} }`);
const bigVariables = { big: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])) };
const deepName = 'n'.repeat(1_000);

/** Name, body, and what becomes of it: why it is refused, or null. */
export const BOMBS: readonly (readonly [string, unknown, string | null])[] = [
  ['fragments that double', { query: `mutation { ...F0 } ${doubling} fragment F400 on M { a }` }, null],
  [
    'fragments that double in the result of a payment',
    {
      ...PAYMENT,
      query: `mutation Pay($input: P) { addPaymentToOrder(input: {}) { ...F0 } } ${doubling} fragment F400 on M { a }`,
      variables: {},
    },
    'graphql_untold',
  ],
  [
    'many namespaces that spread one long fragment',
    {
      query: `mutation { ${times(700, (i) => `a${i}: checkout { ...F }`)} } fragment F on C { ${times(900, (i) => `b${i}`)} }`,
    },
    'graphql_too_costly',
  ],
  [
    'many selections of one payment that spread one long fragment',
    {
      query: `mutation { ${times(500, () => 'addPaymentToOrder { __typename ...F }')} } fragment F on C { ${times(900, (i) => `b${i}`)} }`,
    },
    'graphql_too_costly',
  ],
  [
    'one large variable for many arguments',
    {
      query: `mutation ($big: JSON) { addPaymentToOrder(${times(500, (i) => `a${i}: $big`)}) ${RESULT} }`,
      variables: bigVariables,
    },
    'graphql_too_costly',
  ],
  [
    'one large variable for many selections',
    { query: `mutation ($big: JSON) { ${pays(400, 'a: $big')} }`, variables: bigVariables },
    'graphql_too_costly',
  ],
  [
    'long names for many arguments',
    {
      query: `mutation ($big: JSON) { addPaymentToOrder(${times(900, (i) => `a${i}: $big`)}) ${RESULT} }`,
      variables: { big: { [deepName]: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i])) } },
    },
    'graphql_too_costly',
  ],
  [
    'ten long requests',
    Array.from({ length: 10 }, () => ({ query: `{ a { ${times(6_000, () => 'b')} } }` })),
    'graphql_too_many_tokens',
  ],
  ['ten requests of many fields', Array.from({ length: 10 }, () => ({ query: `{ ${'a '.repeat(900)} }` })), null],
  [
    'numbers that might be cards',
    { query: `{ a(number: [${'9999999999999995 '.repeat(7_000)}]) }` },
    'hidden_card_number',
  ],
  [
    'strings that might be cards',
    { query: `{ a(number: [${'"9999999999999995"'.repeat(5_500)}]) }` },
    'hidden_card_number',
  ],
  [
    'names that might be cards',
    { query: `{ ${'a9999999999999995_9999999999999995 '.repeat(3_600)} }` },
    'hidden_card_number',
  ],
  [
    'variables that might be cards',
    { query: '{ a }', variables: { number: Array.from({ length: 6_000 }, () => '9999999999999995') } },
    'graphql_too_costly',
  ],
  [
    'payments with what might be cards',
    {
      query: `mutation ($a: A) { ${times(10, (i) => `p${i}: addPaymentToOrder(number: $a) ${RESULT}`)} }`,
      variables: { a: Array.from({ length: 1_900 }, () => '9999999999999995') },
    },
    'graphql_too_costly',
  ],
  [
    'a chain of fragments',
    {
      query: `mutation { ...F0 } ${times(1_200, (i) => `fragment F${i} on M { ...F${i + 1} }`)} fragment F1200 on M { a }`,
    },
    null,
  ],
  ['strings of digits', { query: `{ ${times(800, (i) => `a${i}(b: "${'1234567 '.repeat(14)}")`)} }` }, null],
  ['one long string', { query: `{ a(b: "${'1 2 3 4 5 6 '.repeat(10_000)}") }` }, null],
  ['one long comment', { query: `{ a } #${'x'.repeat(120_000)}` }, null],
  ['one long name', { query: `{ ${'x'.repeat(120_000)} }` }, null],
  ['many conditions', { query: `{ ${times(1_000, () => 'a @skip(if: true)')} b }` }, null],
];
