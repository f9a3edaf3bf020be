/**
 * Requests that no client of the API sends: methods, paths, ids and times that are nearly right.
 */
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashOf } from '../../src/config/policies.ts';
import { calls, gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import {
  api,
  ask,
  attempt,
  configure,
  evaluated,
  everythingStored,
  newKey,
  newMerchant,
  problemOf,
  tell,
} from './backend.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a method that the path does not have', () => {
  it.each([
    ['PUT', '/evaluations'],
    ['GET', '/evaluations'],
    ['DELETE', '/evaluations/{ev}'],
    ['POST', '/evaluations/{ev}'],
    ['PATCH', '/evaluations/{ev}'],
    ['PUT', '/evaluations/{ev}/outcome'],
    ['GET', '/evaluations/{ev}/outcome'],
    ['POST', '/merchants'],
    ['PATCH', '/merchants/{id}'],
    ['POST', '/merchants/{id}'],
    ['PUT', '/merchants/{id}/keys'],
    ['GET', '/merchants/{id}/unblock'],
    ['OPTIONS', '/merchants/{id}'],
  ])('%s %s changes nothing', async (method, path) => {
    const merchant = await newMerchant();
    const { id } = await evaluated(merchant);
    const before = await everythingStored(merchant);
    const at = path.replace('{ev}', id).replace('{id}', merchant);
    const answer = await api(method, at, method === 'GET' ? {} : { body: { id: merchant, status: 'failed' } });
    expect([404, 405]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await everythingStored(merchant)).toBe(before);
  });

  it.each(['/evaluations/{ev}', '/merchants', '/merchants/{id}', '/merchants/{id}/keys', '/merchants/{id}/blocks'])(
    'HEAD %s answers like GET, without a body and not without a key',
    async (path) => {
      const merchant = await newMerchant();
      const { id } = await evaluated(merchant);
      const at = path.replace('{ev}', id).replace('{id}', merchant);
      const answer = await api('HEAD', at);
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect((await api('HEAD', at, { key: 'wrong' })).status).toBe(401);
    },
  );
});

it.each([
  '/evaluations/',
  '//evaluations',
  '/Evaluations',
  '/evaluations;x',
  '/evaluations%2f',
  '/./evaluations/x/..%2f',
])('a path that is nearly %s is not there, and asks for a key first', async (path) => {
  const merchant = await newMerchant();
  const body = { merchant, attempt };
  expect((await api('POST', path, { key: 'wrong', body })).status).toBe(401);
  expect((await api('POST', path, { body })).status).toBe(404);
});

describe('a merchant called', () => {
  it.each([
    '__proto__',
    'constructor',
    '%00',
    '..%2Facme',
    'ACME',
    'ümläut',
    '%F0%9F%92%B3',
    '%E0%A4%A',
    'x'.repeat(600),
  ])('%s is not there, whatever is asked of it', async (id) => {
    const statuses = [
      (await api('GET', `/merchants/${id}`)).status,
      (await api('GET', `/merchants/${id}/keys`)).status,
      (await api('POST', `/merchants/${id}/keys`, { body: {} })).status,
      (await api('GET', `/merchants/${id}/blocks`)).status,
      (await api('DELETE', `/merchants/${id}`)).status,
    ];
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
    expect([404, 422]).toContain((await ask(id)).status);
  });
});

it('answers every evaluation while the configuration changes under it', async () => {
  const merchant = await newMerchant();
  const asked = Array.from({ length: 60 }, async (_, i) => {
    if (i % 10 === 5) await configure(merchant, { reservation_seconds: 60 + i });
    return ask(merchant, { ip: `192.0.2.${i}` });
  });
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
});

it('judges by the configuration that the gate knows to be newer', async () => {
  const merchant = await newMerchant({ card_testing_guard_config: rule('card_ip', 9) });
  await evaluated(merchant);
  const json = JSON.stringify({ id: merchant, card_testing_guard_config: rule('card_ip', 1) });
  await calls(gateOf(merchant)).offerConfig({ hash: await hashOf(json), writtenAt: Date.now() + 1, json }, 0);
  expect(await evaluated(merchant)).toMatchObject({ decision: 'block', config_version: await hashOf(json) });
});

it('answers 404, not an outage, where another isolate has deleted the merchant', async () => {
  const merchant = await newMerchant();
  await evaluated(merchant);
  await env.MERCHANTS.delete(`merchant:${merchant}`);
  await calls(gateOf(merchant)).offerConfig({ hash: '', writtenAt: Date.now() + 1, json: null }, 0);
  expect(await problemOf(await ask(merchant))).toEqual([404, 'not_found']);
});

describe('while KV is away, and the isolate new', () => {
  it.each([
    ['POST', '/evaluations'],
    ['GET', '/merchants/{id}/keys'],
  ])('%s %s says so, and not that there is nobody', async (method, path) => {
    const merchant = await newMerchant();
    const { key } = await newKey(merchant);
    await configure(merchant);
    vi.spyOn(env.MERCHANTS, 'getWithMetadata').mockRejectedValue(new Error('KV is away'));
    const body = method === 'GET' ? {} : { body: { merchant, attempt } };
    const answer = await api(method, path.replace('{id}', merchant), { key, ...body });
    expect(answer.status).toBe(503);
  });
});

describe('while the gate is away', () => {
  const away = () =>
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });

  it('a merchant’s key opens nothing, whatever the policy', async () => {
    const merchant = await newMerchant({ on_gate_unavailable: 'allow' });
    const { key } = await newKey(merchant);
    const { id } = await evaluated(merchant);
    away();
    const tried = [
      await ask(merchant, attempt, { key }),
      await api('GET', `/evaluations/${id}`, { key }),
      await tell(id, { status: 'failed' }, { key }),
      await api('GET', `/merchants/${merchant}/blocks`, { key }),
      await api('POST', `/merchants/${merchant}/keys`, { key, body: {} }),
    ];
    for (const answer of tried) expect(await problemOf(answer)).toEqual([503, 'gate_unavailable']);
  });

  it.each([
    ['block', 'block'],
    ['review', 'review'],
    ['allow', 'allow'],
  ])('the admin is told what on_gate_unavailable %s says', async (on_gate_unavailable, decision) => {
    const merchant = await newMerchant({ on_gate_unavailable });
    away();
    const answer = await evaluated(merchant);
    expect(answer).toMatchObject({ decision, reservation: null, reasons: [{ code: 'gate_unavailable' }] });
  });
});

it('redirects no secret: plaintext is refused', async () => {
  const headers = { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` };
  const answer = await exports.default.fetch('http://localhost/.cordon/v1/evaluations', {
    method: 'POST',
    headers,
    body: '{}',
    redirect: 'manual',
  });
  expect(await problemOf(answer)).toEqual([403, 'https_required']);
});
