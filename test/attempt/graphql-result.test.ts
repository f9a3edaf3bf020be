/**
 * A payment asks for what tells its outcome, whatever the result's type turns out to be, and under its own name.
 */
import { describe, expect, it } from 'vitest';
import { CARD, PAYMENT, paid, read, routeWith } from './graphql-baseline.ts';

const route = routeWith({ tells: ['/__typename', '/payment/status'], reads: ['/errors/0/code', '/id'] });
const ONE = [`addPaymentToOrder=${CARD}`];
const GOOD = '__typename payment { id status }';

const readResult = (result: string, more = '') =>
  paid(
    read(
      {
        ...PAYMENT,
        query: `mutation Pay($input: P, $yes: Boolean = true) { addPaymentToOrder(input: $input) ${result} } fragment F on Order { ${more || 'x'} }`,
      },
      route,
    ),
  );

describe('is told by', () => {
  it.each([
    ['bare selections', `{ ${GOOD} }`],
    ['selections beside others', `{ a { b } ${GOOD} ...F ... on X { y } }`],
    ['inline fragments without a type', `{ ... { __typename ... { payment { ... { status } } } } }`],
    ['two selections of one part', `{ ${GOOD} payment { id } }`],
    ['literal conditions that hold', `{ __typename @include(if: true) ... @skip(if: false) { payment { status } } }`],
    ['a name for itself', `{ __typename: __typename payment { status } }`],
    ['bare selections beside conditional ones', `{ ${GOOD} __typename @skip(if: $yes) ... on X { __typename } }`],
    ['what the outcome is read from besides, under any type', `{ ${GOOD} ... on X { errors { code message } id } }`],
    ['aliases of anything else', `{ ${GOOD} a: b payment { c: id } errors { id: x } }`],
  ])('%s', async (_, result) => {
    expect(await readResult(result)).toEqual(ONE);
  });
});

describe('is untold where it is asked for', () => {
  it.each([
    ['nowhere', ''],
    ['in part', '{ __typename payment { id } }'],
    ['in the other part', '{ payment { status } }'],
    ['by another name', '{ t: __typename payment { status } }'],
    ['in another place', '{ payment { __typename status } }'],
    ['under a type', '{ ... on Order { __typename } payment { status } }'],
    ['under a type of the part', '{ __typename payment { ... on Card { status } } }'],
    ['in a fragment of a type', '{ ...F payment { status } }', '__typename'],
    ['if a variable says so', '{ __typename @include(if: $yes) payment { status } }'],
    ['unless a variable says so', '{ __typename payment { status @skip(if: $yes) } }'],
    ['if a fragment’s variable says so', '{ ... @include(if: $yes) { __typename } payment { status } }'],
    ['never', '{ __typename @skip(if: true) payment { status } }'],
    ['never, by way of its fragment', '{ ... @include(if: false) { __typename } payment { status } }'],
    ['with a directive on its fragment that nobody knows', '{ ... @other { __typename } payment { status } }'],
    ['with a condition in doubt', '{ __typename @skip payment { status } }'],
  ])('%s', async (_, result, more = '') => {
    expect(await readResult(result, more)).toBe('graphql_untold');
  });

  it('in only one of two selections that are merged', async () => {
    const query = PAYMENT.query.replace(/\}$/, '... on Foo { addPaymentToOrder(input: $input) { id } } }');
    expect(await paid(read({ ...PAYMENT, query }))).toBe('graphql_untold');
  });
});

describe('is retold, and refused, by', () => {
  it.each([
    ['an alias', `{ ${GOOD} ... on X { __typename: name } }`],
    ['an alias in a fragment', `{ ${GOOD} ...F }`, '__typename: name'],
    ['an alias of a part', `{ __typename payment: order { status } }`],
    ['an alias in a part', `{ ${GOOD} payment { status: note } }`],
    ['an alias in a part, in a fragment of it', `{ ${GOOD} payment { ...F } }`, 'status: note'],
    ['an alias of what is read besides', `{ ${GOOD} ... on X { id: note } }`],
    ['an alias inside of what is read besides', `{ ${GOOD} errors { code: note } }`],
    ['an alias that is skipped', `{ ${GOOD} __typename: name @skip(if: true) }`],
    ['arguments', `{ ${GOOD} errors(first: 0) { code } }`],
    ['arguments of the part', `{ __typename payment(of: 1) { status } }`],
    ['a directive that nobody knows', `{ __typename @upper payment { status } }`],
  ])('%s', async (_, result, more = '') => {
    expect(await readResult(result, more)).toBe('graphql_retold');
  });

  it('names the part', async () => {
    const query = `mutation ($input: P) { addPaymentToOrder(input: $input) { __typename payment { id } } }`;
    expect(await read({ query, variables: PAYMENT.variables }, route)).toEqual({
      ok: false,
      why: { because: 'graphql_untold', field: '/payment/status' },
    });
  });
});

