/**
 * No card number and no CVC in any log line, KV value, Durable Object row or answer of Cordon's: looked for in all
 * that a run leaves behind.
 */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BareAnswer, SHOP_HOST } from '../support/bare-client.ts';
import { openShop, payRoute, type Shop } from '../support/bare-merchant.ts';
import { declined, paid } from '../support/bare-origin.ts';
import { filesBelow, findSecret, type Trace, trace } from './left-behind.ts';
import { CASES, newSecrets, type Secrets } from './payer-secrets.ts';

const formRoute = {
  ...payRoute,
  name: 'form',
  match: { methods: ['POST'], path: '/form/pay' },
  body: 'form',
  fields: { card_number: '/number' },
};
const GUARD = { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: 1 };

const ends: (() => void | Promise<void>)[] = [];
const secretsOf = new Map(CASES.map(({ name }) => [name, newSecrets()]));
const blocked = newSecrets();
const unreachable = newSecrets();
const plaintext = newSecrets();
const answers = new Map<string, BareAnswer>();
let shop: Shop;
let traces: readonly Trace[] = [];

beforeAll(async () => {
  shop = await openShop(
    { card_testing_guard_config: GUARD, routes: [payRoute, formRoute] },
    { atTheEnd: (end) => ends.push(end) },
  );
  shop.origin.reply(({ test }) =>
    test === 'paid' ? paid(0) : { ...declined(0), ...(test === 'broken' && { status: 500 }) },
  );
  for (const { name, send } of CASES) await answer(name, send(secretsOf.get(name) ?? newSecrets()));
  for (const round of ['first', 'second']) await answer(`blocked ${round}`, bodyOf(blocked));
  shop.origin.close();
  await answer('unreachable', bodyOf(unreachable));
  await answerInPlaintext();
  await shop.bare.kill();
  traces = [
    ...(await filesBelow(shop.bare.storageFolder)),
    ...[...shop.bare.kv.entries].map(([key, entry]) => trace(`KV ${key}`, JSON.stringify([key, entry]))),
    ...[...answers].map(([name, { headers, body }]) => trace(`answer to ${name}`, JSON.stringify(headers) + body)),
    trace('log', shop.bare.output),
  ];
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

it.for(CASES)('leaves nothing of $name', ({ name, status }) => {
  expect(answers.get(name)?.status).toBe(status);
  expectNothingOf(secretsOf.get(name) ?? newSecrets());
});

it('leaves nothing of a card that is blocked', () => {
  expect(answers.get('blocked second')?.status).toBe(403);
  expectNothingOf(blocked);
});

it('leaves nothing of an attempt whose origin is down', () => {
  expect(answers.get('unreachable')?.status).toBe(502);
  expectNothingOf(unreachable);
});

it('leaves nothing of a number in a plaintext query: it is not told to travel again', () => {
  expectNothingOf(plaintext);
});

it('looks where something can be found: the origin has the numbers, the gate its rows, the log its lines', () => {
  const { card, cvc } = secretsOf.get('an attempt that is declined') ?? newSecrets();
  const arrived = shop.origin.arrived.map(({ body }) => trace('origin', body));
  expect(findSecret(card, arrived)).toHaveLength(1);
  expect(findSecret(cvc, arrived)).toHaveLength(1);
  expect(traces.filter(({ bytes }) => bytes.includes('guest_card')).length).toBeGreaterThan(0);
  expect(shop.bare.output.split('"event":"decision"').length).toBeGreaterThan(CASES.length);
});

function expectNothingOf({ card, cvc }: Secrets): void {
  expect([...findSecret(card, traces), ...findSecret(cvc, traces)]).toEqual([]);
}

async function answer(name: string, sending: Parameters<ReturnType<Shop['client']>['send']>[0]): Promise<void> {
  const headers = { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.9', ...sending.headers };
  answers.set(name, await shop.client().send({ ...sending, headers }));
}

function bodyOf({ card, cvc }: Secrets): { body: string } {
  return { body: JSON.stringify({ card: { number: card, cvc } }) };
}

function answerInPlaintext(): Promise<void> {
  const path = `/api/pay?number=${plaintext.card}&cvc=${plaintext.cvc}`;
  const options = { host: '127.0.0.1', port: shop.bare.ports.http, path, headers: { host: SHOP_HOST } };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      answers.set('plaintext', { status: incoming.statusCode ?? 0, headers: incoming.headers, body: '' });
      incoming.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end();
  });
}
