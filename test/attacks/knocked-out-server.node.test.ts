/**
 * A tester who wants a server of the shop out of the way: he makes it fail as often as he likes, in every way that he can
 * provoke. It keeps its traffic, for it is well by Cordon's own check and for everybody else.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buy, look, PoolRuntime, type PoolShop } from '../support/pool-shop.ts';

const TESTER = '203.0.113.66';

let runtime: PoolRuntime;
beforeAll(async () => {
  runtime = await PoolRuntime.start();
});
afterAll(() => runtime.end());

/** The tester's own requests fail there, and nobody else's. */
function provoke({ first }: PoolShop, how: 'reset' | 'broken' | 'hung'): void {
  first.failFor((headers) => (headers['x-provoke'] === 'yes' ? how : null));
}

it.each(['reset', 'broken', 'hung'] as const)('from one address, by %s', async (how) => {
  const shop = await runtime.open(`provoked-${how}`);
  await buy(shop);
  provoke(shop, how);
  const tries = how === 'hung' ? 12 : 60;
  await Promise.all(Array.from({ length: tries }, () => buy(shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER })));
  for (let n = 0; n < 5; n++) expect((await buy(shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('at the moment when it fails a check as well, and no second one', async () => {
  const shop = await runtime.open('provoked-hiccup');
  let checks = 0;
  shop.first.failFor((headers) => {
    const isCheck = headers['user-agent'] === 'Cordon-Check/1';
    return headers['x-provoke'] === 'yes' || (isCheck && checks++ === 0) ? 'broken' : null;
  });
  await buy(shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER });
  await vi.waitUntil(() => checks >= 2, { timeout: 5_000 });
  for (let n = 0; n < 5; n++) expect((await buy(shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('from nine addresses, and nobody else there', async () => {
  const shop = await runtime.open('provoked-nine');
  provoke(shop, 'broken');
  for (let n = 0; n < 90; n++) {
    await buy(shop, { 'x-provoke': 'yes', 'cf-connecting-ip': `203.0.113.${n % 9}` });
  }
  expect((await buy(shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('has Cordon ask the server seldom, however often he fails', async () => {
  const shop = await runtime.open('provoked-looks');
  provoke(shop, 'broken');
  const startedAt = Date.now();
  for (let n = 0; n < 100; n++) await buy(shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER });
  const seconds = (Date.now() - startedAt) / 1000;
  expect(shop.first.asked.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});

it('has a page asked of each server once, and no more', async () => {
  const shop = await runtime.open('provoked-pages');
  for (const one of [shop.first, shop.second]) one.failFor(() => 'broken');
  await look(shop, '/x');
  const asked = [...shop.first.asked, ...shop.second.asked].filter((path) => path === '/x');
  expect(asked).toHaveLength(2);
});
