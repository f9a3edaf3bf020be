/**
 * Shops with several servers behind one bare runtime: each has a host, two servers and a stream of buyers of its own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BareAnswer, BareClient } from './bare-client.ts';
import { payRoute } from './bare-merchant.ts';
import type { BareWorkerd } from './bare-workerd.ts';
import { FaultyOrigin } from './faulty-origin.ts';

export const TIMEOUT_SECONDS = 2;
const SENDERS = 4;

export interface PoolShop {
  readonly host: string;
  readonly first: FaultyOrigin;
  readonly second: FaultyOrigin;
}

export interface Bought {
  readonly order: string;
  /** Null: the connection to Cordon itself broke. */
  readonly answer: BareAnswer | null;
  readonly ms: number;
}

export async function openPoolShop(
  bare: BareWorkerd,
  id: string,
  { origin = {}, atTheEnd }: { origin?: object; atTheEnd: (end: () => Promise<void>) => void },
): Promise<PoolShop> {
  const [first, second] = [new FaultyOrigin(), new FaultyOrigin()];
  for (const one of [first, second]) atTheEnd(() => one.close());
  const [a, b] = [await first.start(), await second.start()];
  const host = `${id}.acme.example`;
  const pool = [
    { url: a, country: 'NL', priority: 1 },
    { url: b, country: 'DE', priority: 2 },
  ];
  const routes = [{ ...payRoute, timeout_seconds: TIMEOUT_SECONDS }];
  // A rule, out of reach: every payment asks the gate.
  const card_testing_guard_config = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 10_000 };
  const config = { routes, card_testing_guard_config };
  bare.kv.putMerchant({ id, hosts: [host], origin: { pool, timeout_seconds: 5, ...origin }, ...config });
  return { host, first, second };
}

let orders = 0;

/** Buys once, as somebody whom nobody has seen. */
export async function buy(
  client: BareClient,
  { host }: Pick<PoolShop, 'host'>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Bought> {
  const n = orders++;
  const order = `order-${n}`;
  const ip = `198.18.${(n >> 8) & 255}.${n & 255}`;
  const body = JSON.stringify({ card: { number: '4242424242424242', cvc: '123' }, amount: 1999 });
  const told = { host, 'content-type': 'application/json', 'cf-connecting-ip': ip, 'x-test': order, ...headers };
  const startedAt = Date.now();
  const answer = await client.send({ headers: told, body }).catch(() => null);
  return { order, answer, ms: Date.now() - startedAt };
}

export function look(client: BareClient, { host }: Pick<PoolShop, 'host'>, path = '/'): Promise<BareAnswer> {
  const headers = { host, 'cf-connecting-ip': '198.18.255.1' };
  return client.send({ method: 'GET', path, headers });
}

/** Buyers come until `isOver`; all that they heard. */
export async function sell(
  client: BareClient,
  shop: PoolShop,
  { isOver, pauseMs = 40 }: { isOver: (bought: readonly Bought[]) => boolean; pauseMs?: number },
): Promise<readonly Bought[]> {
  const bought: Bought[] = [];
  const senders = Array.from({ length: SENDERS }, async () => {
    while (!isOver(bought)) {
      bought.push(await buy(client, shop));
      await pause(pauseMs);
    }
  });
  await Promise.all(senders);
  return bought;
}
