/**
 * Ways around the preset for WooCommerce: what PHP and WordPress take in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { fateOf, freshAddress, runPreset, send } from '../../support/preset-shop.ts';
import { clothes, FORM } from './woocommerce-clothes.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('woocommerce');
});
afterEach(() => vi.unstubAllGlobals());

it.each(clothes)('$what: $fate', async ({ path, type, body, fate }) => {
  expect(await fateOf({ path, body, headers: { 'content-type': type } })).toBe(fate);
  expect(origin.arrived).toHaveLength(fate === 'judged' ? 1 : 0);
});

describe('on another path than its own', () => {
  it('a form passes by, and tells the shop that nobody judged it: its plugin refuses it', async () => {
    const body = 'woocommerce_checkout_place_order=1&wc-stripe-payment-method=pm_1';
    const forged = `ev_${'0'.repeat(32)}acme`;
    const sent = { path: '/any/page/', body, headers: { 'content-type': FORM, 'cordon-evaluation': forged } };
    await send(sent, freshAddress());
    await send({ ...sent, path: '/', body: 'rest_route=/wc/store/v1/checkout&payment_method=stripe' }, freshAddress());
    expect(origin.arrived.map(({ headers }) => headers.get('cordon-evaluation'))).toEqual([null, null]);
  });
});