describe('of several types', () => {
  const typed = routeWith({
    tells: [],
    tellsByType: new Map([
      ['Order', ['/state']],
      ['ErrorResult', ['/__typename', '/errorCode']],
    ]),
    reads: ['/__typename', '/state', '/errorCode', '/code'],
  });
  const ask = (result: string, ...fragments: string[]) =>
    paid(
      read(
        {
          ...PAYMENT,
          query: `mutation Pay($input: P, $yes: Boolean = true) { addPaymentToOrder(input: $input) ${result} } ${fragments.join(' ')}`,
        },
        typed,
      ),
    );

  it.each<[string, string, ...string[]]>([
    ['in fragments on these types', '{ ... on Order { state } ... on ErrorResult { errorCode } }'],
    [
      'in named fragments on these types',
      '{ ...O ...E }',
      'fragment O on Order { id state }',
      'fragment E on ErrorResult { errorCode }',
    ],
    [
      'in fragments inside one another on one type',
      '{ ... on Order { ...O } ... on ErrorResult { ... { errorCode } } }',
      'fragment O on Order { ... on Order { state } }',
    ],
    ['bare for one of them', '{ __typename ... on Order { state } ... on ErrorResult { message } }'],
    ['bare for both', '{ state errorCode }'],
    ['by either of its pointers', '{ ... on Order { state __typename } ... on ErrorResult { __typename } }'],
  ])('is told %s', async (_, result, ...fragments) => {
    expect(await ask(result, ...fragments)).toEqual(ONE);
  });

  it.each<[string, string, ...string[]]>([
    ['for one of them', '{ ... on Order { state } }'],
    ['for the other', '{ __typename ... on Order { id } }'],
    ['on another type', '{ __typename ... on Node { state } }'],
    ['on two types at once', '{ __typename ... on Node { ... on Order { state } } }'],
    ['on two types, the other way round', '{ __typename ... on Order { ... on Node { state } } }'],
    ['on one error of many', '{ ... on Order { state } ... on PaymentDeclinedError { errorCode __typename } }'],
    ['in another part of it', '{ __typename ... on Order { payments { state } } }'],
    ['on the type of a part', '{ __typename payments { ... on Order { state } } }'],
    ['if a variable says so', '{ __typename ... on Order { state @include(if: $yes) } }'],
    ['if its fragment’s variable says so', '{ __typename ... on Order @skip(if: $yes) { state } }'],
    [
      'in a fragment that is spread on a condition',
      '{ __typename ...O @include(if: $yes) }',
      'fragment O on Order { state }',
    ],
    ['nowhere', '{ id }'],
  ])('is untold where it is left out %s', async (_, result, ...fragments) => {
    expect(await ask(result, ...fragments)).toBe('graphql_untold');
  });

  it('is untold by a part’s own fragments, whatever their type is called', async () => {
    const deep = routeWith({ tells: [], tellsByType: new Map([['Order', ['/payment/status']]]), reads: [] });
    const query = (result: string) => `mutation Pay($input: P) { addPaymentToOrder(input: $input) ${result} }`;
    const told = (result: string) => paid(read({ ...PAYMENT, query: query(result) }, deep));
    expect(await told('{ ... on Order { payment { status } } }')).toEqual(ONE);
    expect(await told('{ payment { ... on Order { status } } }')).toBe('graphql_untold');
  });

  it('counts a fragment that is spread twice where one of both is certain', async () => {
    const fragment = 'fragment O on Order { state }';
    expect(await ask('{ __typename ...O @include(if: $yes) ...O }', fragment)).toEqual(ONE);
    expect(await ask('{ __typename ...O ... on Node { ...O } }', fragment)).toEqual(ONE);
  });

  it('may not be retold under any of them', async () => {
    const retold =
      '{ ... on Order { state } ... on ErrorResult { errorCode } ... on PaymentDeclinedError { state: message } }';
    expect(await ask(retold)).toBe('graphql_retold');
  });
});
