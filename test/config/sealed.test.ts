/**
 * Sealed cards as they are written: one fault, and exactly that field is named.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { changed, deployment, faultsOf } from './deployment.ts';
import { SHOP_KEY } from './full-merchant.ts';

const route = {
  name: 'pay',
  match: { methods: ['POST'], path: '/pay' },
  body: 'sealed',
  fields: { card_number: '/card/number' },
};
const baseline = {
  id: 'acme',
  hosts: ['shop.acme.example'],
  origin: { pool: [{ url: 'https://origin.acme.example' }] },
  routes: [route],
  sealed: { origin_keys: [SHOP_KEY, { ...SHOP_KEY, kid: 'shop-2' }] },
};

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});
const faults = (pointer: string, to: unknown) =>
  faultsOf(changed(baseline, pointer, to), here).map(({ path, message }) => `${path} ${message}`);

it('takes the baseline, and a key that says no more than it must', () => {
  expect(faultsOf(baseline, here)).toEqual([]);
  const { use: _, alg: __, ...bare } = SHOP_KEY;
  expect(faults('/sealed/origin_keys', [bare])).toEqual([]);
});

it('takes it without a route that needs it', () => {
  expect(faults('/routes', [])).toEqual([]);
});

const KEY = '/sealed/origin_keys/0';
describe.each<[string, readonly (readonly [unknown, string])[]]>([
  ['/sealed', [[undefined, '/routes/0/body needs sealed.origin_keys']]],
  ['/routes/0/fields', [[{}, '/routes/0/fields/card_number must say where the card stands in what is sealed']]],
  ['/routes/0/operations', [[[{ field: 'pay', outcome: {} }], '/routes/0/operations goes with "body": "graphql"']]],
  ['/routes/0/body', [[['json', 'sealed'], '/routes/0/body']]],
  [
    '/sealed/origin_keys',
    [
      [[], '/sealed/origin_keys'],
      [undefined, '/sealed/origin_keys'],
      [[1], '/sealed/origin_keys/0'],
      [Array.from({ length: 5 }, (_, i) => ({ ...SHOP_KEY, kid: `k${i}` })), '/sealed/origin_keys'],
    ],
  ],
  [
    `${KEY}/kid`,
    [
      [undefined, `${KEY}/kid must be`],
      ['', `${KEY}/kid must be`],
      ['a b', `${KEY}/kid must be`],
      ['cordon.1', `${KEY}/kid must not begin`],
      ['shop-2', '/sealed/origin_keys/1/kid is that of an earlier key'],
    ],
  ],
  [
    `${KEY}/crv`,
    [
      ['P-384', `${KEY}/crv is not a key of this algorithm`],
      ['X25519', `${KEY}/crv`],
    ],
  ],
  [
    `${KEY}/kty`,
    [
      ['OKP', `${KEY}/kty`],
      ['RSA', `${KEY}/kty`],
    ],
  ],
  [`${KEY}/d`, [['AAAA', `${KEY}/d is a private key`]]],
  [
    `${KEY}/y`,
    [
      [SHOP_KEY.x, `${KEY} is no point that can be a key`],
      ['AAAA', `${KEY}/y`],
      [undefined, `${KEY}/y`],
    ],
  ],
  [`${KEY}/use`, [['sig', `${KEY}/use must be enc`]]],
  [`${KEY}/alg`, [['ECDH-ES', `${KEY}/alg must be ECDH-ES+A256KW`]]],
  [`${KEY}/x5c`, [[[], `${KEY}/x5c is not a member`]]],
  [
    '/sealed/audience',
    [
      ['', '/sealed/audience'],
      [1, '/sealed/audience'],
      [['a'], '/sealed/audience'],
    ],
  ],
  [
    '/sealed/max_age_seconds',
    [
      [29, '/sealed/max_age_seconds'],
      [301, '/sealed/max_age_seconds'],
      ['60', '/sealed/max_age_seconds'],
    ],
  ],
])('%s', (pointer, wrong) => {
  it.each(wrong)('%j', (to, fault) => {
    expect(faults(pointer, to)).toEqual([expect.stringContaining(fault)]);
  });
});
