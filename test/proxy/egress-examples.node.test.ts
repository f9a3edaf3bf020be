/**
 * The example clients, against the production bundle on a bare runtime, which shows URLs as they arrive: what they sign
 * is taken once, also by a runtime that was killed in between.
 */
import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { signatureHeaders } from '../../examples/egress/signed-request.ts';
import { SHOP_HOST } from '../support/bare-client.ts';
import { openShop, type Shop } from '../support/bare-merchant.ts';

const ADDRESS = '203.0.113.9';
const PATH = '/internal/charge';
const BODY = JSON.stringify({ token: 'tok_1', amount: 1999 });
const SCRIPT = join(import.meta.dirname, '../../examples/egress/signed-request.sh');

const pair = generateKeyPairSync('ed25519');
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

async function open(): Promise<Shop> {
  const route = {
    name: 'charge',
    match: { methods: ['POST'], path: PATH },
    access: 'server',
    egress: { signature: { keys: ['core-1'] } },
    fields: { token: '/token' },
    outcome: { succeeded: [{ status: [200] }] },
  };
  const network = {
    allowlist: [{ cidr: `${ADDRESS}/32`, label: 'core' }],
    egress_keys: [{ id: 'core-1', algorithm: 'ed25519', public_key: pem }],
  };
  const guard = { guest_ip_blocking_status: 'enabled' };
  const shop = await openShop({ routes: [route], network, card_testing_guard_config: guard });
  shop.origin.reply(() => ({ status: 200, body: { status: 'succeeded' }, delayMs: 0 }));
  return shop;
}

async function keyOf(privateKey: KeyObject): Promise<CryptoKey> {
  const der = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
  return crypto.subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign']);
}

async function headersFor(path: string): Promise<Record<string, string>> {
  const key = { id: 'core-1', privateKey: await keyOf(pair.privateKey) };
  const signed = await signatureHeaders({ method: 'POST', url: `https://${SHOP_HOST}${path}`, body: BODY }, key);
  return { ...signed, 'cf-connecting-ip': ADDRESS, 'content-type': 'application/json' };
}

it('in TypeScript: taken once, also by a runtime that was killed', async () => {
  const shop = await open();
  const headers = await headersFor(PATH);
  const send = async () => (await shop.client().send({ path: PATH, headers, body: BODY })).status;
  expect([await send(), await send()]).toEqual([200, 403]);
  await shop.bare.kill();
  await shop.bare.restart();
  expect(await send()).toBe(403);
  expect(shop.origin.arrived).toHaveLength(1);
});

it.each(['?a=1', '?a=%7e~%7E', "?x=[1]&y='!*()&z=a|b", '?', '?a=b?c=d//', '?ä=%C3%A4'.replace('ä', '%e4')])(
  'in TypeScript: over the URL as it travels: %s',
  async (query) => {
    const shop = await open();
    const path = `${PATH}${query}`;
    const answer = await shop.client().send({ path, headers: await headersFor(path), body: BODY });
    expect(answer.status).toBe(200);
    const other = await shop.client().send({ path: `${path}&`, headers: await headersFor(path), body: BODY });
    expect(other.status).toBe(403);
  },
);

const has = (program: string) => spawnSync(program, ['version']).error === undefined;

it.runIf(has('openssl') && has('curl'))('in the shell, with openssl and curl', async () => {
  const shop = await open();
  const folder = mkdtempSync(join(tmpdir(), 'cordon-egress-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, body] = [join(folder, 'key.pem'), join(folder, 'body.json')];
  writeFileSync(key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(body, BODY);
  const send = async (keyId: string) => {
    const here = ['--insecure', '--connect-to', `::127.0.0.1:${shop.bare.ports.https}`];
    const seen = [
      '--header',
      `CF-Connecting-IP: ${ADDRESS}`,
      '--output',
      join(folder, 'answer'),
      '--write-out',
      '%{http_code}',
    ];
    const url = `https://${SHOP_HOST}${PATH}`;
    return (await promisify(execFile)('sh', [SCRIPT, keyId, key, url, body, ...here, ...seen])).stdout;
  };
  expect([await send('core-1'), await send('core-1'), await send('core-2')]).toEqual(['200', '200', '403']);
});

it.each(['signed-request.ts', 'signed-request.sh'])('%s stands on the page as it is', (name) => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
  const code = read(`examples/egress/${name}`)
    .replace(/^\/\*\*.*?\*\/\n/s, '')
    .trim();
  expect(read('docs/network.md')).toContain(code);
});
