/**
 * A client that hangs up while its call to the gate carries those of others: they are answered, and it is counted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleWith } from '../support/bare-bundle.ts';
import { type BareAnswer, type BareAttempt, leave } from '../support/bare-client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';

const FIRST = { card: '4242424242424242', ip: '203.0.113.1' };
const LEAVES = { card: '5555555555554444', ip: '203.0.113.2' };
const COMPANY = ['203.0.113.3', '203.0.113.4', '203.0.113.5'].map((ip) => ({ card: '4000056655665556', ip }));
const GUARDED = {
  card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 3 },
};
/** Calls go together as on a busy gate, and leave so late that there is time to hang up. */
const SLOWLY = { 'BUSY_MS = 5;': 'BUSY_MS = 60000;', 'await scheduler.wait(0);': 'await scheduler.wait(500);' };
/** As long as a call to the gate may take, 5 s, and far more than these take. */
const LATE_MS = 4_000;

interface Ask {
  readonly path: string;
  readonly body: (attempt: BareAttempt) => string;
  readonly headers: Readonly<Record<string, string>>;
}

const PAYMENT: Ask = {
  path: '/api/pay',
  body: ({ card }) => JSON.stringify({ card: { number: card, cvc: '123' }, amount: 1999 }),
  headers: {},
};
const EVALUATION: Ask = {
  path: '/.cordon/v1/evaluations',
  body: ({ card, ip }) => JSON.stringify({ merchant: 'acme', attempt: { ip, card: { number: card } } }),
  headers: { authorization: `Bearer ${ADMIN_KEY}` },
};

let module: string;
beforeAll(async () => {
  module = await bundleWith(SLOWLY);
}, 60_000);

describe.for([
  ['payments', PAYMENT, 402],
  ['evaluations', EVALUATION, 200],
] as const)('among %s', ([, ask, status]) => {
  it('keeps nobody from an answer', async () => {
    const shop = await openShop(GUARDED, { module });
    expect((await send(shop, ask, FIRST)).status).toBe(status);
    const gone = leave(shop.bare.ports.https, LEAVES, {
      how: 'reset',
      until: () => pause(200),
      path: ask.path,
      body: ask.body(LEAVES),
      headers: ask.headers,
    });
    await pause(100);
    const since = Date.now();
    const answers = await Promise.all(COMPANY.map((attempt) => send(shop, ask, attempt)));
    expect(answers.map((answer) => answer.status)).toEqual(COMPANY.map(() => status));
    expect(Date.now() - since).toBeLessThan(LATE_MS);
    await gone;
    expect(shop.bare.output).not.toContain('gate_unavailable');
  });
});

it('counts what it carried for others, and its own', async () => {
  const shop = await openShop(GUARDED, { module });
  await send(shop, PAYMENT, FIRST);
  const path = { path: PAYMENT.path, body: PAYMENT.body(LEAVES) };
  const gone = leave(shop.bare.ports.https, LEAVES, { how: 'reset', until: () => pause(200), ...path });
  await pause(100);
  await Promise.all(COMPANY.map((attempt) => send(shop, PAYMENT, attempt)));
  await gone;
  await pause(1_500);
  await shop.bare.kill();
  const { outcomes } = await readLedger(shop.bare.storageFolder);
  expect([...outcomes.keys()].sort()).toEqual(shop.origin.arrived.map(({ evaluation }) => evaluation).sort());
  expect(outcomes.size).toBe(2 + COMPANY.length);
});

function send(shop: Shop, { path, body, headers }: Ask, attempt: BareAttempt): Promise<BareAnswer> {
  const plain = { 'content-type': 'application/json', 'cf-connecting-ip': attempt.ip };
  return shop.client().send({ path, body: body(attempt), headers: { ...plain, ...headers } });
}
