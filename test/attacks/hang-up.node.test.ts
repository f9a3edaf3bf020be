/**
 * A client that hangs up: what the processor says to its attempt counts all the same.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { bundleWith } from '../support/bare-bundle.ts';
import { type Leaving, leave } from '../support/bare-client.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { declined } from '../support/bare-origin.ts';

const THRESHOLD = 3;
const ATTEMPT = { card: '4242424242424242', ip: '203.0.113.9' };
const THINKING_MS = 300;
/** Ample for an origin that thinks 300 ms, and for the record after it. */
const PATIENCE = { timeout: 5_000, interval: 10 };
const MOMENTS = 60;

it.for(['reset', 'end'] as const)('counts the failures of a client that leaves before the answer (%s)', async (how) => {
  const shop = await openShop({ card_testing_guard_config: guard(THRESHOLD) });
  await leaveWhileOriginThinks(shop, how);
  await vi.waitFor(() => expect(lines(shop, 'recorded')).toHaveLength(THRESHOLD), PATIENCE);
  expect((await shop.client().pay(ATTEMPT)).status).toBe(403);
  expect(shop.origin.arrived).toHaveLength(THRESHOLD);
  await shop.bare.kill();
  const { counters, outcomes } = await readLedger(shop.bare.storageFolder);
  expect([...counters.values()]).toEqual([THRESHOLD]);
  expect([...outcomes.values()]).toEqual(Array(THRESHOLD).fill({ status: 'failed', counted: 1 }));
});

it('counts what reached the origin, neither more nor less, whenever the client resets', async () => {
  const shop = await openShop({ card_testing_guard_config: guard(10_000) });
  shop.origin.reply(() => declined(20));
  // A first attempt brings the gate and the policy to life, so that the moments below fall on all steps of the path.
  await shop.client().pay(ATTEMPT);
  for (let momentMs = 0; momentMs < MOMENTS; momentMs++) {
    await leave(shop.bare.ports.https, ATTEMPT, { how: 'reset', until: () => pause(momentMs / 2) });
  }
  const arrived = await steady(() => shop.origin.arrived.length);
  await vi.waitFor(() => expect(lines(shop, 'recorded')).toHaveLength(arrived), PATIENCE);
  await shop.bare.kill();
  const { counters, outcomes } = await readLedger(shop.bare.storageFolder);
  expect([...counters.values()]).toEqual([arrived]);
  expect([...outcomes.keys()].sort()).toEqual(shop.origin.arrived.map(({ evaluation }) => evaluation).sort());
  expect(arrived).toBeGreaterThan(MOMENTS / 4);
});

it('counts every payment of a GraphQL request by its own result when the client leaves before the answer', async () => {
  const operation = {
    field: 'pay',
    fields: { card_number: '/card' },
    outcome: {
      failed: [{ json: { '/__typename': ['Declined'] } }],
      succeeded: [{ json: { '/__typename': ['Paid'] } }],
    },
  };
  const route = {
    name: 'pay',
    match: { methods: ['POST'], path: '/api/pay' },
    body: 'graphql',
    operations: [operation],
  };
  const shop = await openShop({ routes: [route], card_testing_guard_config: guard(THRESHOLD) });
  const result = (__typename: string) => ({ __typename });
  const data = { a: result('Declined'), b: result('Paid'), c: result('Declined') };
  shop.origin.reply(() => ({ status: 200, body: { data }, delayMs: THINKING_MS }));
  const payments = ['a', 'b', 'c'].map((alias) => `${alias}: pay(card: "${ATTEMPT.card}") { __typename }`);
  const body = JSON.stringify({ query: `mutation { ${payments.join(' ')} }` });
  const until = () => vi.waitFor(() => expect(shop.origin.arrived).toHaveLength(1), PATIENCE);
  await leave(shop.bare.ports.https, ATTEMPT, { how: 'reset', until, body });
  await vi.waitFor(() => expect(lines(shop, 'recorded')).toHaveLength(3), PATIENCE);
  await shop.bare.kill();
  const { counters, outcomes } = await readLedger(shop.bare.storageFolder);
  expect([...counters.values()]).toEqual([2]);
  expect([...outcomes.values()].map(({ status }) => status).sort()).toEqual(['failed', 'failed', 'succeeded']);
});

