/**
 * A route for servers that demands an approved egress beside a leased address: neither stands in for the other.
 */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { ADDRESS, BODY, CHARGE, chargeRoute, replay } from '../support/core-server.ts';
import { leased, revoke } from '../support/leases.ts';
import { putAcme, rule, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makeKey, type SigningKey, signedHeaders, written } from '../support/signer.ts';

let origin: StandInOrigin;
let key: SigningKey;
let log: MockInstance<typeof console.log>;
let lease: string;

beforeEach(async () => {
  origin = new StandInOrigin();
  log = vi.spyOn(console, 'log');
  key = await makeKey('core-1');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await revoke('acme', lease);
});

function reasons(): readonly string[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as { event: string; reasons: string[] });
  return lines.filter(({ event }) => event === 'decision').map((line) => line.reasons.join());
}

async function put(change: object, route: object = {}): Promise<void> {
  const egress = { signature: { keys: ['core-1'], window_seconds: 60 } };
  await putAcme({
    routes: [chargeRoute(egress, { accepts: ['leased'], ...route })],
    network: { leases: { max_active: 1_000 }, egress_keys: [written(key)] },
    ...change,
  });
  lease = (await leased('acme', { cidr: `${ADDRESS}/32` })).id;
}

describe.each([
  ['that touches a counter', { card_testing_guard_config: rule('guest_ip', 1_000) }, {}, BODY],
  ['that touches none', {}, {}, BODY],
  ['that is no attempt', {}, { attempt_unless: { '/amount': [1999] }, fields: {} }, '{"amount":1999}'],
])('a request %s', (_, change, route, body) => {
  it('is let in with both, and its signature once', async () => {
    await put(change, route);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    expect((await replay(headers, { body })).status).toBe(200);
    expect((await replay(headers, { body })).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
    expect(reasons().at(-1)).toBe('egress_unverified/enforce');
  });

  it('is refused without the lease, and without the signature', async () => {
    await put(change, route);
    expect((await replay({}, { body })).status).toBe(403);
    await revoke('acme', lease);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    expect((await replay(headers, { body })).status).toBe(403);
    expect(reasons()).toEqual(['allowlist_miss/enforce,egress_unverified/enforce', 'allowlist_miss/enforce']);
    expect(origin.arrived).toEqual([]);
  });
});
