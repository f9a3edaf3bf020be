/**
 * A configuration as long as it may be: written, read back, kept by the gate, and in force.
 */
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import { CONFIG_LIMIT_BYTES } from '../../src/config/config-text.ts';
import { longAllowlist } from '../support/allowlists.ts';
import { acme, manage, payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';

afterEach(() => vi.unstubAllGlobals());

const routes = [{ ...payRoute, access: 'server' }];
const cf = (index: number) => ({ country: 'NL', asn: 4_200_000_000 + index });

it('with 10,000 entries is in force, and stays so when KV holds nonsense', { timeout: 30_000 }, async () => {
  new StandInOrigin();
  const allowlist = longAllowlist(10_000);
  await putAcme({ routes, network: { allowlist } });
  const read = (await (await manage('GET', '/merchants/acme')).json()) as { network: { allowlist: unknown[] } };
  expect(read.network.allowlist).toEqual(allowlist);
  // The 5,000th prefix of IPv4 begins 9,998 times sixteen addresses after 10.0.0.0.
  const knows = async () => [
    (await pay({ ip: '10.2.112.239', cf: cf(9_998) })).status,
    (await pay({ ip: '2001:db8:270f:abcd::1', cf: cf(9_999) })).status,
    (await pay({ ip: '10.2.112.240', cf: cf(9_998) })).status,
    (await pay({ ip: '10.2.112.239', cf: cf(1) })).status,
  ];
  expect(await knows()).toEqual([200, 200, 403, 403]);
  await env.MERCHANTS.put('merchant:acme', '{"id":"acme","hosts":');
  // Whoever writes through the API forgets what this isolate held: the gate's copy is all that is left.
  await manage('PUT', '/merchants/other', { id: 'other' });
  expect(await knows()).toEqual([200, 200, 403, 403]);
});

it('is refused where it is too long for the gate to keep', async () => {
  const padded = (bytes: number) => JSON.stringify({ ...acme, routes }).padEnd(bytes);
  expect(await codeOf(await manage('PUT', '/merchants/acme', padded(CONFIG_LIMIT_BYTES + 1)))).toBe('too_large');
  expect((await manage('PUT', '/merchants/acme', padded(CONFIG_LIMIT_BYTES))).status).toBe(200);
});

it('as long as other bodies of the API must not be', async () => {
  const answer = await manage('POST', '/evaluations', JSON.stringify({ merchant: 'acme' }).padEnd(1_100_000));
  expect(await codeOf(answer)).toBe('too_large');
});
