/**
 * Returns beside routes and beside each other, and which payments are to be found again by their processor's id.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy } from '../../src/config/policy.ts';
import { changed, deployment, faultsOf } from './deployment.ts';
import { full } from './full-merchant.ts';

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

const [back] = full.returns;
const beside = (change: object) => ({ ...full, returns: [back, { ...back, name: 'other', ...change }] });

describe('a return', () => {
  it.each<[string, unknown, object]>([
    [
      'with the name of another',
      beside({ name: 'back', match: { methods: ['GET'], path: '/other/{id}' } }),
      { path: '/returns/1/name', message: 'is the name of an earlier return' },
    ],
    ['on another’s path', beside({}), { path: '/returns/1/match', message: 'an earlier return takes these requests' }],
    [
      'by a post that a route takes',
      beside({ match: { methods: ['POST'], path: '/api/orders/{id}/pay' } }),
      { path: '/returns/1/match', message: 'a route takes these requests' },
    ],
    [
      'anywhere',
      changed(full, '/returns/0/match', { methods: ['GET'], path: '*' }),
      { path: '/returns/0/match/path', message: '* needs a query that tells the return' },
    ],
    [
      'whose path does not name the payment',
      changed(full, '/returns/0/payment_id', { request: '{order}' }),
      { path: '/returns/0/payment_id/request', message: 'the path has no {order}' },
    ],
    ['without an origin', { id: 'acme', returns: full.returns }, { path: '/origin' }],
  ])('%s', (_, config, fault) => {
    expect(faultsOf(config, here)).toContainEqual(expect.objectContaining(fault));
  });

  it('by a post that a preset’s route takes is never asked, and that is a fault', () => {
    const match = { methods: ['POST'], path: '/v1/charges' };
    const config = { ...full, preset: 'stripe', returns: [{ ...back, match, payment_id: { location: 'id' } }] };
    expect(faultsOf(config, here)).toEqual([{ path: '/returns/0/match', message: 'a route takes these requests' }]);
  });

  it('as a page of a protected path is none', () => {
    const match = { methods: ['GET'], path: '/api/orders/{id}/pay' };
    expect(faultsOf({ ...full, returns: [{ ...back, match }] }, here)).toEqual([]);
  });
});

describe('links of payments', () => {
  const route = { name: 'pay', match: { methods: ['POST'], path: '/pay/{id}' } };
  const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
  const minimal = {
    id: 'acme',
    hosts: ['shop.acme.example'],
    origin: { pool: [{ url: 'https://origin.acme.example' }] },
    routes: [route],
  };

  it.each([
    ['none without need', {}, 'none'],
    ['those that wait, where a route goes on with them', { routes: [{ ...route, continues: '{id}' }] }, 'pending'],
    ['all, where a processor reports', { webhooks }, 'all'],
    ['those that wait, where a client names them as it returns', { returns: full.returns }, 'pending'],
    ['all, where the shop names them', { returns: [{ ...back, payment_id: { location: 'id' } }] }, 'all'],
  ])('%s', async (_, change, links) => {
    const valid = validateMerchant({ ...minimal, ...change }, 'acme', here);
    if (!valid.ok) throw new Error(JSON.stringify(valid.faults));
    const policy = await compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here);
    expect(policy.links).toBe(links);
  });
});
