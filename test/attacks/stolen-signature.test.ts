/**
 * Whoever sees a signed request of the merchant's own server go by sends it again: at once and many times, from other
 * machines of the same network, to other places, with other content.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { allowlist, BODY, CHARGE, chargeRoute, replay } from '../support/core-server.ts';
import { manage, ORIGIN, putAcme, rule, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makeKey, type SigningKey, signedHeaders, written } from '../support/signer.ts';

const CROWD = 50;
const egress = { signature: { keys: ['core-1'] } };

let origin: StandInOrigin;
let key: SigningKey;
beforeAll(async () => {
  key = await makeKey('core-1');
});
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme({
    routes: [
      chargeRoute(egress),
      chargeRoute(egress, { name: 'refund', match: { methods: ['POST', 'PUT'], path: '/internal/refund' } }),
    ],
    network: { allowlist, egress_keys: [written(key)] },
    card_testing_guard_config: rule('guest_ip', 1_000),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const signed = () => signedHeaders({ url: `${SHOP}${CHARGE}`, body: BODY, key });
const addresses = Array.from({ length: CROWD }, (_, index) => `203.0.113.${index % 15}`);

it('many at once: exactly one goes through', async () => {
  const headers = await signed();
  const statuses = await Promise.all(addresses.map(async (ip) => (await replay(headers, { ip })).status));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 403)).toHaveLength(CROWD - 1);
  expect(origin.arrived).toHaveLength(1);
});

it('over and over, before and after the gate has fallen', async () => {
  const headers = await signed();
  expect((await replay(headers)).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await replay(headers)).status).toBe(403);
  await abortAllDurableObjects();
  for (let i = 0; i < 3; i++) expect((await replay(headers)).status).toBe(403);
  expect(origin.arrived).toHaveLength(1);
});

it('before the server itself could, with anything about it changed: nothing goes through, and the server’s own does', async () => {
  const headers = await signed();
  const changes = [
    { body: BODY.replace('1999', '199900') },
    { path: '/internal/refund' },
    { path: `${CHARGE}?x` },
    { path: '/internal/refund', method: 'PUT' },
    { ip: '192.0.2.1' },
    { headers: { ...headers, 'content-digest': 'sha-256=:AAAA:' } },
    {
      headers: {
        ...headers,
        signature: headers.signature ?? '',
        'signature-input': `${headers['signature-input']};tag="x"`,
      },
    },
    { headers: { ...headers, 'signature-input': (headers['signature-input'] ?? '').replace(/nonce="./, 'nonce="x') } },
    {
      headers: {
        ...headers,
        'signature-input': (headers['signature-input'] ?? '').replace(/created=\d+/, 'created=1'),
      },
    },
  ];
  for (const change of changes) expect((await replay(headers, change)).status, JSON.stringify(change)).toBe(403);
  expect(origin.arrived).toEqual([]);
  expect((await replay(headers)).status).toBe(200);
});

it('at another merchant who has the same key: the host is signed', async () => {
  const other = {
    id: 'other',
    hosts: ['other.example'],
    origin: { pool: [{ url: ORIGIN }] },
    routes: [chargeRoute(egress)],
    network: { allowlist, egress_keys: [written(key)] },
  };
  expect((await manage('PUT', '/merchants/other', other)).status).toBeLessThan(300);
  expect((await replay(await signed(), { shop: 'https://other.example' })).status).toBe(403);
});
