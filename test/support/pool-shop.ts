/**
 * Shops with several servers behind one bare runtime: each has a host, two servers and a stream of buyers of its own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type BareAnswer, BareClient } from './bare-client.ts';
import { payRoute } from './bare-merchant.ts';
import { BareWorkerd } from './bare-workerd.ts';
import { FaultyOrigin } from './faulty-origin.ts';

export const TIMEOUT_SECONDS = 2;
const SENDERS = 4;

export interface PoolShop {
  readonly host: string;
  readonly first: FaultyOrigin;
  readonly second: FaultyOrigin;
  /** Of the runtime as it runs now. */
  readonly client: () => BareClient;
}

export interface Bought {
  readonly order: string;
  /** Null: the connection to Cordon itself broke. */
  readonly answer: BareAnswer | null;
  readonly ms: number;
}

/** The runtime, and all shops behind it. Whoever starts it ends it. */
export class PoolRuntime {
  readonly #bare: BareWorkerd;
  readonly #servers: FaultyOrigin[] = [];
  #client: BareClient;

  private constructor(bare: BareWorkerd) {
    this.#bare = bare;
    this.#client = new BareClient(bare.ports.https);
  }

  static async start(): Promise<PoolRuntime> {
    return new PoolRuntime(await BareWorkerd.start());
  }

  async open(id: string, origin: object = {}): Promise<PoolShop> {
    const [first, second] = [new FaultyOrigin(), new FaultyOrigin()];
    this.#servers.push(first, second);
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
    this.#bare.kv.putMerchant({ id, hosts: [host], origin: { pool, timeout_seconds: 5, ...origin }, ...config });
    return { host, first, second, client: () => this.#client };
  }

  /** Killed, and started again on the storage that is there. */
  async restart(): Promise<void> {
    this.#client.close();
    await this.#bare.kill();
    await this.#bare.restart();
    this.#client = new BareClient(this.#bare.ports.https);
  }

  async end(): Promise<void> {
    this.#client.close();
    for (const server of this.#servers) await server.close();
    await this.#bare.dispose();
  }
}

let orders = 0;

/** Buys once, as somebody whom nobody has seen. */
export async function buy({ host, client }: PoolShop, headers: Readonly<Record<string, string>> = {}): Promise<Bought> {
  const n = orders++;
  const order = `order-${n}`;
  const ip = `198.18.${(n >> 8) & 255}.${n & 255}`;
  const body = JSON.stringify({ card: { number: '4242424242424242', cvc: '123' }, amount: 1999 });
  const told = { host, 'content-type': 'application/json', 'cf-connecting-ip': ip, 'x-test': order, ...headers };
  const startedAt = Date.now();
  const answer = await client()
    .send({ headers: told, body })
    .catch(() => null);
  return { order, answer, ms: Date.now() - startedAt };
}

export function look({ host, client }: PoolShop, path = '/'): Promise<BareAnswer> {
  const headers = { host, 'cf-connecting-ip': '198.18.255.1' };
  return client().send({ method: 'GET', path, headers });
}

/** Buyers come until `isOver`; all that they heard. */
export async function sell(
  shop: PoolShop,
  { isOver, pauseMs = 40 }: { isOver: (bought: readonly Bought[]) => boolean; pauseMs?: number },
): Promise<readonly Bought[]> {
  const bought: Bought[] = [];
  const senders = Array.from({ length: SENDERS }, async () => {
    while (!isOver(bought)) {
      bought.push(await buy(shop));
      await pause(pauseMs);
    }
  });
  await Promise.all(senders);
  return bought;
}
