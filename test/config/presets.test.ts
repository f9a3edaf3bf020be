/**
 * Every preset is a configuration that a merchant could have written, and stands behind the merchant's own routes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { PRESETS } from '../../src/config/presets/preset.ts';
import { presetRoutes } from '../../src/config/presets/preset-routes.ts';
import { deployment, faultsOf, pathsOf } from './deployment.ts';

const minimal = {
  id: 'acme',
  hosts: ['shop.acme.example'],
  origin: { pool: [{ url: 'https://origin.acme.example' }] },
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

describe.each(PRESETS)('%s', (preset) => {
  it('has no fault as routes of one’s own, and none that never comes to pass', () => {
    expect(faultsOf({ ...minimal, routes: presetRoutes(preset) }, here)).toEqual([]);
  });

  it('alone makes the routes', async () => {
    const { routes } = await policyOf({ ...minimal, preset });
    expect(routes.map(({ name }) => name)).toEqual(presetRoutes(preset).map(({ name }) => name));
  });

  it('stands behind routes of the same path or name', async () => {
    const [first] = presetRoutes(preset);
    const routes = [{ name: first?.name, match: first?.match }];
    const policy = await policyOf({ ...minimal, preset, routes });
    expect(policy.routes.length).toBe(presetRoutes(preset).length + 1);
    expect(policy.routes[0]?.reading.tokens).toEqual([]);
  });

  it('needs an origin', () => {
    expect(pathsOf({ id: 'acme', preset }, here)).toEqual(['/origin']);
  });
});

it('is one that is known', () => {
  expect(pathsOf({ ...minimal, preset: 'magento' }, here)).toEqual(['/preset']);
});

describe('fields of a route that do not go together', () => {
  const route = { name: 'pay', match: { methods: ['POST'], path: '/orders/{id}/pay' } };
  it.each<[string, Record<string, unknown>, string]>([
    ['any path without a query', { match: { methods: ['POST'], path: '*' } }, '/match/path'],
    ['a card that nothing names', { card: 'required' }, '/card'],
    ['one place for two names', { fields: { card_number: '/card', token: ['/token', '/card'] } }, '/fields'],
    ['a payment that the path does not name', { attached_to: '{order}' }, '/attached_to'],
    ['a token that the path does not name', { fields: { token: ['/token', '{order}'] } }, '/fields/token'],
    ['a format twice', { body: ['json', 'json'] }, '/body'],
  ])('%s', (_, change, path) => {
    const routes = [{ ...route, ...change }];
    expect(pathsOf({ ...minimal, routes }, here)).toEqual([`/routes/0${path}`]);
  });

  it.each([
    ['any path, before a path with the same query', '*', { a: ['1'] }, '/x', { a: ['1'] }, true],
    ['any path, before a path with another query', '*', { a: ['1'] }, '/x', { a: ['2'] }, false],
    ['a path, before the path with a query', '/x', undefined, '/x', { a: ['1'] }, true],
    ['a path with a query, before the path', '/x', { a: ['1'] }, '/x', undefined, false],
    ['a path, before any path', '/x', { a: ['1'] }, '*', { a: ['1'] }, false],
  ])('%s', (_, path, query, laterPath, laterQuery, isShadowed) => {
    const match = (at: string, asked: unknown) => ({ methods: ['POST'], path: at, ...(asked ? { query: asked } : {}) });
    const routes = [
      { name: 'a', match: match(path, query) },
      { name: 'b', match: match(laterPath, laterQuery) },
    ];
    expect(pathsOf({ ...minimal, routes }, here)).toEqual(isShadowed ? ['/routes/1/match'] : []);
  });
});
