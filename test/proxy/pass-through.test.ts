/**
 * Beside the protected routes a shop works as if nothing stood before it, but for what must not be seen.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ORIGIN, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
});
afterEach(() => vi.unstubAllGlobals());

const get = (path: string, headers: Record<string, string> = {}) => pay({ path, method: 'GET', body: null, headers });

it('streams: the first part is there before the last was sent', async () => {
  const last = Promise.withResolvers<void>();
  const encoder = new TextEncoder();
  origin.answer(
    () =>
      new Response(
        new ReadableStream(
          {
            start: (controller) => controller.enqueue(encoder.encode('first')),
            pull: async (controller) => {
              await last.promise;
              controller.enqueue(encoder.encode('last'));
              controller.close();
            },
          },
          { highWaterMark: 0 },
        ),
      ),
  );
  const reader = (await get('/events')).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
  last.resolve();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('last');
});

it('sends method, path, query, headers and body on as they are', async () => {
  await pay({
    path: '/cart/a%20b?x=%20y&x=2',
    method: 'PUT',
    body: 'raw bytes',
    headers: { 'content-type': 'text/plain', cookie: 'a=1', range: 'bytes=0-1' },
  });
  const { method, url, headers, body } = origin.arrived[0] ?? {};
  expect([method, url, body]).toEqual(['PUT', `${ORIGIN}/cart/a%20b?x=%20y&x=2`, 'raw bytes']);
  expect([headers?.get('cookie'), headers?.get('range'), headers?.get('content-type')]).toEqual([
    'a=1',
    'bytes=0-1',
    'text/plain',
  ]);
});

it.each([
  ['a page', () => new Response('hello', { status: 200 }), 200],
  ['nothing', () => new Response(null, { status: 204 }), 204],
  ['not modified', () => new Response(null, { status: 304 }), 304],
  ['an error page', () => new Response('oops', { status: 500 }), 500],
])('hands back %s', async (_, answer, status) => {
  origin.answer(answer);
  expect((await get('/')).status).toBe(status);
});

it('hands redirects to the client and follows none', async () => {
  origin.answer(() => new Response(null, { status: 302, headers: { location: '/next' } }));
  const answer = await get('/old');
  expect([answer.status, answer.headers.get('location'), origin.arrived.length]).toEqual([302, '/next', 1]);
});

it('keeps every cookie apart', async () => {
  const headers = new Headers();
  headers.append('set-cookie', 'a=1; Path=/');
  headers.append('set-cookie', 'b=2; Expires=Thu, 01 Jan 2032 00:00:00 GMT');
  origin.answer(() => new Response('x', { headers }));
  expect((await get('/')).headers.getSetCookie()).toEqual([
    'a=1; Path=/',
    'b=2; Expires=Thu, 01 Jan 2032 00:00:00 GMT',
  ]);
});

it.each(['/', '/api/pay'])('removes what reveals the server, on %s', async (path) => {
  const revealing = {
    server: 'nginx/1.2.3',
    'x-powered-by': 'PHP/8',
    via: '1.1 origin-7',
    'x-aspnet-version': '4',
    'x-runtime': '0.1',
  };
  origin.answer(() => Response.json({ status: 'succeeded' }, { headers: { ...revealing, 'x-shop': 'kept' } }));
  const answer = path === '/' ? await get(path) : await pay();
  expect([...answer.headers.keys()].filter((name) => name in revealing)).toEqual([]);
  expect(answer.headers.get('x-shop')).toBe('kept');
});

it('is 502 without a word about the server when it cannot be reached', async () => {
  origin.answer(() => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7:443')));
  const answer = await get('/');
  expect([answer.status, (await answer.text()).includes('10.0.0.7')]).toEqual([502, false]);
});
