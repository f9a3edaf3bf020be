/**
 * A GraphQL route with one fault: exactly that field is named. And what a sound one becomes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { changed, deployment, faultsOf, pathsOf } from './deployment.ts';

const DOCUMENT = 'mutation Pay($input: P!) { addPaymentToOrder(input: $input) { __typename } }';
const HASH = '0f'.repeat(32);

const payment = {
  field: 'addPaymentToOrder',
  kind: 'setup',
  fields: {
    card_number: ['/input/card', '/input/metadata/card'],
    card_fingerprint: '/input/fingerprint',
    token: '/input/token',
    customer_id: '/input/customer',
    email: '/input/email',
    amount: '/input/amount',
    currency: '/input/currency',
    billing_country: '/input/country',
  },
  card: 'optional',
  not_card_fields: ['/input/gift'],
  attached_to: '/cart',
  outcome: {
    failed: [{ json: { '/__typename': ['PaymentDeclinedError'] } }, { status: [402] }],
    succeeded: [{ status: [200], json: { '/__typename': ['Order'], '/state': ['Settled'] } }],
    pending: [{ json: { '/__typename': ['Order'] } }],
    unknown: [{ json: { '/__typename': ['NoActiveOrderError'] } }],
    decline_reason: '/errorCode',
    payment_id: ['/code'],
    card_fingerprint: '/card/fingerprint',
    card_token: '/card/token',
    unmatched: 'failed',
  },
  tells: ['/__typename'],
  tells_by_type: { Order: ['/state'] },
};
const route = {
  name: 'shop-api',
  match: { methods: ['POST'], path: '/shop-api' },
  body: 'graphql',
  operations: [payment, { field: 'checkout.pay', outcome: {} }],
  persisted: { [HASH]: DOCUMENT },
  not_card_fields: ['/variables/gift'],
  processor: 'stripe',
};
const merchant = {
  id: 'acme',
  hosts: ['shop.acme.example'],
  origin: { pool: [{ url: 'https://origin.acme.example' }] },
  routes: [route],
};

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

async function policyOf(config: unknown): Promise<Policy> {
  const valid = validateMerchant(config, 'acme', here);
  if (!valid.ok) throw new Error(JSON.stringify(valid.faults));
  return compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here);
}

it('takes the baseline', () => {
  expect(faultsOf(merchant, here)).toEqual([]);
});

const FIRST = '/operations/0';

describe.each<{ path: string; wrong: readonly unknown[] }>([
  { path: '/operations', wrong: [undefined, [], {}, 'addPaymentToOrder', null] },
  { path: FIRST, wrong: ['addPaymentToOrder', null] },
  {
    path: `${FIRST}/field`,
    wrong: [undefined, '', '1pay', 'a b', '.pay', 'pay.', 'a..b', 'a-b', '$pay', 'pay()', 'é', 'a'.repeat(257), 1],
  },
  { path: '/operations/1/field', wrong: ['addPaymentToOrder'] },
  { path: `${FIRST}/kind`, wrong: ['pay', null] },
  { path: `${FIRST}/fields/card_number`, wrong: ['input/card', '', [], '{id}', 1] },
  { path: `${FIRST}/fields/card_fingerprint`, wrong: ['x'] },
  { path: `${FIRST}/fields/token`, wrong: ['{id}', 'token', []] },
  { path: `${FIRST}/fields/email`, wrong: ['email', ['/a']] },
  { path: `${FIRST}/fields`, wrong: [{ card_number: '/a', token: '/a' }, 'x'] },
  { path: `${FIRST}/card`, wrong: ['either', true] },
  { path: '/operations/1/card', wrong: ['required'] },
  { path: `${FIRST}/not_card_fields/0`, wrong: ['gift', ''] },
  { path: `${FIRST}/attached_to`, wrong: ['{id}', 'cart', ''] },
  { path: '/operations/1/outcome', wrong: [undefined, null, []] },
  { path: `${FIRST}/outcome/failed/0`, wrong: [{}] },
  { path: `${FIRST}/outcome/succeeded/0`, wrong: [{ status: [200] }, {}, { status: [200], json: {} }] },
  { path: `${FIRST}/outcome/pending/0`, wrong: [{ status: [200] }] },
  { path: `${FIRST}/outcome/unknown/0`, wrong: [{ status: [400] }] },
  { path: `${FIRST}/outcome/payment_id`, wrong: ['code', ''] },
  { path: `${FIRST}/outcome/unmatched`, wrong: ['ignore'] },
  { path: `${FIRST}/tells`, wrong: [[], 'x', ['/state'], ['/errorCode']] },
  { path: `${FIRST}/tells/0`, wrong: ['__typename', ''] },
  { path: `${FIRST}/tells_by_type`, wrong: [{}, [], 'x', null] },
  { path: `${FIRST}/tells_by_type/Order`, wrong: [[], '/state', null] },
  { path: `${FIRST}/tells_by_type/Order/0`, wrong: ['state', ''] },
  ...['1Order', 'shop.Order', ''].map((type) => ({ path: `${FIRST}/tells_by_type/${type}`, wrong: [['/state']] })),
  { path: '/persisted', wrong: [['x'], 'x', null] },
  ...[HASH.toUpperCase(), HASH.slice(1), 'pay', `${HASH}0`].map((key) => ({
    path: `/persisted/${key}`,
    wrong: [DOCUMENT],
  })),
  { path: `/persisted/${HASH}`, wrong: ['', '{', 'type A { b: C }', 1, null, `{ a } # 4242424242424242`] },
  { path: '/fields', wrong: [{ card_number: '/variables/card' }] },
  { path: '/card', wrong: ['optional', 'required'] },
  { path: '/not_tokens', wrong: [['new']] },
  { path: '/pairs', wrong: [['/data']] },
  { path: '/attempt_unless', wrong: [{}, { '/a': [1] }] },
  { path: '/attached_to', wrong: ['/variables/id'] },
  { path: '/refuse_containing', wrong: [{ '/a': ['b'] }] },
  { path: '/outcome', wrong: [{ succeeded: [{ status: [200] }] }, { unmatched: 'unknown' }, { payment_id: '/id' }] },
  { path: '/match/path', wrong: ['*'] },
  ...['x', 'not_tokens', 'attempt_unless', 'pairs', 'processor', 'refusal'].map((name) => ({
    path: `${FIRST}/${name}`,
    wrong: [{}],
  })),
  { path: `${FIRST}/fields/cvc`, wrong: ['/input/cvc'] },
  { path: `${FIRST}/outcome/x`, wrong: [1] },
])('$path', ({ path, wrong }) => {
  it.each(wrong.map((value) => ({ value })))('is the only fault when it is $value', ({ value }) => {
    const config = changed(merchant, `/routes/0${path}`, value);
    expect([...new Set(pathsOf(config, here))]).toEqual([`/routes/0${path}`]);
  });
});

describe('only a GraphQL route has', () => {
  it.each(['operations', 'persisted'])('%s', (name) => {
    const plain = { name: 'pay', match: route.match, [name]: route[name as 'operations'] };
    expect(pathsOf({ ...merchant, routes: [plain] }, here)).toEqual([`/routes/0/${name}`]);
  });
});

it('lists every fault of an operation at once', () => {
  const faulty = { ...payment, fields: {}, card: 'required', tells: ['/x'], outcome: { pending: [{ status: [200] }] } };
  expect(pathsOf(changed(merchant, '/routes/0/operations/0', faulty), here)).toEqual([
    '/routes/0/operations/0/card',
    '/routes/0/operations/0/outcome/pending/0',
  ]);
});

describe('becomes', () => {
  it('the payments to look for, and what their results mean', async () => {
    const [compiled] = (await policyOf(merchant)).routes;
    expect(compiled?.formats).toEqual(['json']);
    expect(compiled?.graphql?.reading).toMatchObject({
      operations: [
        {
          field: 'addPaymentToOrder',
          kind: 'setup',
          reading: { numbers: ['/input/card', '/input/metadata/card'], isCardRequired: false },
          tells: ['/__typename'],
          reads: ['/__typename', '/state', '/errorCode', '/code', '/card/fingerprint', '/card/token'],
        },
        { field: 'checkout.pay', kind: 'payment', tells: [], reads: [] },
      ],
      persisted: { [HASH]: DOCUMENT },
      notCards: ['/variables/gift'],
    });
    expect([...(compiled?.graphql?.outcomes ?? [])].map(([field, rules]) => [field, rules.processor])).toEqual([
      ['addPaymentToOrder', 'stripe'],
      ['checkout.pay', 'stripe'],
    ]);
  });

  it('with the route’s kind where an operation has none, and every pattern’s pointers where it names none', async () => {
    const { tells: _, kind: __, tells_by_type: ___, ...rest } = payment;
    const [compiled] = (await policyOf({ ...merchant, routes: [{ ...route, kind: 'renewal', operations: [rest] }] }))
      .routes;
    expect(compiled?.graphql?.reading.operations[0]).toMatchObject({
      kind: 'renewal',
      tells: ['/__typename', '/state'],
    });
  });

  it('with nothing to be asked for under every type, where types are named alone', async () => {
    const { tells: _, ...rest } = payment;
    const types = { Order: ['/state'], ErrorResult: ['/errorCode', '/__typename'] };
    const operations = [{ ...rest, tells_by_type: types }];
    const [compiled] = (await policyOf({ ...merchant, routes: [{ ...route, operations }] })).routes;
    const [operation] = compiled?.graphql?.reading.operations ?? [];
    expect([operation?.tells, [...(operation?.tellsByType ?? [])]]).toEqual([[], Object.entries(types)]);
  });

  it('nothing where the types leave out what tells a failure', () => {
    const { tells: _, ...rest } = payment;
    const operations = [{ ...rest, tells_by_type: { Order: ['/state'] } }];
    expect(pathsOf({ ...merchant, routes: [{ ...route, operations }] }, here)).toEqual([
      '/routes/0/operations/0/tells',
    ]);
  });

  it('a merchant with cards that are attached to payments', async () => {
    expect((await policyOf(merchant)).attachments).toBe(true);
    expect((await policyOf(changed(merchant, '/routes/0/operations/0/attached_to', undefined))).attachments).toBe(
      false,
    );
  });

  it('nothing on any other route', async () => {
    const plain = { name: 'pay', match: route.match };
    expect((await policyOf({ ...merchant, routes: [plain] })).routes[0]?.graphql).toBeNull();
  });
});
