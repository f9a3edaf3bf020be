/**
 * A merchant for the bare runtime, written straight into its KV, and everything that a fault test works with.
 */
import { onTestFinished } from 'vitest';
import { BareClient, SHOP_HOST } from './bare-client.ts';
import { BareOrigin } from './bare-origin.ts';
import { BareWorkerd } from './bare-workerd.ts';

export interface Shop {
  readonly bare: BareWorkerd;
  readonly origin: BareOrigin;
  /** A client of the runtime as it runs now; after a restart, ask for another one. */
  readonly client: () => BareClient;
}

export const payRoute = {
  name: 'pay',
  match: { methods: ['POST'], path: '/api/pay' },
  fields: { card_number: '/card/number' },
  outcome: {
    failed: [{ status: [402] }],
    succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
    pending: [{ json: { '/status': ['requires_action'] } }],
    decline_reason: '/error/decline_code',
  },
};

export interface Opening {
  /** Replaces the production bundle. */
  readonly module?: string;
  /** Who ends things: the running test, unless a whole file shares the shop. */
  readonly atTheEnd?: (end: () => void | Promise<void>) => void;
}

/** A running shop behind Cordon. */
export async function openShop(
  config: Readonly<Record<string, unknown>>,
  { module, atTheEnd = onTestFinished }: Opening = {},
): Promise<Shop> {
  const origin = new BareOrigin();
  atTheEnd(() => origin.close());
  const url = await origin.listen();
  const bare = await BareWorkerd.start(module);
  atTheEnd(() => bare.dispose());
  bare.kv.putMerchant({ id: 'acme', hosts: [SHOP_HOST], origin: { pool: [{ url }] }, routes: [payRoute], ...config });
  const client = () => {
    const made = new BareClient(bare.ports.https);
    atTheEnd(() => made.close());
    return made;
  };
  return { bare, origin, client };
}
