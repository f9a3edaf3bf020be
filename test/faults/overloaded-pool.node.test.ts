/**
 * Servers of a shop that fail under their load, on the production bundle: what Cordon asks again at others is a share of
 * what came and a floor, payments stand before pages, and whoever is not asked again hears what the first server said.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLOOR_A_SLICE, REQUESTS_A_RETRY, SLICE_MS } from '../../src/origin/retry-budget.ts';
import type { BareAnswer } from '../support/bare-client.ts';
import type { Fault } from '../support/faulty-origin.ts';
import { buy, look, PoolRuntime, type PoolShop } from '../support/pool-shop.ts';

const SENDERS = 8;

let runtime: PoolRuntime;
beforeAll(async () => {
  runtime = await PoolRuntime.start();
});
afterAll(() => runtime.end());

/** Both servers fail for everybody, and are well whenever Cordon looks: nobody shuts them. */
function overload({ first, second }: PoolShop, how: Fault): void {
  for (const server of [first, second]) server.failFor((headers) => (isCheck(headers) ? null : how));
}

const isCheck = (headers: IncomingHttpHeaders) => headers['user-agent'] === 'Cordon-Check/1';

/** As often as the path was asked for, at both. */
const asksOf = ({ first, second }: PoolShop, path: string) =>
  [...first.asked, ...second.asked].filter((asked) => asked === path).length;

/** What is asked again at most, of so many that began then. */
function mostRetries(requests: number, beganAt: number): number {
  const slices = Math.floor(Date.now() / SLICE_MS) - Math.floor(beganAt / SLICE_MS) + 2;
  return Math.floor(requests / REQUESTS_A_RETRY) + slices * FLOOR_A_SLICE;
}

async function lookOften(shop: PoolShop, path: string, times: number): Promise<readonly BareAnswer[]> {
  const answers: BareAnswer[] = [];
  const senders = Array.from({ length: SENDERS }, async () => {
    for (let n = 0; n < times / SENDERS; n++) answers.push(await look(shop, path));
  });
  await Promise.all(senders);
  return answers;
}

describe.each<[Fault, number]>([
  ['broken', 503],
  ['reset', 502],
])('servers of a pool that are %s by too many pages', (fault, status) => {
  it('are asked no more often than the share and the floor say', async () => {
    const shop = await runtime.open(`overloaded-${fault}`);
    overload(shop, fault);
    const beganAt = Date.now();
    const answers = await lookOften(shop, '/page', 400);
    const asked = asksOf(shop, '/page');
    expect(asked).toBeLessThanOrEqual(400 + mostRetries(400, beganAt));
    // And no less: what fails once in a while is asked again.
    expect(asked).toBeGreaterThanOrEqual(400 + 80);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
  });
});

it('payments that share a key are asked again no more often, either', async () => {
  const shop = await runtime.open('overloaded-keyed', { shared_idempotency: 'idempotency-key' });
  overload(shop, 'broken');
  const beganAt = Date.now();
  for (let n = 0; n < 100; n++) await buy(shop, { 'idempotency-key': `k${n}` });
  const reached = shop.first.paid.length + shop.second.paid.length;
  expect(reached).toBeLessThanOrEqual(100 + mostRetries(100, beganAt));
  expect(reached).toBeGreaterThan(100 + 20);
});

it('a payment that has not left goes on while pages have spent all there was', async () => {
  const shop = await runtime.open('overloaded-sales');
  const { first, second } = shop;
  first.failFor((headers) => (isCheck(headers) ? null : 'edge'));
  second.failFor((headers) => (isCheck(headers) || 'x-test' in headers ? null : 'broken'));
  const pages = await lookOften(shop, '/page', 200);
  expect(
    pages.some(({ status }) => status === 521),
    'the budget is spent',
  ).toBe(true);
  const [bought] = await Promise.all([
    Promise.all(Array.from({ length: 40 }, () => buy(shop))),
    lookOften(shop, '/page', 80),
  ]);
  expect(bought.filter(({ answer }) => answer?.status !== 200)).toEqual([]);
  expect(second.paid.toSorted()).toEqual(bought.map(({ order }) => order).toSorted());
});

it('a slow page that is not asked again has all of its time where it is', async () => {
  const shop = await runtime.open('overloaded-slow', { timeout_seconds: 8 });
  overload(shop, 'late');
  const beganAt = Date.now();
  const answers = await Promise.all(Array.from({ length: 60 }, () => look(shop, '/page')));
  const retries = mostRetries(60, beganAt);
  expect(asksOf(shop, '/page')).toBeLessThanOrEqual(60 + retries);
  // Whoever was asked again has had half of his time at each, which is too little here.
  expect(answers.filter(({ status }) => status === 504).length).toBeLessThanOrEqual(retries);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(60 - retries);
});
