/**
 * Random requests for the shop of the tests: payments under aliases, fragments, namespaces and conditions, with
 * arguments from literals, variables and defaults. Most of them a server would execute; the rest it would refuse.
 */
import fc from 'fast-check';

const sometimes = <T>(arb: fc.Arbitrary<T>, otherwise: T, weight = 1) =>
  fc.oneof({ weight: 10, arbitrary: fc.constant(otherwise) }, { weight, arbitrary: arb });

const STRINGS = ['"t1"', '"t2"', '"""\n  a block\n    of text\n"""', '"\\u0074\\n"', '$s0', '$s1', '""'];
const VARIABLE_NAMES = ['s0', 's1', 's2', 'b0', 'b1', 'b2', 'n0', 'j0', 'i0', 'i1'];

const string = fc.constantFrom(...STRINGS);
const nullable = fc.oneof(string, fc.constantFrom('$s2', 'null'));
const int = fc.constantFrom('0', '-7', '2147483647', '$n0', 'null');
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('$j0', '$s2', '$b1', '1.5e3', '-0.25', 'true', 'ENUM', 'null', '$n0'),
    string,
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(' ')}]`),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('token', 'a', 'b', '__proto__', 'constructor'), tie('json')), {
        maxLength: 3,
        selector: ([name]) => name,
      })
      .map((members) => `{${members.map(([name, value]) => `${name}: ${value}`).join(', ')}}`),
  ),
}));

const { input } = fc.letrec<{ input: string }>((tie) => ({
  input: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'input' },
    fc.constantFrom('$i0', '$i0', '$i1'),
    fc
      .record({
        method: string,
        metadata: fc.oneof(
          fc.constant('$j0'),
          json.map((it) => `{ token: ${it} }`),
        ),
        amount: sometimes(int, ''),
        note: sometimes(nullable, ''),
        tags: sometimes(
          fc.array(nullable, { maxLength: 2 }).map((items) => `[${items.join(',')}]`),
          '',
        ),
        kind: sometimes(fc.constantFrom('CREDIT', 'DEBIT'), ''),
        of: sometimes(tie('input') as fc.Arbitrary<string>, ''),
        isReversed: fc.boolean(),
      })
      .map(({ isReversed, ...members }) => {
        const written = Object.entries(members).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
        return `{ ${(isReversed ? written.reverse() : written).join(', ')} }`;
      }),
  ),
}));

const condition = fc.constantFrom('true', 'false', '$b0', '$b1', '$b2');
const directive = fc.oneof(
  { weight: 8, arbitrary: condition.map((it) => `@skip(if: ${it})`) },
  { weight: 8, arbitrary: condition.map((it) => `@include(if: ${it})`) },
  { weight: 4, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `@skip(if: ${a}) @include(if: ${b})`) },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `@skip(if: ${a}) @skip(if: ${b})`) },
);
const directives = sometimes(directive, '', 5);
/** `§` becomes a name of its own in the end: names that collide are refused by most servers, and are rare here. */
const alias = fc.oneof(
  { weight: 16, arbitrary: fc.constant('§: ') },
  { weight: 1, arbitrary: fc.constantFrom('', 'a: ', 'b: ', 'setNote: ', 'checkout: ', 'addPaymentToOrder: ') },
);
const result = sometimes(
  fc.constantFrom(
    '... { __typename }',
    '... @include(if: true) { __typename }',
    'x: __typename',
    '... on Order { state }',
    '...R',
  ),
  '__typename ... on Order { state } ...R',
);
const cart = sometimes(fc.constantFrom(', cart: "c"', ', cart: $c0', ', cart: 5'), '');

interface Random {
  selection: string;
  inCheckout: string;
}
const { selection } = fc.letrec<Random>((tie) => {
  const pay = (field: string) =>
    fc
      .tuple(alias, input, cart, directives, result)
      .map(([a, i, c, d, r]) => `${a}${field}(input: ${i}${c}) ${d} { ${r} }`);
  const note = fc.tuple(alias, nullable, directives).map(([a, text, d]) => `${a}setNote(text: ${text}) ${d}`);
  const inline = (type: string, inner: fc.Arbitrary<string>) => {
    const on = fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom('', `on ${type}`) },
      { weight: 1, arbitrary: fc.constant('on Order') },
    );
    const inside = fc.array(inner, { minLength: 1, maxLength: 3 });
    return fc.tuple(on, directives, inside).map(([o, d, selections]) => `... ${o} ${d} { ${selections.join(' ')} }`);
  };
  const spread = (names: readonly string[]) =>
    fc.tuple(fc.constantFrom(...names), directives).map(([name, d]) => `...${name} ${d}`);
  return {
    selection: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'selection' },
      { weight: 5, arbitrary: pay('addPaymentToOrder') },
      {
        weight: 1,
        arbitrary: fc.tuple(alias, input).map(([a, i]) => `${a}AddPaymentToOrder(input: ${i}) { __typename }`),
      },
      { weight: 1, arbitrary: note },
      { weight: 3, arbitrary: spread(['F0', 'F1', 'F2']) },
      { weight: 2, arbitrary: inline('Mutation', tie('selection') as fc.Arbitrary<string>) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(alias, directives, fc.array(tie('inCheckout') as fc.Arbitrary<string>, { minLength: 1, maxLength: 3 }))
          .map(([a, d, inside]) => `${a}checkout ${d} { ${inside.join(' ')} }`),
      },
    ),
    inCheckout: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'selection' },
      { weight: 4, arbitrary: pay('pay') },
      { weight: 1, arbitrary: note },
      { weight: 2, arbitrary: spread(['C0', 'C1']) },
      { weight: 2, arbitrary: inline('Checkout', tie('inCheckout') as fc.Arbitrary<string>) },
    ),
  };
});

const payment = fc.tuple(alias, input, directives).map(([a, i, d]) => `${a}pay(input: ${i}) ${d} { __typename }`);
const inside = (only: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(only, { minLength: 1, maxLength }).map((selections) => selections.join('\n  '));

/** Spreads that would make a cycle are rare: a server that validates refuses them all. */
const fragmentsOf = fc
  .record({
    f0: inside(selection, 2),
    f1: inside(selection, 2),
    f2: inside(selection, 2),
    c0: inside(payment, 2),
    c1: inside(payment, 2),
    mayCycle: sometimes(fc.constant(true), false),
  })
  .map(({ f0, f1, f2, c0, c1, mayCycle }) => {
    const without = (text: string, names: RegExp) => (mayCycle ? text : text.replaceAll(names, '...C_'));
    return [
      `fragment F0 on Mutation { ${without(f0, /\.\.\.F0/g)} }`.replaceAll('...C_', '...F1'),
      `fragment F1 on Mutation { ${without(f1, /\.\.\.F[01]/g)} }`.replaceAll('...C_', '...F2'),
      `fragment F2 on Mutation { ${without(f2, /\.\.\.F[012]/g).replaceAll('...C_', '... @include(if: true) { __typename } ...E')} }`,
      'fragment E on Mutation { __typename }',
      `fragment C0 on Checkout { ${c0} }`,
      `fragment C1 on Checkout { ${c1} ...C0 }`,
      'fragment R on PaymentDeclinedError { errorCode }',
    ].join('\n');
  });

const DECLARED = `($s0: String!, $s1: String = "d1", $s2: String, $c0: ID, $b0: Boolean!, $b1: Boolean = true, $b2: Boolean = false,
  $n0: Int, $j0: JSON!, $i0: PaymentInput!, $i1: PaymentInput = { method: "d", metadata: { token: "d2" } })`;

const values = {
  s0: fc.constantFrom<unknown[]>('v0', 'v0', 'decline'),
  s1: fc.constantFrom<unknown[]>('v1', undefined, undefined, null),
  s2: fc.constantFrom<unknown[]>('v2', undefined, null, ''),
  c0: fc.constantFrom<unknown[]>('c', 7, undefined, null),
  b0: fc.boolean(),
  b1: fc.constantFrom<unknown[]>(undefined, true, false),
  b2: fc.constantFrom<unknown[]>(undefined, undefined, true, false, null),
  n0: fc.constantFrom<unknown[]>(1, 0, undefined, null),
  j0: fc.jsonValue({ maxDepth: 2 }).filter((it) => it !== null) as fc.Arbitrary<unknown>,
  i0: fc.record({
    method: fc.constant('m'),
    metadata: fc.jsonValue({ maxDepth: 3 }).filter((it) => it !== null),
    note: fc.constantFrom('n', null),
  }),
  i1: fc.constantFrom<unknown[]>(undefined, { method: 'x', metadata: 1 }, { method: 'y', metadata: { token: ['z'] } }),
};

export const request = fc
  .record({
    selections: inside(selection, 4),
    others: sometimes(inside(selection, 2), ''),
    fragments: fragmentsOf,
    variables: fc.record(values),
    stray: sometimes(fc.constantFrom('b0', ...VARIABLE_NAMES), ''),
    kind: fc.oneof({ weight: 20, arbitrary: fc.constant('mutation') }, { weight: 1, arbitrary: fc.constant('query') }),
    aliases: fc.oneof({ weight: 3, arbitrary: fc.constant(1_000) }, { weight: 2, arbitrary: fc.constantFrom(2, 4) }),
    name: sometimes(fc.constantFrom(null, 'Other', 'Nobody'), 'Pay'),
  })
  .map(({ selections, others, fragments, variables, stray, kind, name, aliases }) => {
    const other = others === '' ? '' : `mutation Other${DECLARED} {\n  ${others}\n}\n`;
    const given = Object.fromEntries(Object.entries(variables).filter(([key]) => key !== stray));
    let alias = 0;
    const text = `${other}${kind} Pay${DECLARED} {\n  ${selections}\n}\n${fragments}`;
    const query = text.replaceAll('§', () => `k${alias++ % aliases}`);
    return { query, variables: given, ...(name === null && others === '' ? {} : { operationName: name }) };
  });

/** One request, or a batch. */
export const body = fc.oneof(
  { weight: 4, arbitrary: request as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.array(request, { minLength: 1, maxLength: 3 }) },
);
