/**
 * `/.cordon/jwks.json`: whose keys, on which host, under which versions, and how long a copy is good.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { acme, manage, putAcme, SHOP } from '../support/merchant.ts';
import { codeOf } from '../support/shopper.ts';

const PATH = '/.cordon/jwks.json';
const ADMIN = 'https://admin.example';
const PRODUCTION = { CORDON_ENV: 'production', CORDON_ADMIN_HOST: 'admin.example' };

// By Node's hkdfSync and createPublicKey, of the master key of the tests (vitest.config.ts), the merchant and the version.
const X = {
  1: 'kjx8CZur-6uTKAeJ9pNqiRWn-s4-9rOxB9hRLXrS_tY',
  2: 'lMx8qBA4BzDadNU-TmSXh11q_Tx53GXJFVUMpZFz8kM',
  3: 'empFZzsdtdoTekCrcAgSlaPn8CLgVU5cRdc_kyoLuS8',
} as const;
const KID_OF_1 = '-q0RndgVi3rJx4bmAtpSzT21uj0TSH3NNMGHnq_5h3M';
const X_OF_GLOBEX = 'qKa0OD9J7j4pwd1A0F6Dy4FQ37RGrz6JZ9VQIcRvw_s';

async function ask(url: string, init: RequestInit = {}, change: Partial<RawEnvironment> = {}): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await answer(new Request(url, init), { ...(env as unknown as RawEnvironment), ...change }, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

async function signingKeys(answered: Response): Promise<readonly Record<string, unknown>[]> {
  const { keys } = (await answered.json()) as { keys: readonly Record<string, unknown>[] };
  return keys.filter(({ use }) => use === 'sig');
}
const xs = async (url: string, change: Partial<RawEnvironment> = {}) =>
  (await signingKeys(await ask(url, {}, change))).map(({ x }) => x);

beforeEach(() => putAcme());

it('shows the keys of the shop whose host is asked, and nothing secret', async () => {
  const told = await ask(`${SHOP}${PATH}`);
  expect([told.status, told.headers.get('content-type')]).toEqual([200, 'application/jwk-set+json']);
  const [first] = await signingKeys(told);
  expect(first).toEqual({ kty: 'OKP', crv: 'Ed25519', x: X[1], kid: KID_OF_1, use: 'sig', alg: 'EdDSA' });
});

it.each<[number, readonly string[]]>([
  [1, [X[1], X[2]]],
  [2, [X[2], X[3], X[1]]],
])('under key_version %i has the current key, the next, and the one before', async (key_version, expected) => {
  await putAcme({ key_version });
  expect(await xs(`${SHOP}${PATH}`)).toEqual(expected);
});

it('has other keys for another merchant', async () => {
  const globex = { ...acme, id: 'globex', hosts: ['shop.globex.example'] };
  await manage('PUT', '/merchants/globex', globex);
  expect((await xs(`https://shop.globex.example${PATH}`))[0]).toBe(X_OF_GLOBEX);
});

it('may be kept for a while, by anybody', async () => {
  const { headers } = await ask(`${SHOP}${PATH}`);
  expect(headers.get('cache-control')).toBe('public, max-age=300');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

describe('asked again with what it was called', () => {
  it.each<[string, (etag: string) => string, number]>([
    ['its name', (etag) => etag, 304],
    ['its name, weakened by a cache', (etag) => `W/${etag}`, 304],
    ['several names', (etag) => `"other", ${etag}`, 304],
    ['another name', () => '"other"', 200],
    ['half a name', (etag) => etag.slice(0, 9), 200],
  ])('%s', async (_, named, status) => {
    const etag = (await ask(`${SHOP}${PATH}`)).headers.get('etag') ?? '';
    const again = await ask(`${SHOP}${PATH}`, { headers: { 'if-none-match': named(etag) } });
    expect([again.status, again.headers.get('etag')]).toEqual([status, etag]);
  });

  it('after a rotation: another name', async () => {
    const etag = (await ask(`${SHOP}${PATH}`)).headers.get('etag');
    await putAcme({ key_version: 2 });
    const again = await ask(`${SHOP}${PATH}`, { headers: { 'if-none-match': etag ?? '' } });
    expect(again.status).toBe(200);
  });
});

it('answers HEAD without the set, and nothing else', async () => {
  const head = await ask(`${SHOP}${PATH}`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await ask(`${SHOP}${PATH}`, { method: 'POST', body: '{}' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

describe('in production', () => {
  it('shows on the management host the keys of the merchant that the query names', async () => {
    expect((await xs(`${ADMIN}${PATH}?merchant=acme`, PRODUCTION))[0]).toBe(X[1]);
  });

  it('shows on a shop’s host that shop’s alone, whatever the query says', async () => {
    await manage('PUT', '/merchants/globex', { ...acme, id: 'globex', hosts: ['shop.globex.example'] });
    expect((await xs(`${SHOP}${PATH}?merchant=globex`, PRODUCTION))[0]).toBe(X[1]);
  });

  it('says on the management host that the storage is away', async () => {
    const get = () => Promise.reject(new Error('away'));
    const away = { get, getWithMetadata: get } as unknown as KVNamespace;
    const told = await ask(`${ADMIN}${PATH}?merchant=acme`, {}, { ...PRODUCTION, MERCHANTS: away });
    expect([told.status, await codeOf(told)]).toEqual([503, 'storage_unavailable']);
  });

  it.each([
    ['no merchant named on the management host', `${ADMIN}${PATH}`, 404, 'not_found'],
    ['an unknown merchant', `${ADMIN}${PATH}?merchant=nobody`, 404, 'not_found'],
    ['an unknown host', `https://unknown.example${PATH}`, 503, 'not_guarded'],
    ['no secrets', `${SHOP}${PATH}`, 503, 'not_guarded'],
  ])('has none for %s', async (name, url, status, code) => {
    const change = name === 'no secrets' ? { ...PRODUCTION, CORDON_MASTER_KEY: '' } : PRODUCTION;
    const told = await ask(url, {}, change);
    expect([told.status, await codeOf(told)]).toEqual([status, code]);
  });
});
