/**
 * How long what is sent on may take.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { compileOrigin } from '../../src/config/origin-policy.ts';
import { originSchema } from '../../src/config/origin-schema.ts';
import { Deadlines } from '../../src/gate/deadline.ts';
import { type Onward, sendOnward } from '../../src/proxy/sending.ts';
import { deployment } from '../config/deployment.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

async function sent(body: Uint8Array | ReadableStream | null): Promise<unknown> {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const written = originSchema.parse({ pool: [{ url: 'https://nl.example' }], sign: false });
  const owner = { merchant: 'acme', version: 1, hosts: [] };
  const origin = await compileOrigin(written, owner, await deployment());
  const onward = { visit: { limits: new Deadlines() }, origin: { ...origin, timeoutMs: 30 } } as unknown as Onward;
  const request = {
    method: 'POST',
    at: { pathname: '/', search: '' },
    headers: new Headers(),
    body,
    from: { href: '' },
  };
  return Promise.race([sendOnward(request, onward), scheduler.wait(300).then(() => 'still waiting')]);
}

it.each([
  ['without a body', null, 'timed_out'],
  ['with one that is in hand', new Uint8Array(3), 'timed_out'],
  ['with one that is still on its way', new ReadableStream(), 'still waiting'],
])('a request %s has its own limit', async (_, body, expected) => {
  expect(await sent(body)).toBe(expected);
});
