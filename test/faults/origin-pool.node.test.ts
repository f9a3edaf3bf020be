/**
 * A shop's first server killed, hung, reset, cut off in its answer, slow, talking garbage, broken and refusing, under
 * load, on the production bundle: no payment reaches two servers, every one has its answer in time, and traffic goes to
 * the other server and comes back by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../support/faulty-origin.ts';
import { type Bought, buy, look, PoolRuntime, type PoolShop, sell, TIMEOUT_SECONDS } from '../support/pool-shop.ts';

/** Of the machine, which does other things meanwhile. */
const SLACK_MS = 2_000;
const LONGEST_MS = 60_000;

let runtime: PoolRuntime;
beforeAll(async () => {
  runtime = await PoolRuntime.start();
});
afterAll(() => runtime.end());

const isPaid = ({ answer }: Bought) => answer?.status === 200;

/** Until so many payments in a row went to a server. */
function untilAt(server: PoolShop['first'], inARow: number) {
  const endsAt = Date.now() + LONGEST_MS;
  let seen = 0;
  let from = 0;
  return (bought: readonly Bought[]) => {
    for (; from < bought.length; from++) {
      const one = bought[from];
      seen = one !== undefined && isPaid(one) && server.paid.includes(one.order) ? seen + 1 : 0;
    }
    return seen >= inARow || Date.now() > endsAt;
  };
}

function checkEachOnce({ first, second }: PoolShop, bought: readonly Bought[]): void {
  const reached = [...first.paid, ...second.paid];
  expect(reached.filter((order, at) => reached.indexOf(order) !== at)).toEqual([]);
  for (const { order, answer, ms } of bought) {
    expect(answer, order).not.toBeNull();
    expect(ms, order).toBeLessThan(TIMEOUT_SECONDS * 1000 + SLACK_MS);
    expect([200, 502, 503, 504], order).toContain(answer?.status);
    if (answer?.status === 200) expect(reached, 'who is told that he paid has paid').toContain(order);
  }
}

describe('a first server that is', () => {
  it.concurrent.each<Fault>(['killed', 'hung', 'reset', 'cut', 'garbage', 'broken', 'edge'])(
    '%s loses its traffic to the second, and has it back when it is well',
    async (fault) => {
      const shop = await runtime.open(fault);
      const { first, second } = shop;
      const before = await sell(shop, { isOver: untilAt(first, 5) });
      expect(second.paid).toEqual([]);
      await first.fail(fault);
      const during = await sell(shop, { isOver: untilAt(second, 20) });
      expect(during.filter(isPaid).length).toBeGreaterThanOrEqual(20);
      const lost = during.filter((one) => !isPaid(one)).length;
      // What the edge says was refused had not left: not one buyer notices.
      if (fault === 'edge') expect(lost).toBe(0);
      await first.recover();
      const after = await sell(shop, { isOver: untilAt(first, 5), pauseMs: 200 });
      expect(after.filter((one) => !isPaid(one))).toEqual([]);
      expect(after.slice(-5).every(({ order }) => first.paid.includes(order))).toBe(true);
      checkEachOnce(shop, [...before, ...during, ...after]);
    },
  );

  it('slow, and answers in time, keeps its traffic', async () => {
    const shop = await runtime.open('slow');
    await shop.first.fail('slow');
    const bought = await sell(shop, { isOver: ({ length }) => length >= 30 });
    expect(bought.every(isPaid)).toBe(true);
    expect(shop.second.paid).toEqual([]);
    checkEachOnce(shop, bought);
  });
});

describe('what may have reached a server', () => {
  it('goes to no other, and the payer is told that nobody knows', async () => {
    const shop = await runtime.open('once');
    await shop.first.fail('reset');
    const { order, answer } = await buy(shop);
    expect(answer?.status).toBe(502);
    expect([shop.first.paid, shop.second.paid]).toEqual([[order], []]);
  });

  it('goes to another with the key that the merchant says they share', async () => {
    const shop = await runtime.open('shared', { shared_idempotency: 'idempotency-key' });
    await shop.first.fail('reset');
    const keyed = await buy(shop, { 'idempotency-key': 'k1' });
    expect(keyed.answer?.status).toBe(200);
    expect([shop.first.paid, shop.second.paid]).toEqual([[keyed.order], [keyed.order]]);
  });

  it('or with one in quotes, as the draft of RFC writes it', async () => {
    const shop = await runtime.open('quoted', { shared_idempotency: 'idempotency-key' });
    await shop.first.fail('reset');
    const key = '"8e03978e-40d5-43dd-bc93-6894a57f9324"';
    expect((await buy(shop, { 'idempotency-key': key })).answer?.status).toBe(200);
  });

  it.each<[string, string | null]>([
    ['no key', null],
    ['an empty one', ' '],
    ['an empty one in quotes', '""'],
    ['a comma', ','],
    ['two', 'k1, k2'],
    ['several words', 'k k'],
    ['one that is longer than keys are', 'k'.repeat(256)],
  ])('does not with %s, which a server may take for none', async (name, key) => {
    const shop = await runtime.open(`unkeyed-${name.replaceAll(' ', '-')}`, { shared_idempotency: 'idempotency-key' });
    await shop.first.fail('reset');
    const { answer } = await buy(shop, key === null ? {} : { 'idempotency-key': key });
    expect([answer?.status, shop.second.paid]).toEqual([502, []]);
  });

  it('does where it only asks for a page', async () => {
    const shop = await runtime.open('pages');
    for (const fault of ['reset', 'garbage', 'broken', 'killed'] as const) {
      await shop.first.fail(fault);
      expect((await look(shop)).status, fault).toBe(200);
      await shop.first.recover();
    }
  });

  it('does where a page hangs, within the limit', async () => {
    const shop = await runtime.open('hanging-page');
    await shop.first.fail('hung');
    const startedAt = Date.now();
    expect((await look(shop)).status).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(5_000 + SLACK_MS);
  });
});

describe('where both servers fail', () => {
  it('each payment still reaches one at most, and the last one standing is never shut', async () => {
    const shop = await runtime.open('both');
    for (const one of [shop.first, shop.second]) await one.fail('reset');
    const bought = await sell(shop, { isOver: ({ length }) => length >= 60 });
    expect(bought.some(isPaid)).toBe(false);
    // Nobody is turned away unasked: each payment was tried somewhere.
    expect(shop.first.paid.length + shop.second.paid.length).toBe(bought.length);
    checkEachOnce(shop, bought);
    await shop.second.recover();
    const after = await sell(shop, { isOver: untilAt(shop.second, 5), pauseMs: 100 });
    checkEachOnce(shop, [...bought, ...after]);
  });
});