it('loses the count without waitUntil, which is why the handler has one', async () => {
  const module = await bundleWith({ 'underWay.catch(() => null)': 'Promise.resolve()' });
  const shop = await openShop({ card_testing_guard_config: guard(THRESHOLD) }, { module });
  await leaveWhileOriginThinks(shop, 'reset');
  await pause(4 * THINKING_MS);
  expect(lines(shop, 'recorded')).toEqual([]);
  // Somebody who stays is counted by this bundle too: it is the hang-up alone that loses the others.
  expect((await shop.client().pay({ ...ATTEMPT, ip: '203.0.113.10' })).status).toBe(402);
  await shop.bare.kill();
  expect([...(await readLedger(shop.bare.storageFolder)).counters.values()]).toEqual([1]);
});

it('sends nothing on and counts nothing when a client resets in the middle of its body', async () => {
  const shop = await openShop({ card_testing_guard_config: guard(THRESHOLD) });
  for (let i = 0; i < THRESHOLD; i++) {
    await leave(shop.bare.ports.https, ATTEMPT, { how: 'reset', until: () => pause(100), bytes: 40 });
  }
  expect(await steady(() => shop.origin.arrived.length)).toBe(0);
  expect((await shop.client().pay(ATTEMPT)).status).toBe(402);
  // Nothing was lost but his own answer: nobody has judged what never came.
  expect(lines(shop, 'decision')).toHaveLength(1);
  await shop.bare.kill();
  expect([...(await readLedger(shop.bare.storageFolder)).counters.values()]).toEqual([1]);
});

it('completes no half a payment in shadow either, where all else goes on', async () => {
  const shop = await openShop({ mode: 'shadow' });
  await leave(shop.bare.ports.https, ATTEMPT, { how: 'reset', until: () => pause(100), bytes: 40 });
  expect(await steady(() => shop.origin.arrived.length)).toBe(0);
});

it('tells of every refusal from a copy of a block, whenever the client resets', async () => {
  const shop = await openShop({ card_testing_guard_config: guard(1) });
  shop.origin.reply(() => declined(0));
  await shop.client().pay(ATTEMPT);
  for (let count = 0; count < 3; count++) expect((await shop.client().pay(ATTEMPT)).status).toBe(403);
  await leave(shop.bare.ports.https, ATTEMPT, { how: 'reset', until: () => pause(50) });
  const repeats = () => lines(shop, 'decision').flatMap((line) => /"repeats":(\d+)/.exec(line)?.[1] ?? []);
  await vi.waitFor(() => expect(repeats()).toEqual(['3']), PATIENCE);
  expect(shop.origin.arrived).toHaveLength(1);
});

function guard(threshold: number): Record<string, unknown> {
  return { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: threshold };
}

/** As many attempts as the threshold allows, each left as soon as it has reached the origin. */
async function leaveWhileOriginThinks({ bare, origin }: Shop, how: Leaving): Promise<void> {
  origin.reply(() => declined(THINKING_MS));
  for (let count = 1; count <= THRESHOLD; count++) {
    const until = () => vi.waitFor(() => expect(origin.arrived).toHaveLength(count), PATIENCE);
    await leave(bare.ports.https, ATTEMPT, { how, until });
  }
}

/** A number once it has stood still for half a second. */
async function steady(read: () => number): Promise<number> {
  for (let last = -1; ; last = read()) {
    await pause(500);
    if (read() === last) return last;
  }
}

/** `recorded`: only of attempts that went on to the origin. */
function lines({ bare }: Shop, which: 'decision' | 'recorded'): readonly string[] {
  const decisions = bare.output.split('\n').filter((line) => line.includes('"event":"decision"'));
  return which === 'decision' ? decisions : decisions.filter((line) => line.includes('"recorded":true'));
}
