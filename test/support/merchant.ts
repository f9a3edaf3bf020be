/**
 * A merchant for tests: one valid configuration, changed where a test needs it, written through the real API.
 */
import { env, exports } from 'cloudflare:workers';
import { expect } from 'vitest';

export const SHOP = 'https://shop.acme.example';
export const ORIGIN = 'https://origin.acme.example';

export const payRoute = {
  name: 'pay',
  match: { methods: ['POST'], path: '/api/pay' },
  fields: { card_number: '/card/number', customer_id: '/customer/id' },
  customer: { jwt: { header: 'authorization', claim: 'sub', secret_name: 'CORDON_JWT_TESTS' } },
  outcome: {
    failed: [{ status: [402] }, { json: { '/status': ['failed'] } }],
    succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
    pending: [{ json: { '/status': ['requires_action'] } }],
    decline_reason: '/error/decline_code',
    payment_id: '/id',
  },
};

export const acme = {
  id: 'acme',
  hosts: ['shop.acme.example'],
  origin: { pool: [{ url: ORIGIN }] },
  routes: [payRoute],
};

/** One of Hyperswitch's rules switched on, with its threshold. */
export function rule(
  prefix: 'card_ip' | 'guest_user_card' | 'customer_id' | 'guest_ip',
  threshold: number,
  status = 'enabled',
): Record<string, unknown> {
  return { [`${prefix}_blocking_status`]: status, [`${prefix}_blocking_threshold`]: threshold };
}

export function manage(method: string, path: string, body?: unknown): Promise<Response> {
  return exports.default.fetch(`https://localhost/.cordon/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Writes `acme` with some fields replaced. */
export async function putAcme(change: Record<string, unknown> = {}): Promise<void> {
  const answer = await manage('PUT', '/merchants/acme', { ...acme, ...change });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
}
