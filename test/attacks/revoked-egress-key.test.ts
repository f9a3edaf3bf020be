/**
 * A signing key that leaked and was taken out of the configuration, used before this isolate and KV have heard of it:
 * the gate has, and is asked about every nonce.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { hashOf } from '../../src/config/policies.ts';
import { calls, gateOf } from '../gate/asking.ts';
import { allowlist, charge, chargeRoute } from '../support/core-server.ts';
import { acme, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makeKey, type SigningKey, written } from '../support/signer.ts';

const STALE_FOR_MS = 120_000;
let origin: StandInOrigin;
let leaked: SigningKey;
let renewed: SigningKey;
beforeAll(async () => {
  [leaked, renewed] = [await makeKey('core-1'), await makeKey('core-1')];
});
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What another isolate has written, and the gate alone knows. */
async function replaceKeyElsewhere(change: Record<string, unknown>): Promise<void> {
  const { metadata } = await env.MERCHANTS.getWithMetadata<{ writtenAt: number }>('merchant:acme');
  const json = JSON.stringify({ ...acme, ...change });
  const offered = { hash: await hashOf(json), writtenAt: (metadata?.writtenAt ?? 0) + 1, json };
  expect(await calls(gateOf('acme')).offerConfig(offered, STALE_FOR_MS)).toBeNull();
}

const signing = (body: string) => ({ signing: { body }, sent: { body } });
const notAttempt = { attempt_unless: { '/amount': [1] }, fields: {} };

it.each<[string, Record<string, unknown>, Record<string, unknown>, object]>([
  ['where something is counted', { card_testing_guard_config: rule('guest_ip', 1_000) }, {}, {}],
  ['where nothing is counted', {}, {}, {}],
  ['for what is no attempt', {}, notAttempt, signing('{"amount":1}')],
])('opens nothing %s, and the new one does', async (_, change, route, sent) => {
  const withKey = (key: SigningKey) => ({
    ...change,
    routes: [chargeRoute({ signature: { keys: ['core-1'] } }, route)],
    network: { allowlist, egress_keys: [written(key)] },
  });
  await putAcme(withKey(leaked));
  expect((await charge({ key: leaked, ...sent })).status).toBe(200);
  await replaceKeyElsewhere(withKey(renewed));
  expect((await charge({ key: leaked, ...sent })).status).toBe(403);
  expect((await charge({ key: renewed, ...sent })).status).toBe(200);
  expect(origin.arrived).toHaveLength(2);
});
