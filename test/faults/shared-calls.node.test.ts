/**
 * Payments whose calls to the gate go together, on the bare runtime: counted exactly, whatever becomes of the gate in
 * the middle of such a call.
 */
import { beforeAll, expect, it } from 'vitest';
import { bundleWith } from '../support/bare-bundle.ts';
import { type BareAnswer, type BareAttempt, headersOf } from '../support/bare-client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { declined } from '../support/bare-origin.ts';

const CARD = '4242424242424242';
const ROUNDS = 20;
const AT_ONCE = 24;
/** Says how many go together, and is what a test makes of it then. */
const together = (then: string) => ({
  'answerAll(calls) {': `answerAll(calls) { console.log('together', calls.length); ${then}`,
});

const FAULTS = {
  'goes well': '',
  'aborts the gate': "if (Math.random() < 0.2) this.ctx.abort('a fault of the test');",
  'aborts the gate when the work is done':
    "if (Math.random() < 0.2) { for (const call of calls) callAlone(this, call); this.ctx.abort('a fault of the test'); }",
  'fails it': "if (Math.random() < 0.5) throw new Error('a fault of the test');",
  'fails every other of them': 'return Promise.all(calls.map((call, i) => (i % 2 ? null : callAlone(this, call))));',
};

beforeAll(async () => {
  await bundleWith({});
}, 60_000);

it.for(Object.entries(FAULTS))('counts each decline once where a shared call %s', async ([, fault]) => {
  const shop = await openShop(
    { card_testing_guard_config: guard(10_000) },
    { module: await bundleWith(together(fault)) },
  );
  shop.origin.reply(() => declined(0));
  const answers: BareAnswer[] = [];
  for (let round = 0; round < ROUNDS; round++) answers.push(...(await crowd(shop, round)));
  expect(answers.filter(({ status }) => status !== 402)).toEqual([]);
  expect(shop.origin.arrived).toHaveLength(ROUNDS * AT_ONCE);
  expect(sizes(shop).reduce((most, size) => Math.max(most, size), 0)).toBeGreaterThan(3);
  await shop.bare.kill();
  const { counters, outcomes } = await readLedger(shop.bare.storageFolder);
  expect([...outcomes.keys()].sort()).toEqual(shop.origin.arrived.map(({ evaluation }) => evaluation).sort());
  expect([...counters.values()]).toEqual([ROUNDS * AT_ONCE]);
});

it('lets exactly three of fifty through that ask in one call', async () => {
  const module = await bundleWith({ ...together(''), 'BUSY_MS = 5;': 'BUSY_MS = 60000;' });
  const shop = await openShop({ card_testing_guard_config: guard(3) }, { module });
  // A first attempt, of another card, brings the gate and the policy to life.
  await pay(shop, '5555555555554444', '203.0.113.1');
  shop.origin.reply(() => declined(2_000));
  const answers = await Promise.all(addresses(50).map((ip) => pay(shop, CARD, ip)));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(402), count(429)]).toEqual([3, 47]);
  expect(shop.origin.arrived).toHaveLength(4);
  expect(Math.max(...sizes(shop))).toBeGreaterThan(1);
});

it('lets exactly three of fifty through that come to a host of the merchant’s each, in one call', async () => {
  const module = await bundleWith({ ...together(''), 'BUSY_MS = 5;': 'BUSY_MS = 60000;' });
  const hosts = Array.from({ length: 50 }, (_, n) => `shop${n}.acme.example`);
  const shop = await openShop({ hosts, card_testing_guard_config: guard(3) }, { module });
  // Each host's policy comes to life.
  for (const host of hosts) await payAt(host, shop, { card: '5555555555554444', ip: '203.0.113.1' });
  expect(sizes(shop)).toEqual([]);
  shop.origin.reply(() => declined(2_000));
  const answers = await Promise.all(addresses(50).map((ip, n) => payAt(hosts[n] ?? '', shop, { card: CARD, ip })));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(402), count(429)]).toEqual([3, 47]);
  expect(Math.max(...sizes(shop))).toBeGreaterThan(1);
});

it('allows exactly three of fifty evaluations that ask in one call', async () => {
  const module = await bundleWith({ ...together(''), 'BUSY_MS = 5;': 'BUSY_MS = 60000;' });
  const shop = await openShop({ card_testing_guard_config: guard(3) }, { module });
  await evaluate(shop, '5555555555554444', '203.0.113.1');
  const decisions = await Promise.all(addresses(50).map((ip) => evaluate(shop, CARD, ip)));
  expect(decisions.filter((decision) => decision === 'allow')).toHaveLength(3);
  expect(decisions.filter((decision) => decision === 'block')).toHaveLength(47);
  expect(Math.max(...sizes(shop))).toBeGreaterThan(1);
});

async function evaluate(shop: Shop, number: string, ip: string): Promise<unknown> {
  const { body } = await clientOf(shop).send({
    path: '/.cordon/v1/evaluations',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
    body: JSON.stringify({ merchant: 'acme', attempt: { ip, card: { number } } }),
  });
  return (JSON.parse(body) as { decision?: unknown }).decision;
}

/** Fails by card, wherever it comes from. */
function guard(threshold: number): Record<string, unknown> {
  return { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: threshold };
}

function crowd(shop: Shop, round: number): Promise<readonly BareAnswer[]> {
  return Promise.all(addresses(AT_ONCE, round).map((ip) => pay(shop, CARD, ip)));
}

function addresses(count: number, block = 0): readonly string[] {
  return Array.from({ length: count }, (_, i) => `198.51.${block}.${i + 1}`);
}

function pay(shop: Shop, card: string, ip: string): Promise<BareAnswer> {
  return clientOf(shop).pay({ card, ip });
}

function payAt(host: string, shop: Shop, { card, ip }: BareAttempt): Promise<BareAnswer> {
  const headers = { ...headersOf({ card, ip }), host };
  return clientOf(shop).send({ headers, body: JSON.stringify({ card: { number: card, cvc: '123' }, amount: 1999 }) });
}

const clients = new WeakMap<Shop, ReturnType<Shop['client']>>();

function clientOf(shop: Shop): ReturnType<Shop['client']> {
  const client = clients.get(shop) ?? shop.client();
  clients.set(shop, client);
  return client;
}

/** How many calls went together, each time. */
function sizes({ bare }: Shop): readonly number[] {
  return [...bare.output.matchAll(/together (\d+)/g)].map(([, size]) => Number(size));
}
