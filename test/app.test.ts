/**
 * The Worker as a whole: health, where management lives, and what a fault of Cordon's own looks like.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { answer } from '../src/app.ts';
import type { RawEnvironment } from '../src/config/environment.ts';

async function ask(url: string, change: Partial<RawEnvironment>, init?: RequestInit): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await answer(new Request(url, init), { ...(env as unknown as RawEnvironment), ...change }, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

const admin = { headers: { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` } };
const production = { CORDON_ENV: 'production', CORDON_ADMIN_HOST: 'admin.example' };

it('is healthy with every secret and binding, and says no more', async () => {
  const response = await exports.default.fetch('https://anything.example/.cordon/health');
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

it.each(['CORDON_MASTER_KEY', 'CORDON_ADMIN_KEY', 'MERCHANTS', 'GATE', 'ADDRESS_LIMIT'])(
  'is not healthy, and guards nothing, without %s',
  async (name) => {
    const without = { [name]: undefined } as Partial<RawEnvironment>;
    expect((await ask('https://shop.example/.cordon/health', without)).status).toBe(503);
    expect((await ask('https://shop.example/api/pay', without, { method: 'POST' })).status).toBe(503);
    expect((await ask('https://shop.example/.cordon/v1/merchants', without, admin)).status).toBe(503);
  },
);

it.each([
  ['too short', btoa('short')],
  ['not base64', '!'.repeat(44)],
  ['too long', btoa('x'.repeat(33))],
])('does not take a master key that is %s', async (_, CORDON_MASTER_KEY) => {
  expect((await ask('https://shop.example/.cordon/health', { CORDON_MASTER_KEY })).status).toBe(503);
});

it('tells what is missing to the bearer of the admin key alone', async () => {
  const change = { CORDON_MASTER_KEY: 'secret-but-wrong' };
  const told = await (await ask('https://shop.example/.cordon/health', change, admin)).text();
  const stranger = await (await ask('https://shop.example/.cordon/health', change)).text();
  expect([told.includes('CORDON_MASTER_KEY'), told.includes('secret-but-wrong'), stranger.includes('CORDON')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('manages on the admin host alone in production, and on no host when none is named', async () => {
  const list = 'https://admin.example/.cordon/v1/merchants';
  expect((await ask(list, production, admin)).status).toBe(200);
  expect((await ask('https://shop.example/.cordon/v1/merchants', production, admin)).status).toBe(404);
  expect((await ask(list, { CORDON_ENV: 'production' }, admin)).status).toBe(404);
});

it('sends HSTS in production, and not to a developer’s localhost', async () => {
  const sent = async (change: Partial<RawEnvironment>) =>
    (await ask('https://admin.example/.cordon/v1/merchants', change, admin)).headers.get('strict-transport-security');
  expect([await sent(production), await sent({})]).toEqual(['max-age=31536000', null]);
});

it('refuses the admin host, http origins and local hosts in a production configuration', async () => {
  const body = JSON.stringify({
    id: 'x',
    hosts: ['admin.example', 'localhost'],
    origin: { pool: [{ url: 'http://127.0.0.1:1' }] },
  });
  const response = await ask('https://admin.example/.cordon/v1/merchants/x', production, {
    ...admin,
    method: 'PUT',
    body,
  });
  const { errors } = (await response.json()) as { errors: { path: string }[] };
  expect(errors.map(({ path }) => path)).toEqual(['/hosts/0', '/hosts/1', '/origin/pool/0/url']);
});

it('answers its own faults with a 500 that says nothing, never with a pass', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const broken = {
    get: () => {
      throw new TypeError('4242424242424242');
    },
  } as unknown as KVNamespace;
  vi.spyOn(Date, 'now').mockImplementationOnce(() => {
    throw new TypeError('4242424242424242');
  });
  const response = await ask('https://shop.example/api/pay', { MERCHANTS: broken }, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('4242')]);
  expect(log.mock.calls.join()).not.toContain('4242');
});
