/**
 * The arguments of a payment, from wherever they are written, under the pointers a JSON body would have.
 */
import { describe, expect, it } from 'vitest';
import { RESULT, readQuery, TOKEN_ROUTE } from './graphql-baseline.ts';

const DECLARED =
  '($a: String, $b: Int = 5, $c: [Int!]! = [1, 2], $none: Int = null, $in: PaymentInput!, $deep: JSON = { x: { y: [true] } })';

async function fieldsOf(args: string, variables: unknown = {}, declared = DECLARED) {
  const reading = await readQuery(
    `mutation ${declared} { addPaymentToOrder${args} ${RESULT} }`,
    variables,
    TOKEN_ROUTE,
  );
  return reading.ok ? Object.fromEntries(reading.value?.payments[0].fields ?? []) : reading.why;
}

describe('reads', () => {
  it.each([
    ['no arguments', '', {}],
    ['a string', '(a: "x")', { '/a': 'x' }],
    ['an empty string', '(a: "")', { '/a': '' }],
    ['escapes', '(a: "\\u0078\\u{1F600}\\n\\"")', { '/a': 'x😀\n"' }],
    ['a block string, without its indentation', '(a: """\n    x\n      y\n  """)', { '/a': 'x\n  y' }],
    ['numbers', '(a: 1, b: -2, c: 1.50, d: 1e3)', { '/a': 1, '/b': -2, '/c': 1.5, '/d': 1000 }],
    ['constants', '(a: true, b: false, c: null)', { '/a': true, '/b': false, '/c': null }],
    ['an enum', '(a: VISA)', { '/a': 'VISA' }],
    ['lists', '(a: [1, [2, 3], "x"], b: [])', { '/a/0': 1, '/a/1/0': 2, '/a/1/1': 3, '/a/2': 'x' }],
    ['input objects', '(a: { b: { c: 1 }, d: {} })', { '/a/b/c': 1 }],
    [
      'names of every object',
      '(__proto__: 1, constructor: { __proto__: 2 })',
      { '/__proto__': 1, '/constructor/__proto__': 2 },
    ],
    ['defaults', '(a: $b, b: $c, c: $deep)', { '/a': 5, '/b/0': 1, '/b/1': 2, '/c/x/y/0': true }],
    ['nothing of what nobody gave', '(a: $a, b: { c: $a, d: 1 })', { '/b/d': 1 }],
    ['null for what nobody gave in a list', '(a: [$a, 1])', { '/a/0': null, '/a/1': 1 }],
  ])('%s', async (_, args, fields) => {
    const expected = Object.assign(Object.create(null), fields);
    expect({ ...((await fieldsOf(args)) as object) }).toEqual({ ...expected });
  });

  it.each([
    ['a variable', '(a: $a)', { a: 'x' }, { '/a': 'x' }],
    ['one that is null, and has no default', '(a: $a)', { a: null }, { '/a': null }],
    ['one that is null, as its default is', '(a: $none)', { none: null }, { '/a': null }],
    ['one over its default', '(a: $b)', { b: 7 }, { '/a': 7 }],
    ['one inside of lists and objects', '(a: [{ b: $a }])', { a: 'x' }, { '/a/0/b': 'x' }],
    ['a whole object', '(input: $in)', { in: { method: 'card', metadata: {} } }, { '/input/method': 'card' }],
    ['one twice', '(a: $a, b: $a)', { a: 'x' }, { '/a': 'x', '/b': 'x' }],
    ['names with / and ~', '(a: $deep)', { deep: { 'x/y': { 'z~': 1 } } }, { '/a/x~1y/z~0': 1 }],
    ['only what is declared', '(a: $a)', { a: 'x', other: 'y' }, { '/a': 'x' }],
  ])('%s', async (_, args, variables, fields) => {
    expect(await fieldsOf(args, variables)).toEqual(fields);
  });
});

describe('refuses', () => {
  it.each([
    ['an integer that not every reader keeps', '(a: 9007199254740993)', { because: 'inexact_number', field: '/a' }],
    ['its negative', '(a: [-9007199254740993])', { because: 'inexact_number', field: '/a/0' }],
    ['a variable that is not declared', '(a: [{ b: $x }])', { because: 'graphql_undefined', name: 'x' }],
    ['a member given twice', '(a: [{ b: 1, b: 1 }])', { because: 'graphql_defined_twice', name: 'b' }],
  ])('%s', async (_, args, why) => {
    expect(await fieldsOf(args)).toEqual(why);
  });

  it.each(['(a: $b)', '(a: { b: [$b] })'])('null for a variable with a default: %s', async (args) => {
    expect(await fieldsOf(args, { b: null })).toEqual({ because: 'graphql_null_or_default', name: 'b' });
  });
});
