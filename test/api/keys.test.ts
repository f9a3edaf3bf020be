/**
 * Merchants' keys: shown once, stored hashed, good for their scopes and their merchant alone, gone at once.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import { api, configure, everythingStored, newKey, newMerchant, problemOf } from './backend.ts';
import { CALLS, newTarget } from './calls.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const SCOPES = ['evaluate', 'report', 'manage'] as const;
const list = async (merchant: string) => (await api('GET', `/merchants/${merchant}/keys`)).text();

describe('a new key', () => {
  it('is shown once, and never again', async () => {
    const merchant = await newMerchant();
    const created = await api('POST', `/merchants/${merchant}/keys`, { body: { name: 'shop', scopes: ['report'] } });
    const key = (await created.json()) as { id: string; key: string; created_at: string };
    expect([created.status, key]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        key: expect.stringMatching(/^ck_/),
        name: 'shop',
        scopes: ['report'],
        created_at: expect.stringMatching(/Z$/),
        created_by: 'admin',
      },
    ]);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const { id, created_at } = key;
    expect(JSON.parse(await list(merchant))).toEqual({
      keys: [{ id, name: 'shop', scopes: ['report'], created_at, created_by: 'admin' }],
    });
  });

  it('says which key made it, also when that one is gone', async () => {
    const merchant = await newMerchant();
    const maker = await newKey(merchant, { scopes: ['manage'] });
    const made = await api('POST', `/merchants/${merchant}/keys`, { key: maker.key, body: { name: 'second' } });
    const { id, created_by } = (await made.json()) as { id: string; created_by: string };
    expect(created_by).toBe(`key:${maker.id}`);
    await api('DELETE', `/merchants/${merchant}/keys/${maker.id}`);
    expect(JSON.parse(await list(merchant))).toMatchObject({ keys: [{ id, created_by }] });
  });

  it('of an earlier release is still good, and nobody knows who made it', async () => {
    const merchant = await newMerchant();
    const { id, key } = await newKey(merchant);
    await runInDurableObject(gateOf(merchant), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE keys DROP COLUMN created_by');
    });
    await evictDurableObject(gateOf(merchant));
    expect((await api('GET', `/merchants/${merchant}/keys`, { key })).status).toBe(200);
    const { id: later } = await newKey(merchant);
    const { keys } = JSON.parse(await list(merchant)) as { keys: { id: string; created_by: string | null }[] };
    expect(new Map(keys.map((one) => [one.id, one.created_by]))).toEqual(
      new Map([
        [id, null],
        [later, 'admin'],
      ]),
    );
  });

  it('is stored as a hash', async () => {
    const merchant = await newMerchant();
    const { key } = await newKey(merchant);
    const secret = key.slice('ck_'.length + 16, 'ck_'.length + 56);
    const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    const stored = await everythingStored(merchant);
    expect(stored).toContain(new Uint8Array(bytes).toHex());
    for (const part of [secret, secret.slice(0, 20), secret.slice(20)]) expect(stored).not.toContain(part);
  });

  it.each([
    [{}, SCOPES],
    [{ scopes: ['manage'] }, ['manage']],
  ])('asked for with %j has the scopes %j', async (body, scopes) => {
    const merchant = await newMerchant();
    await newKey(merchant, body);
    expect(JSON.parse(await list(merchant))).toMatchObject({ keys: [{ scopes }] });
  });

  it.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['admin'] }, '/scopes/0'],
    [{ name: '' }, '/name'],
    [{ name: 'x'.repeat(65) }, '/name'],
    [{ secret: 'mine' }, '/secret'],
    [{ id: 'mine' }, '/id'],
  ])('is not made of %j', async (body, path) => {
    const merchant = await newMerchant();
    const answer = await api('POST', `/merchants/${merchant}/keys`, { body });
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ path }] }]);
    expect(JSON.parse(await list(merchant))).toEqual({ keys: [] });
  });
});

describe.each(SCOPES)('a key with the scope %s alone', (scope) => {
  it.each(CALLS)('at $name', async ({ scopes, status, call }) => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 9) });
    const target = await newTarget(merchant);
    const { key } = await newKey(merchant, { scopes: [scope] });
    const answer = await call(target, key);
    const expected = scopes.includes(scope) ? status : 403;
    expect(answer.status, await answer.text()).toBe(expected);
  });
});

it.each(CALLS)('the admin key may at $name', async ({ status, call }) => {
  const target = await newTarget(await newMerchant());
  expect((await call(target, env.CORDON_ADMIN_KEY)).status).toBe(status);
});

describe('a key that is revoked', () => {
  it.each(CALLS)('opens nothing from the next request on: $name', async ({ call, scopes }) => {
    const target = await newTarget(await newMerchant());
    const { id, key } = await newKey(target.merchant);
    const before = await call(target, key);
    expect(before.status === 403).toBe(scopes.length === 0);
    expect((await api('DELETE', `/merchants/${target.merchant}/keys/${id}`)).status).toBe(204);
    expect((await call(target, key)).status).toBe(scopes.length === 0 ? 403 : 401);
  });

  it('is not there to be revoked again, nor is one that never was', async () => {
    const merchant = await newMerchant();
    const { id } = await newKey(merchant);
    const statuses = [];
    for (const one of [id, id, 'nonsense', '__proto__', '%00', "' OR 1=1 --", 'x'.repeat(3_000)]) {
      statuses.push((await api('DELETE', `/merchants/${merchant}/keys/${encodeURIComponent(one)}`)).status);
    }
    expect(statuses).toEqual([204, 404, 404, 404, 404, 404, 404]);
  });

  it('may revoke itself, and leaves others as they are', async () => {
    const merchant = await newMerchant();
    const [one, other] = [await newKey(merchant), await newKey(merchant)];
    const revoke = (key: string) => api('DELETE', `/merchants/${merchant}/keys/${one.id}`, { key });
    expect([(await revoke(one.key)).status, (await revoke(one.key)).status]).toEqual([204, 401]);
    expect((await api('GET', `/merchants/${merchant}/keys`, { key: other.key })).status).toBe(200);
  });
});

describe('the audit', () => {
  it('has a line for each change, with who and what, and no secret', async () => {
    const log = vi.spyOn(console, 'log');
    const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
    const { id, key } = await newKey(merchant, { name: 'shop' });
    await api('PUT', `/merchants/${merchant}`, { key, body: { id: merchant, mode: 'shadow' } });
    await api('POST', `/merchants/${merchant}/unblock`, { key, body: { card: { number: '4242424242424242' } } });
    await api('DELETE', `/merchants/${merchant}/keys/${id}`, { key });
    await api('DELETE', `/merchants/${merchant}`);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    const audited = lines.filter(({ event }) => event === 'audit');
    expect(audited.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'admin merchant.put',
      'admin key.create',
      `key:${id} merchant.put`,
      `key:${id} payer.unblock`,
      `key:${id} key.revoke`,
      'admin merchant.delete',
    ]);
    expect(audited.every((line) => line.merchant === merchant)).toBe(true);
    const text = JSON.stringify(log.mock.calls);
    for (const secret of [key, key.slice(19, 59), env.CORDON_ADMIN_KEY, '4242424242424242']) {
      expect(text).not.toContain(secret);
    }
  });

  it.each([
    ['a refused key', 'PUT', '', { id: 'x' }],
    ['a fault', 'PUT', '', { mode: 'loud' }],
    ['a key that is not there', 'DELETE', '/keys/none', undefined],
    ['a block that is not there', 'DELETE', '/blocks/none', undefined],
    ['a look', 'GET', '/keys', undefined],
  ])('has none for %s', async (_, method, path, body) => {
    const merchant = await newMerchant();
    const log = vi.spyOn(console, 'log');
    const answer = await api(method, `/merchants/${merchant}${path}`, body === undefined ? {} : { body });
    expect([200, 404, 422]).toContain(answer.status);
    expect(log.mock.calls.join()).not.toContain('audit');
  });
});

it('ends with its merchant', async () => {
  const merchant = await newMerchant();
  const { key } = await newKey(merchant);
  await api('DELETE', `/merchants/${merchant}`);
  const tried = [
    await api('POST', '/evaluations', { key, body: { merchant, attempt: { ip: '203.0.113.9' } } }),
    await api('GET', `/merchants/${merchant}/keys`, { key }),
    await api('PUT', `/merchants/${merchant}`, { key, body: { id: merchant } }),
  ];
  for (const answer of tried) expect(await problemOf(answer)).toEqual([401, 'unauthorized']);
});

it('does not come back with a merchant made anew under the same id', async () => {
  const merchant = await newMerchant();
  const { key } = await newKey(merchant);
  await api('DELETE', `/merchants/${merchant}`);
  await configure(merchant);
  expect((await api('GET', `/merchants/${merchant}/keys`, { key })).status).toBe(401);
});
