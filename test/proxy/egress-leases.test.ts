/**
 * A route that a lease opens and that demands a signature: both are needed, and a copy of a signed request that comes
 * from anywhere else does not use up the server's own.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { BODY, CHARGE, charge, chargeRoute, replay } from '../support/core-server.ts';
import { leased, revoke } from '../support/leases.ts';
import { putAcme, rule, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makeKey, type SigningKey, signedHeaders, written } from '../support/signer.ts';

const STRANGER = '192.0.2.9';
const egress = { signature: { keys: ['core-1'] } };

let origin: StandInOrigin;
let log: MockInstance<typeof console.log>;
let key: SigningKey;
let lease: string;
beforeAll(async () => {
  key = await makeKey('core-1');
});
beforeEach(async () => {
  origin = new StandInOrigin();
  log = vi.spyOn(console, 'log');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await revoke('acme', lease);
});

async function open(change: Record<string, unknown>, route: Record<string, unknown> = {}): Promise<void> {
  await putAcme({
    routes: [chargeRoute(egress, { accepts: ['leased'], ...route })],
    network: { leases: { max_active: 10 }, egress_keys: [written(key)] },
    ...change,
  });
  lease = (await leased('acme', { cidr: '203.0.113.0/28' })).id;
  log.mockClear();
}

function reasons(): readonly string[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  return lines.filter(({ event }) => event === 'decision').map((line) => line.reasons.join());
}

const notAttempt = { attempt_unless: { '/amount': [1999] }, fields: {} };

describe.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
  ['with counters', { card_testing_guard_config: rule('guest_ip', 1_000) }, {}, BODY],
  ['without counters', {}, {}, BODY],
  ['of what is no attempt', {}, notAttempt, '{"amount":1999}'],
])('a route %s', (_, change, route, body) => {
  it('lets in who is leased and signs, once', async () => {
    await open(change, route);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    expect([(await replay(headers, { body })).status, (await replay(headers, { body })).status]).toEqual([200, 403]);
    expect(origin.arrived).toHaveLength(1);
    expect(reasons().at(-1)).toBe('egress_unverified/enforce');
  });

  it('lets in one of many at once', async () => {
    await open(change, route);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    const all = await Promise.all(Array.from({ length: 20 }, async () => (await replay(headers, { body })).status));
    expect(all.filter((status) => status === 200)).toHaveLength(1);
  });

  it('keeps out who is leased and does not sign, and who signs and is not leased', async () => {
    await open(change, route);
    expect((await replay({}, { body })).status).toBe(403);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    expect((await replay(headers, { body, ip: STRANGER })).status).toBe(403);
    expect(origin.arrived).toEqual([]);
    expect(reasons().at(-1)).toContain('allowlist_miss/enforce');
  });

  it('leaves the nonce to the server where a stranger was first with a copy', async () => {
    await open(change, route);
    const headers = await signedHeaders({ url: `${SHOP}${CHARGE}`, body, key });
    expect((await replay(headers, { body, ip: STRANGER })).status).toBe(403);
    expect((await replay(headers, { body })).status).toBe(200);
    expect((await replay(headers, { body })).status).toBe(403);
  });

  it('is shut at the next request once the lease is revoked', async () => {
    await open(change, route);
    expect((await charge({ key, signing: { body }, sent: { body } })).status).toBe(200);
    await revoke('acme', lease);
    expect((await charge({ key, signing: { body }, sent: { body } })).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
  });
});

it('tells a leased server what of its body could not be read', async () => {
  await open({});
  const body = JSON.stringify({ pad: 'x'.repeat(200_000) });
  expect((await charge({ key, signing: { body }, sent: { body } })).status).toBe(413);
});
