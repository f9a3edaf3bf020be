/**
 * Whoever shares an isolate with testers who reset, drip, flood and dress up their requests, while calls to the gate go
 * together: everybody hears his own answer, in time, and what reached the shop is counted once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { type BareAttempt, headersOf, leave, SHOP_HOST } from '../support/bare-client.ts';
import { readLedger } from '../support/bare-ledger.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';
import { declined } from '../support/bare-origin.ts';

const BUYERS = 8;
const EACH_BUYS = 25;
const LATEST_MS = 3_000;
const CARD = '4242424242424242';
const GUARD = { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: 10_000 };

it('each buyer hears his own answer in time, and all that was tried counts once', async () => {
  const shop = await openShop({ card_testing_guard_config: GUARD });
  shop.origin.reply((arrived) => ({ ...declined(5), body: { status: 'failed', of: arrived.body } }));
  await buy(shop, 'nobody');
  const over = new AbortController();
  const testers = TRICKS.map((trick, i) => goOn(() => trick(shop, `198.51.100.${i + 1}`), over.signal));
  const buyers = Array.from({ length: BUYERS }, async (_, buyer) => {
    for (let n = 0; n < EACH_BUYS; n++) {
      const order = `buyer ${buyer}, order ${n}`;
      const { ms, status, body } = await buy(shop, order);
      expect([status, body]).toEqual([402, JSON.stringify({ status: 'failed', of: bodyOf(order) })]);
      expect(ms).toBeLessThan(LATEST_MS);
    }
  });
  await Promise.all(buyers).finally(() => over.abort());
  await Promise.all(testers);
  await pause(1_500);
  expect(shop.bare.output).not.toContain('gate_unavailable');
  await shop.bare.kill();
  const { outcomes, counters } = await readLedger(shop.bare.storageFolder);
  const reached = shop.origin.arrived.map(({ evaluation }) => evaluation).sort();
  expect([...outcomes.keys()].sort()).toEqual(reached);
  expect([...counters.values()]).toEqual([reached.length]);
  // Testers were there all the while.
  expect(reached.length).toBeGreaterThan(BUYERS * EACH_BUYS + 1 + TRICKS.length);
});

type Trick = (shop: Shop, ip: string) => Promise<unknown>;

const attempt = (ip: string): BareAttempt => ({ card: CARD, ip });
const reset = (afterMs: number, bytes?: number): Trick => {
  const until = () => pause(afterMs);
  return ({ bare }, ip) =>
    leave(bare.ports.https, attempt(ip), { how: 'reset', until, ...(bytes === undefined ? {} : { bytes }) });
};

const TRICKS: readonly Trick[] = [
  reset(0),
  reset(2),
  reset(6),
  reset(20),
  reset(20, 30),
  drip,
  flood,
  (shop, ip) => send(shop, ip, { upgrade: 'websocket', connection: 'Upgrade' }),
  (shop, ip) => send(shop, ip, { expect: '100-continue' }),
  (shop, ip) => send(shop, ip, { 'content-type': 'text/plain' }),
];

async function goOn(trick: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await trick().catch(() => null);
    await pause(5);
  }
}

function send(shop: Shop, ip: string, more: Readonly<Record<string, string>>): Promise<unknown> {
  const body = JSON.stringify({ card: { number: CARD, cvc: '123' } });
  return clientOf(shop).send({ headers: { ...headersOf(attempt(ip)), ...more }, body });
}

/** A byte at a time, for half a second, and never all of them. */
async function drip({ bare }: Shop, ip: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: bare.ports.https, rejectUnauthorized: false });
  socket.on('error', () => {});
  socket.write(`POST /api/pay HTTP/1.1\r\nhost: ${SHOP_HOST}\r\ncontent-length: 90\r\ncf-connecting-ip: ${ip}\r\n`);
  socket.write('content-type: application/json\r\n\r\n');
  for (let i = 0; i < 20; i++) {
    socket.write(' ');
    await pause(25);
  }
  socket.destroy();
}

/** Twice what a payment may hold. */
async function flood(shop: Shop, ip: string): Promise<void> {
  const body = JSON.stringify({ card: { number: CARD }, note: 'x'.repeat(256 * 1024) });
  await clientOf(shop).send({ headers: headersOf(attempt(ip)), body });
}

let buys = 0;

async function buy(shop: Shop, order: string) {
  const since = Date.now();
  const ip = `203.0.113.${(buys++ % 250) + 1}`;
  const { status, body } = await clientOf(shop).send({ headers: headersOf(attempt(ip)), body: bodyOf(order) });
  return { ms: Date.now() - since, status, body };
}

function bodyOf(order: string): string {
  return JSON.stringify({ card: { number: CARD, cvc: '123' }, order });
}

const clients = new WeakMap<Shop, ReturnType<Shop['client']>>();

function clientOf(shop: Shop): ReturnType<Shop['client']> {
  const client = clients.get(shop) ?? shop.client();
  clients.set(shop, client);
  return client;
}
