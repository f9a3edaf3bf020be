/**
 * The keys for which pages seal cards, in the set that everybody may have: whose, in which order, through a rotation.
 */
import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manage, ORIGIN, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makePair, type Pair, paySealed, publishedBy, seal, sealedShop } from '../support/sealed.ts';

const HOST = 'shop.acme.example';
// By Node's hkdfSync and createECDH, of the master key of the tests (vitest.config.ts), the merchant and the version.
const OWN = {
  1: 'bzmg8II2VAzHzpCSloS2FNXkM1PzaNJunK7C21JGmco',
  2: 'U3jiWbwWGKmd4kgV3NpefBB6UbdPWdigSkcSJkSl5vA',
  3: 'LhXhYTqNNiABbfQuF3-QINWH_59uYNPxw6DyntfGx58',
} as const;
const KID_OF_1 = '3UVWmbSrVkUodpzVTWMpDsPj3GM7x1X2YtflzoTEOos';
const X_OF_GLOBEX = 'NQmV2Gvv5NPT0mJ9Sidk6NKyV9k9AQiRYtd2XO38t4A';

let shop: Pair;
let next: Pair;
beforeEach(async () => {
  [shop, next] = [await makePair('shop-1'), await makePair('shop-2')];
  await putAcme(sealedShop([shop]));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

interface Set {
  readonly keys: readonly Record<string, unknown>[];
  readonly sealed?: unknown;
}
async function published(host = HOST): Promise<Set> {
  return (await (await exports.default.fetch(`https://${host}/.cordon/jwks.json`)).json()) as Set;
}
const sealing = async (host = HOST) => (await published(host)).keys.filter(({ use }) => use === 'enc');

it('are Cordon’s and the shop’s own, each with its name, and nothing secret', async () => {
  const [first, ...others] = await sealing();
  expect(first).toEqual({
    kty: 'EC',
    crv: 'P-256',
    x: OWN[1],
    y: expect.any(String),
    kid: `cordon.${KID_OF_1}`,
    use: 'enc',
    alg: 'ECDH-ES+A256KW',
  });
  expect(others.map(({ kid }) => kid)).toEqual([expect.stringMatching(/^cordon\./), 'shop-1']);
  expect(others.at(-1)).toEqual({ ...shop.jwk, use: 'enc', alg: 'ECDH-ES+A256KW' });
  expect(JSON.stringify(await published())).not.toContain('"d"');
});

it('come with how long a payment is good', async () => {
  expect((await published()).sealed).toEqual({ max_age_seconds: 300 });
});

it('come with the time, by which a page seals whatever its own clock says', async () => {
  const answer = await exports.default.fetch(`https://${HOST}/.cordon/jwks.json`);
  expect(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now())).toBeLessThan(5_000);
  const etag = answer.headers.get('etag') ?? '';
  const same = await exports.default.fetch(`https://${HOST}/.cordon/jwks.json`, { headers: { 'if-none-match': etag } });
  expect([same.status, same.headers.has('date')]).toEqual([304, true]);
});

it('are none where nothing is sealed', async () => {
  await putAcme();
  expect(await sealing()).toEqual([]);
  expect(await published()).not.toHaveProperty('sealed');
});

it('are others for another merchant', async () => {
  const globex = sealedShop([shop], {
    id: 'globex',
    hosts: ['shop.globex.example'],
    origin: { pool: [{ url: ORIGIN }] },
  });
  await manage('PUT', '/merchants/globex', globex);
  expect((await sealing('shop.globex.example'))[0]?.x).toBe(X_OF_GLOBEX);
});

describe('during a rotation', () => {
  const version = (key_version: number, keys: readonly Pair[] = [shop]) => putAcme(sealedShop(keys, { key_version }));
  const xs = async () => (await sealing()).filter(({ kid }) => String(kid).startsWith('cordon.')).map(({ x }) => x);

  it('the current is first, and the next and the one before are there', async () => {
    await version(2);
    expect(await xs()).toEqual([OWN[2], OWN[3], OWN[1]]);
  });

  it('what a page has sealed before, or with the next, is opened, and what is older is not', async () => {
    const origin = new StandInOrigin();
    const statuses: number[] = [];
    await version(1);
    const [first] = await publishedBy(HOST);
    const send = async () => (await paySealed(await seal({ own: first, origin: shop.jwk }))).status;
    for (const now of [1, 2, 3]) {
      await version(now);
      statuses.push(await send());
    }
    expect(statuses).toEqual([200, 200, 400]);
    await version(2);
    const [second] = await publishedBy(HOST);
    await version(1);
    expect((await paySealed(await seal({ own: second, origin: shop.jwk }))).status).toBe(200);
    expect(origin.arrived).toHaveLength(3);
  });

  it('the shop’s new key comes first, and the old one is taken until it is left out', async () => {
    new StandInOrigin();
    const [own] = await publishedBy(HOST);
    const send = async (pair: Pair) => (await paySealed(await seal({ own, origin: pair.jwk }))).status;
    await version(1, [next, shop]);
    expect((await sealing()).map(({ kid }) => kid).slice(2)).toEqual(['shop-2', 'shop-1']);
    expect([await send(next), await send(shop)]).toEqual([200, 200]);
    await version(1, [next]);
    expect([await send(next), await send(shop)]).toEqual([200, 400]);
  });
});
