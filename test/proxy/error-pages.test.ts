/**
 * Where not the shop has answered but its infrastructure, a client hears Cordon's words; the shop's own pages stay.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SERVER_PAGES, SHOP_PAGES, type WrittenPage } from '../origin/server-pages.ts';
import { ORIGIN, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
});
afterEach(() => vi.unstubAllGlobals());

const get = () => pay({ path: '/page', method: 'GET', body: null });
const answered = (page: string, status: number, type = 'text/html; charset=utf-8', more: HeadersInit = {}) =>
  new Response(page, {
    status,
    headers: {
      'content-type': type,
      etag: '"1"',
      'content-length': String(new TextEncoder().encode(page).length),
      ...more,
    },
  });

describe.each([
  ['beside the protected routes', get],
  ['on a protected route', () => pay()],
])('%s', (_, ask) => {
  it.each<WrittenPage>(SERVER_PAGES)(
    '%s: Cordon’s own words, with the status %d',
    async (...[, status, page, type]) => {
      origin.answer(() => answered(page, status, type));
      const answer = await ask();
      const text = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
      expect(JSON.parse(text)).toMatchObject({ code: 'origin_error', status });
      expect(text).not.toContain('origin.acme.example');
      expect([answer.headers.get('etag'), answer.headers.get('content-length')]).toEqual([null, null]);
    },
  );

  it.each<WrittenPage>(SHOP_PAGES)('%s stays', async (...[, status, page, type]) => {
    origin.answer(() => answered(page, status, type));
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([status, page]);
  });

  it('what a client must hear to go on is kept, and names nobody', async () => {
    const page = SERVER_PAGES[0]?.[2] ?? '';
    const more = { 'retry-after': '30', 'www-authenticate': 'Basic realm="origin.acme.example"', server: 'nginx' };
    origin.answer(() => answered(page, 401, 'text/html', more));
    const { headers } = await ask();
    expect([headers.get('retry-after'), headers.get('www-authenticate'), headers.get('server')]).toEqual([
      '30',
      'Basic realm="shop.acme.example"',
      null,
    ]);
  });

  it.each([301, 302, 303, 307, 308])('the page of a %d says where the origin is, and goes', async (status) => {
    const page = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} Moved</title>\n</head><body><a href="${ORIGIN}/next">here</a></body></html>`;
    origin.answer(() => answered(page, status, 'text/html', { location: '/next' }));
    const [moved, text] = await ask().then(async (answer) => [answer, await answer.text()] as const);
    expect([moved.status, moved.headers.get('location'), text]).toEqual([status, '/next', '']);
    origin.answer(() =>
      answered(`Found. Redirecting to ${ORIGIN}/next`, status, 'text/plain', { location: `${ORIGIN}/next` }),
    );
    const rewritten = await ask();
    expect([rewritten.headers.get('location'), await rewritten.text()]).toEqual(['https://shop.acme.example/next', '']);
  });

  it('the page of a redirect that the shop wrote stays', async () => {
    origin.answer(() => answered('<p>This way</p>', 302, 'text/html', { location: '/next' }));
    expect(await (await ask()).text()).toBe('<p>This way</p>');
  });

  it('a reason phrase is words, or none', async () => {
    origin.answer(() => new Response('x', { status: 200, statusText: 'OK by nl.origin.acme.example' }));
    expect((await ask()).statusText).not.toContain('acme');
    origin.answer(() => new Response('x', { status: 200, statusText: 'Fine' }));
    expect((await ask()).statusText).toBe('Fine');
  });
});

describe('an error page is looked at, never held', () => {
  const encoder = new TextEncoder();
  function dripping(first: string) {
    const gate = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<unknown>();
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(encoder.encode(first)),
        pull: async (controller) => {
          await gate.promise;
          controller.enqueue(encoder.encode('last'));
          controller.close();
        },
        cancel: cancelled.resolve,
      },
      { highWaterMark: 0 },
    );
    return { gate, cancelled: cancelled.promise, body };
  }

  it('one that drips comes on after a second, and nothing of it is lost', async () => {
    const { gate, body } = dripping('<p>first');
    origin.answer(() => new Response(body, { status: 500, headers: { 'content-type': 'text/html' } }));
    const startedAt = Date.now();
    const reader = (await get()).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('<p>first');
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    gate.resolve();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('last');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('one that is long comes whole', async () => {
    const page = `<p>${'long '.repeat(40_000)}</p>`;
    origin.answer(() => new Response(page, { status: 500, headers: { 'content-type': 'text/html' } }));
    expect(await (await get()).text()).toBe(page);
  });

  it('one that breaks off breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode('<p>first')),
      pull: () => Promise.reject(new Error('reset')),
    });
    origin.answer(() => new Response(body, { status: 500, headers: { 'content-type': 'text/html' } }));
    await expect((await get()).text()).rejects.toThrow();
  });

  it('a stream of events with an error’s status is not even looked at', async () => {
    const { gate, body } = dripping('data: first\n\n');
    origin.answer(() => new Response(body, { status: 503, headers: { 'content-type': 'text/event-stream' } }));
    const startedAt = Date.now();
    const reader = (await get()).body?.getReader();
    await reader?.read();
    expect(Date.now() - startedAt).toBeLessThan(900);
    gate.resolve();
  });
});
