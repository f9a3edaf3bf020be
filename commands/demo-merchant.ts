// The demo merchant: examples/merchant.json, put into Cordon over its own API.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Call, callOnce, type Reply } from './loopback.ts';
import type { Ports } from './ports.ts';

const merchantFile = join(import.meta.dirname, '../examples/merchant.json');
const loopbackOrigin = 'http://127.0.0.1:';
const merchantPath = '/.cordon/v1/merchants/demo';

export interface GuardConfig {
  card_ip_blocking_threshold: number;
  guest_user_card_blocking_threshold: number;
  guest_ip_blocking_threshold: number;
}

interface Merchant {
  origin?: { pool: { url: string }[] };
  card_testing_guard_config: GuardConfig;
}

export function readGuardConfig(): GuardConfig {
  return readMerchant().card_testing_guard_config;
}

/**
 * Puts the demo merchant where there is none. One that is there may be the user's own work and stays as it is, but for
 * the shop's port, which a start may have moved.
 */
export async function putDemoMerchant(ports: Ports, adminKey: string): Promise<void> {
  const send = (call: Call): Promise<Reply> =>
    callOnce('https', ports.cordon, { ...call, headers: { authorization: `Bearer ${adminKey}` } });
  const known = await send({ method: 'GET', path: merchantPath });
  if (known.kind === 'silent' || (known.status !== 200 && known.status !== 404)) {
    throw new Error(`Cordon was asked for the demo merchant: ${describe(known)}`);
  }
  const merchant = known.status === 404 ? readMerchant() : (known.body as Merchant);
  const wanted = aimAtShop(merchant, ports.shop);
  if (known.status === 200 && isDeepStrictEqual(wanted, merchant)) return;
  const put = await send({ method: 'PUT', path: merchantPath, body: wanted });
  if (put.kind === 'silent' || put.status >= 300) throw new Error(`Cordon refused the demo merchant: ${describe(put)}`);
}

// An origin that is not on this machine is not the demo shop.
function aimAtShop(merchant: Merchant, shopPort: number): Merchant {
  if (merchant.origin === undefined) return merchant;
  const pool = merchant.origin.pool.map((origin) =>
    origin.url.startsWith(loopbackOrigin) ? { ...origin, url: `${loopbackOrigin}${shopPort}` } : origin,
  );
  return { ...merchant, origin: { ...merchant.origin, pool } };
}

function readMerchant(): Merchant {
  return JSON.parse(readFileSync(merchantFile, 'utf8')) as Merchant;
}

function describe(reply: Reply): string {
  return reply.kind === 'silent' ? reply.reason : `${reply.status} ${JSON.stringify(reply.body)}`;
}
