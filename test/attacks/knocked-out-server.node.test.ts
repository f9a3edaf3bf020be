/**
 * A tester who wants a server of the shop out of the way: he makes it fail as often as he likes, in every way that he can
 * provoke. It keeps its traffic, for it is well by Cordon's own check and for everybody else.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BareClient } from '../support/bare-client.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';
import { buy, look, openPoolShop, type PoolShop } from '../support/pool-shop.ts';

const TESTER = '203.0.113.66';

const ends: (() => void | Promise<void>)[] = [];
let bare: BareWorkerd;
let client: BareClient;
beforeAll(async () => {
  bare = await BareWorkerd.start();
  ends.push(() => bare.dispose());
  client = new BareClient(bare.ports.https);
  ends.push(() => client.close());
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const open = (id: string) => openPoolShop(bare, id, { atTheEnd: (end) => void ends.push(end) });

/** The tester's own requests fail there, and nobody else's. */
function provoke({ first }: PoolShop, how: 'reset' | 'broken' | 'hung'): void {
  first.failFor((headers) => (headers['x-provoke'] === 'yes' ? how : null));
}

it.each(['reset', 'broken', 'hung'] as const)('from one address, by %s', async (how) => {
  const shop = await open(`provoked-${how}`);
  await buy(client, shop);
  provoke(shop, how);
  const tries = how === 'hung' ? 12 : 60;
  await Promise.all(
    Array.from({ length: tries }, () => buy(client, shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER })),
  );
  for (let n = 0; n < 5; n++) expect((await buy(client, shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('at the moment when it fails a check as well, and no second one', async () => {
  const shop = await open('provoked-hiccup');
  let checks = 0;
  shop.first.failFor((headers) => {
    const isCheck = headers['user-agent'] === 'Cordon-Check/1';
    return headers['x-provoke'] === 'yes' || (isCheck && checks++ === 0) ? 'broken' : null;
  });
  await buy(client, shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER });
  await vi.waitUntil(() => checks >= 2, { timeout: 5_000 });
  for (let n = 0; n < 5; n++) expect((await buy(client, shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('from nine addresses, and nobody else there', async () => {
  const shop = await open('provoked-nine');
  provoke(shop, 'broken');
  for (let n = 0; n < 90; n++) {
    await buy(client, shop, { 'x-provoke': 'yes', 'cf-connecting-ip': `203.0.113.${n % 9}` });
  }
  expect((await buy(client, shop)).answer?.status).toBe(200);
  expect(shop.second.paid).toEqual([]);
});

it('has Cordon ask the server seldom, however often he fails', async () => {
  const shop = await open('provoked-looks');
  provoke(shop, 'broken');
  const startedAt = Date.now();
  for (let n = 0; n < 100; n++) await buy(client, shop, { 'x-provoke': 'yes', 'cf-connecting-ip': TESTER });
  const seconds = (Date.now() - startedAt) / 1000;
  expect(shop.first.asked.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});

it('has a page asked of each server once, and no more', async () => {
  const shop = await open('provoked-pages');
  for (const one of [shop.first, shop.second]) one.failFor(() => 'broken');
  await look(client, shop, '/x');
  const asked = [...shop.first.asked, ...shop.second.asked].filter((path) => path === '/x');
  expect(asked).toHaveLength(2);
});
