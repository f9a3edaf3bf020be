/**
 * A first server that flaps, one that is cut off while the gate is away, a runtime that is killed while it is known to be
 * down, and a drain under load: on the production bundle, with each payment counted where it arrived.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { type Bought, buy, PoolRuntime, type PoolShop, sell } from '../support/pool-shop.ts';

let runtime: PoolRuntime;
beforeAll(async () => {
  runtime = await PoolRuntime.start();
});
afterAll(() => runtime.end());
const isPaid = ({ answer }: Bought) => answer?.status === 200;

function twice({ first, second }: PoolShop): readonly string[] {
  const reached = [...first.paid, ...second.paid];
  return reached.filter((order, at) => reached.indexOf(order) !== at);
}

/** Buyers come for so long. */
function sellFor(shop: PoolShop, ms: number): Promise<readonly Bought[]> {
  const endsAt = Date.now() + ms;
  return sell(shop, { isOver: () => Date.now() > endsAt });
}

it('that flaps takes its traffic with it once, and not at each turn', async () => {
  const shop = await runtime.open('flapping');
  let isOver = false;
  const flapping = (async () => {
    while (!isOver) {
      await shop.first.fail('reset');
      await pause(700);
      await shop.first.recover();
      await pause(700);
    }
  })();
  const bought = await sellFor(shop, 25_000);
  isOver = true;
  await flapping;
  expect(twice(shop)).toEqual([]);
  const lost = bought.filter((one) => !isPaid(one));
  // Half of the time it fails: without memory half of all would be lost.
  expect(lost.length).toBeLessThan(bought.length / 10);
  const late = bought.slice(Math.floor(bought.length / 2));
  expect(late.filter((one) => !isPaid(one)).length).toBeLessThanOrEqual(late.length / 20);
});

it('is known to be down by the runtime that comes after a killed one, from the gate', async () => {
  const shop = await runtime.open('killed-runtime');
  await buy(shop);
  await shop.first.fail('hung');
  await sellFor(shop, 12_000);
  const known = shop.second.paid.length;
  expect(known).toBeGreaterThan(0);
  await runtime.restart();
  const after: Bought[] = [];
  for (let n = 0; n < 10; n++) after.push(await buy(shop));
  expect(after.filter((one) => !isPaid(one))).toEqual([]);
  expect(twice(shop)).toEqual([]);
});

it('that is drained under load has no payment any more from the answer on, and none is lost', async () => {
  const shop = await runtime.open('drained');
  const turn = (said: object) => {
    const path = '/.cordon/v1/merchants/drained/switches';
    const headers = { host: 'localhost', authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    return shop.client().send({ path, headers, body: JSON.stringify(said) });
  };
  const selling = sellFor(shop, 4_000);
  await pause(1_000);
  expect((await turn({ drain: { country: 'NL' }, reason: 'a test' })).status).toBe(200);
  // What was admitted before is under way.
  await pause(300);
  const atFirst = shop.first.paid.length;
  await pause(1_000);
  expect(shop.first.paid).toHaveLength(atFirst);
  expect((await turn({ undrain: { country: 'NL' } })).status).toBe(200);
  const bought = await selling;
  expect(bought.every(isPaid)).toBe(true);
  expect(shop.first.paid.length).toBeGreaterThan(atFirst);
  expect(shop.second.paid.length).toBeGreaterThan(0);
  expect(twice(shop)).toEqual([]);
});
