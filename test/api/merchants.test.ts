/**
 * The management API of merchants: who may, what is written, what is refused and changes nothing.
 */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { acme, manage } from '../support/merchant.ts';

beforeEach(async () => {
  for (const { name } of (await env.MERCHANTS.list()).keys) await env.MERCHANTS.delete(name);
});

const keys = async () => (await env.MERCHANTS.list()).keys.map(({ name }) => name);

describe('the key', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['a longer one', { authorization: `Bearer ${env.CORDON_ADMIN_KEY}x` }],
    ['another scheme', { authorization: `Basic ${env.CORDON_ADMIN_KEY}` }],
    ['the key alone', { authorization: env.CORDON_ADMIN_KEY }],
  ])('%s opens nothing', async (_, headers: Record<string, string>) => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/acme'],
      ['PUT', '/acme'],
      ['DELETE', '/acme'],
    ]) {
      const answer = await exports.default.fetch(`https://localhost/.cordon/v1/merchants${path}`, {
        method: method ?? '',
        headers,
      });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    expect(await keys()).toEqual([]);
  });
});

describe('PUT', () => {
  it('creates, replaces, and answers with the configuration as it was written', async () => {
    const created = await manage('PUT', '/merchants/acme', acme);
    expect([created.status, await created.json()]).toEqual([201, acme]);
    const replaced = await manage('PUT', '/merchants/acme', { ...acme, mode: 'shadow' });
    expect(replaced.status).toBe(200);
    expect(replaced.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await (await manage('GET', '/merchants/acme')).json()).toEqual({ ...acme, mode: 'shadow' });
    expect((await (await manage('GET', '/merchants')).json()) as unknown).toEqual({ merchants: ['acme'] });
  });

  it('writes the host entries and drops stale ones', async () => {
    await manage('PUT', '/merchants/acme', { ...acme, hosts: ['a.example', 'b.example'] });
    expect(await keys()).toEqual(['host:a.example', 'host:b.example', 'merchant:acme']);
    await manage('PUT', '/merchants/acme', { ...acme, hosts: ['b.example', 'c.example'] });
    expect(await keys()).toEqual(['host:b.example', 'host:c.example', 'merchant:acme']);
  });

  it('lists every fault with its path and changes nothing', async () => {
    await manage('PUT', '/merchants/acme', acme);
    const faulty = {
      ...acme,
      surprise: 1,
      mode: 'loud',
      card_testing_guard_config: { card_ip_blocking_threshold: 0, card_testing_guard_expiry: 0, typo: 1 },
      routes: [{ ...acme.routes[0], match: { methods: [], path: 'api/pay' } }],
    };
    const answer = await manage('PUT', '/merchants/acme', faulty);
    const { code, errors } = (await answer.json()) as { code: string; errors: { path: string }[] };
    expect([answer.status, code]).toEqual([422, 'invalid_configuration']);
    expect(errors.map(({ path }) => path).toSorted()).toEqual([
      '/card_testing_guard_config/card_ip_blocking_threshold',
      '/card_testing_guard_config/card_testing_guard_expiry',
      '/card_testing_guard_config/typo',
      '/mode',
      '/routes/0/match/methods',
      '/routes/0/match/path',
      '/surprise',
    ]);
    expect(await (await manage('GET', '/merchants/acme')).json()).toEqual(acme);
  });

  it.each([
    ['no JSON', '{', 400],
    ['duplicate names', '{"id":"acme","id":"acme"}', 400],
    ['another id than the path', { ...acme, id: 'other' }, 422],
    ['more than the gate can keep', `"${'x'.repeat(1_900_000)}"`, 413],
  ])('refuses %s', async (_, body, status) => {
    expect((await manage('PUT', '/merchants/acme', body)).status).toBe(status);
    expect(await keys()).toEqual([]);
  });

  it('refuses a host that another merchant has, and changes nothing', async () => {
    await manage('PUT', '/merchants/acme', acme);
    const answer = await manage('PUT', '/merchants/other', {
      ...acme,
      id: 'other',
      hosts: ['other.example', 'shop.acme.example'],
    });
    expect([answer.status, await answer.json()]).toEqual([409, expect.objectContaining({ code: 'conflict' })]);
    expect(await keys()).toEqual(['host:shop.acme.example', 'merchant:acme']);
  });
});

describe('DELETE', () => {
  it('removes the configuration and its hosts, once', async () => {
    await manage('PUT', '/merchants/acme', acme);
    expect((await manage('DELETE', '/merchants/acme')).status).toBe(204);
    expect(await keys()).toEqual([]);
    expect([
      (await manage('DELETE', '/merchants/acme')).status,
      (await manage('GET', '/merchants/acme')).status,
    ]).toEqual([404, 404]);
  });

  it('lets the merchant be written again', async () => {
    await manage('PUT', '/merchants/acme', acme);
    await manage('DELETE', '/merchants/acme');
    expect((await manage('PUT', '/merchants/acme', acme)).status).toBe(201);
  });
});

it('answers 404 for what there is not, in its own words', async () => {
  const answer = await manage('GET', '/nothing');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

describe('while KV does not take a write', () => {
  it('answers 503 in its own words, and the configuration in force stays', async () => {
    await manage('PUT', '/merchants/acme', acme);
    const put = vi.spyOn(env.MERCHANTS, 'put').mockRejectedValue(new Error('429: one write a second'));
    const answer = await manage('PUT', '/merchants/acme', { ...acme, mode: 'shadow' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    put.mockRestore();
    expect(await (await manage('GET', '/merchants/acme')).json()).toEqual(acme);
  });
});

it('takes the last write for the newest, also when its clock is behind', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const goBack = () => vi.setSystemTime(Date.now() - 60_000);
  await manage('PUT', '/merchants/acme', acme);
  goBack();
  expect((await manage('PUT', '/merchants/acme', { ...acme, mode: 'shadow' })).status).toBe(200);
  expect(await (await manage('GET', '/merchants/acme')).json()).toEqual({ ...acme, mode: 'shadow' });
  goBack();
  expect((await manage('DELETE', '/merchants/acme')).status).toBe(204);
  goBack();
  expect((await manage('PUT', '/merchants/acme', acme)).status).toBe(201);
  expect(await (await manage('GET', '/merchants/acme')).json()).toEqual(acme);
  vi.useRealTimers();
});
