/**
 * Steal a merchant key: it does what its scopes say at its own merchant, until it is revoked, and leaves a trace.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  api,
  ask,
  attempt,
  decided,
  evaluated,
  everythingStored,
  failed,
  newKey,
  newMerchant,
  tell,
} from '../api/backend.ts';
import { CALLS, newTarget } from '../api/calls.ts';
import { rule } from '../support/merchant.ts';

let victim: string;
let stolen: { id: string; key: string };

beforeEach(async () => {
  victim = await newMerchant({ card_testing_guard_config: rule('card_ip', 1) });
  stolen = await newKey(victim, { name: 'on the stolen laptop' });
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('opens nothing of another merchant, whichever call is tried', async () => {
  const other = await newTarget(await newMerchant());
  const before = await everythingStored(other.merchant);
  for (const { name, call } of CALLS) expect((await call(other, stolen.key)).status, name).toBe(403);
  expect(await everythingStored(other.merchant)).toBe(before);
});

it('does not look at, make or end other merchants, nor end its own', async () => {
  const answers = [
    await api('GET', '/merchants', { key: stolen.key }),
    await api('PUT', '/merchants/brand-new', { key: stolen.key, body: { id: 'brand-new' } }),
    await api('DELETE', `/merchants/${victim}`, { key: stolen.key }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect((await api('GET', '/merchants/brand-new')).status).toBe(404);
});

it('takes no host that is another’s', async () => {
  const origin = { pool: [{ url: 'https://origin.example' }] };
  const rival = await newMerchant({ hosts: ['rival.example'], origin });
  const put = { id: victim, hosts: ['rival.example'], origin };
  expect((await api('PUT', `/merchants/${victim}`, { key: stolen.key, body: put })).status).toBe(409);
  expect(await env.MERCHANTS.get('host:rival.example')).toBe(rival);
});

it('is good for nothing from the moment it is revoked, also when the gate restarts', async () => {
  expect((await ask(victim, attempt, { key: stolen.key })).status).toBe(200);
  await api('DELETE', `/merchants/${victim}/keys/${stolen.id}`);
  expect((await ask(victim, attempt, { key: stolen.key })).status).toBe(401);
  await abortAllDurableObjects();
  expect((await ask(victim, attempt, { key: stolen.key })).status).toBe(401);
});

it('loses the race: what comes after the revocation is refused, though many were under way', async () => {
  const many = Array.from({ length: 20 }, (_, i) => ask(victim, { ip: `192.0.2.${i + 1}` }, { key: stolen.key }));
  const revoked = await api('DELETE', `/merchants/${victim}/keys/${stolen.id}`);
  expect(revoked.status).toBe(204);
  expect((await ask(victim, attempt, { key: stolen.key })).status).toBe(401);
  for (const { status } of await Promise.all(many)) expect([200, 401]).toContain(status);
});

it.each([
  ['ask', ['evaluate']],
  ['report', ['report']],
])('that may only %s lifts no block and makes no key', async (_, scopes) => {
  const { key } = await newKey(victim, { scopes });
  await failed(victim);
  const before = await everythingStored(victim);
  for (const { name, call, scopes: opening } of CALLS) {
    if (!opening.includes('manage') && opening.length > 0) continue;
    const target = { merchant: victim, evaluation: 'none', keyId: stolen.id };
    expect((await call(target, key)).status, name).toBe(403);
  }
  expect(await everythingStored(victim)).toBe(before);
  expect((await decided(victim))[0]).toBe('block');
});

it('that may only report cannot whitewash: a failure on record stays counted', async () => {
  const { key } = await newKey(victim, { scopes: ['report'] });
  const { id } = await evaluated(victim);
  await tell(id, { status: 'failed' });
  for (const status of ['succeeded', 'unknown', 'pending']) {
    expect((await tell(id, { status }, { key })).status).toBe(409);
  }
  expect((await decided(victim))[0]).toBe('block');
});

it('cannot be made from what is stored, listed or logged', async () => {
  const log = vi.spyOn(console, 'log');
  const { key } = await newKey(victim);
  const secret = key.slice(19, 59);
  const listed = await (await api('GET', `/merchants/${victim}/keys`)).text();
  const kv = await Promise.all((await env.MERCHANTS.list()).keys.map(({ name }) => env.MERCHANTS.get(name)));
  for (const place of [await everythingStored(victim), listed, kv.join(), log.mock.calls.join()]) {
    expect(place).not.toContain(secret);
  }
});

it('leaves a line for each change that it makes', async () => {
  const log = vi.spyOn(console, 'log');
  await newTarget(victim);
  const body = { id: victim, mode: 'off' };
  await api('PUT', `/merchants/${victim}`, { key: stolen.key, body });
  await api('POST', `/merchants/${victim}/keys`, { key: stolen.key, body: { name: 'spare' } });
  await api('POST', `/merchants/${victim}/unblock`, { key: stolen.key, body: { ip: attempt.ip } });
  const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes(`"key:${stolen.id}"`));
  expect(lines.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual([
    'merchant.put',
    'key.create',
    'payer.unblock',
  ]);
  expect(lines.join()).not.toContain(stolen.key.slice(19, 59));
});

it('makes no key that may more than it may itself', async () => {
  const { key } = await newKey(victim, { scopes: ['manage'] });
  const answer = await api('POST', `/merchants/${victim}/keys`, { key, body: { scopes: ['evaluate', 'report'] } });
  expect(answer.status).toBe(403);
});
