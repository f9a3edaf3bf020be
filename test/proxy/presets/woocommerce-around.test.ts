/**
 * Ways around the preset for WooCommerce: what PHP and WordPress take in other clothes is read, or refused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { fateOf, freshAddress, runPreset, send } from '../../support/preset-shop.ts';
import { pay } from '../../support/shopper.ts';
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

describe.each(['/checkout/', '/wp-json/wc/store/v1/checkout'])('the body at %s', (path) => {
  const plain = clothes.find((one) => one.path === path);
  if (plain === undefined) throw new Error('no clothes');
  const asked = (body: BodyInit, more: Record<string, string> = {}) =>
    pay({ path, ip: freshAddress(), body, headers: { 'content-type': plain.type, ...more } });
  const stream = () => new Blob([plain.body]).stream();

  it('in pieces of unknown length: judged', async () => {
    expect((await asked(stream())).headers.has('cordon-evaluation')).toBe(true);
    expect(origin.arrived).toHaveLength(1);
  });

  it('compressed: refused', async () => {
    const packed = stream().pipeThrough(new CompressionStream('gzip'));
    expect((await asked(packed, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect(origin.arrived).toEqual([]);
  });
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
