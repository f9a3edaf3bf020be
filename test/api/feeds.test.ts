/**
 * Imported lists through the API: what is taken, what is refused and changes nothing, and how it is told.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addresses, find, follow, forgetFeeds, list, remove, SOURCE, show, upload } from '../support/feeds.ts';
import { StandInOrigin } from '../support/origin.ts';

let source: StandInOrigin;
beforeEach(async () => {
  await forgetFeeds();
  source = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const problemIn = async (answer: Response) => (await answer.json()) as { code: string; detail: string };
const answerText = (text: BodyInit | null, init?: ResponseInit) => source.answer(() => new Response(text, init));

describe('a text', () => {
  it('is imported, listed, shown, replaced and deleted', async () => {
    const created = await upload('bad-hosts', '203.0.113.9,85\nnonsense\nAS64500\n');
    expect([created.status, await created.json()]).toEqual([
      201,
      {
        name: 'bad-hosts',
        kind: 'addresses',
        url: null,
        refresh_seconds: null,
        score: 80,
        entries: 2,
        bad_lines: 1,
        faults: [{ line: 2, why: 'no address, prefix or network', text: 'nonsense' }],
        bytes: expect.any(Number),
        version: expect.stringMatching(/^[0-9a-f]{16}$/),
        fetched_at: expect.stringMatching(/Z$/),
        checked_at: expect.stringMatching(/Z$/),
        is_stale: false,
        last_error: null,
      },
    ]);
    expect((await upload('classes', 'AS64500,hosting', '?kind=networks')).status).toBe(201);
    expect((await list()).map(({ name }) => name)).toEqual(['bad-hosts', 'classes']);
    expect((await upload('bad-hosts', '203.0.113.9')).status).toBe(200);
    expect(await show('bad-hosts')).toMatchObject({ entries: 1, bad_lines: 0 });
    expect((await remove('bad-hosts')).status).toBe(204);
    expect((await remove('bad-hosts')).status).toBe(404);
    expect((await list()).map(({ name }) => name)).toEqual(['classes']);
  });

  it('leaves nothing behind when it is deleted', async () => {
    await upload('bad-hosts', '203.0.113.9');
    await remove('bad-hosts');
    expect((await env.MERCHANTS.list({ prefix: 'feed' })).keys.map(({ name }) => name)).toEqual(['feed-index']);
    expect(await env.MERCHANTS.get('feed-index')).toBe('{"feeds":[]}');
  });

  it.each([
    ['empty', ''],
    ['a page', '<!doctype html>\n<title>503</title>\n203.0.113.9\n<p>Sorry</p>'],
    ['a zip file', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0xff, 0xfe, 10, 0x80, 0, 10, 0xc3])],
    ['a sliver of the last one', addresses(99)],
    ['larger than 16 MiB', '203.0.113.9\n'.repeat(1_400_000)],
  ])('that is %s is refused, and the last one stays', async (_, text) => {
    await upload('bad-hosts', addresses(1_000));
    const before = await show('bad-hosts');
    const answer = await upload('bad-hosts', text);
    expect([422, 413]).toContain(answer.status);
    expect(await show('bad-hosts')).toEqual(before);
  });

  it('that has shrunk is taken by force, or to a tenth', async () => {
    await upload('bad-hosts', addresses(1_000));
    expect((await problemIn(await upload('bad-hosts', addresses(99)))).detail).toBe(
      'it has shrunk from 1000 entries to 99',
    );
    expect((await upload('bad-hosts', addresses(100))).status).toBe(200);
    expect((await upload('bad-hosts', addresses(9), '?force=true')).status).toBe(200);
  });

  it('names the first bad lines of what it refuses, without repeating a card number', async () => {
    const answer = await upload('cards', '4242424242424242\n4000056655665556,US', '?kind=bins');
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(JSON.parse(text)).toMatchObject({ code: 'unusable_feed', errors: [{ path: 'line 1' }, { path: 'line 2' }] });
    expect(text).not.toMatch(/4242|5566/);
  });

  it('keeps its kind', async () => {
    await upload('mine', 'AS64500,hosting', '?kind=networks');
    expect((await upload('mine', 'AS64500')).status).toBe(409);
    expect(await show('mine')).toMatchObject({ kind: 'networks' });
  });

  it('has 32 beside it at most', async () => {
    for (let index = 0; index < 32; index++) expect((await upload(`f${index}`, '203.0.113.9')).status).toBe(201);
    expect((await upload('one-more', '203.0.113.9')).status).toBe(409);
    expect((await upload('f0', '203.0.113.8')).status).toBe(200);
  });
});

describe('what makes no sense', () => {
  it.each([
    ['a name with a slash in it', () => upload('a%2Fb', '203.0.113.9'), 400],
    ['a name in upper case', () => upload('Bad', '203.0.113.9'), 400],
    ["the deployment's own name", () => upload('shared', '203.0.113.9'), 400],
    ['no such kind', () => upload('a', '203.0.113.9', '?kind=cards'), 422],
    ['no such score', () => upload('a', '203.0.113.9', '?score=101'), 422],
    ['a parameter that there is not', () => upload('a', '203.0.113.9', '?scor=10'), 422],
    ['a field that there is not', () => follow('a', { interval: 5 }), 422],
    ['too often', () => follow('a', { refresh_seconds: 60 }), 422],
    ['no URL', () => follow('a', { url: 'lists' }), 422],
    ['plain http', () => follow('a', { url: 'http://lists.example.com/' }), 422],
    ['an address', () => follow('a', { url: 'https://169.254.169.254/latest' }), 422],
    ['an address in disguise', () => follow('a', { url: 'https://0xa9fea9fe/' }), 422],
    ['a private name', () => follow('a', { url: 'https://metadata.google.internal/' }), 422],
    ['credentials', () => follow('a', { url: 'https://me:secret@lists.example.com/' }), 422],
    ['a file', () => follow('a', { url: 'file:///etc/passwd' }), 422],
  ])('%s is refused before anybody is asked', async (_, call, status) => {
    expect((await call()).status).toBe(status);
    expect(source.arrived).toEqual([]);
    expect(await list()).toEqual([]);
  });
});

describe('a source', () => {
  it('stands in the log by its host alone: the rest of its URL may hold the key of whoever bought the list', async () => {
    answerText('203.0.113.9');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await follow('bought', { url: 'https://lists.example.com/SECRET/list.txt?license_key=SECRET' });
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toContainEqual(
      expect.objectContaining({
        event: 'audit',
        what: 'feed.put',
        after: expect.objectContaining({ source: 'lists.example.com' }),
      }),
    );
    expect(log.mock.calls.join()).not.toContain('SECRET');
  });

  it('is asked at once', async () => {
    answerText('203.0.113.9\n', { headers: { etag: '"v1"' } });
    const answer = await follow('bad-hosts');
    expect([answer.status, await answer.json()]).toMatchObject([
      201,
      { url: SOURCE, refresh_seconds: 3600, entries: 1, last_error: null },
    ]);
    const [asked] = source.arrived;
    expect([asked?.method, asked?.url, asked?.headers.get('authorization')]).toEqual(['GET', SOURCE, null]);
  });

  it.each([
    ['answers 404', () => answerText('203.0.113.9', { status: 404 })],
    ['answers 206', () => answerText('203.0.113.9', { status: 206 })],
    ['has an empty list', () => answerText('')],
    ['says in a page, with 200, that it is down', () => answerText('<html>\n<p>down</p>\n</html>')],
    ['never ends', () => source.answer(() => new Response(endless()))],
    ['cannot be reached', () => source.answer(() => Promise.reject(new TypeError('connection refused')))],
    ['leads in circles', () => answerText(null, { status: 301, headers: { location: '/bad-hosts.txt' } })],
  ])('that %s makes no feed', async (_, behave) => {
    behave();
    const answer = await follow('bad-hosts');
    expect([answer.status, (await problemIn(answer)).code]).toEqual([422, 'unusable_feed']);
    expect(await list()).toEqual([]);
    expect(source.arrived.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['plain http', 'http://lists.example.com/'],
    ['an address', 'https://10.0.0.1/'],
    ['the metadata service', 'https://169.254.169.254/latest'],
    ['a private name', 'https://metadata.google.internal/'],
    ['a file', 'file:///etc/passwd'],
    ['credentials', 'https://me:secret@lists.example.com/v2.txt'],
  ])('that leads to %s is not followed', async (_, location) => {
    source.answer(({ url }) =>
      url === SOURCE ? new Response(null, { status: 302, headers: { location } }) : new Response('203.0.113.9'),
    );
    expect((await problemIn(await follow('bad-hosts'))).code).toBe('unusable_feed');
    expect(source.arrived.map(({ url }) => url)).toEqual([SOURCE]);
  });

  it('may lead to another public place', async () => {
    source.answer(({ url }) =>
      url === SOURCE
        ? new Response(null, { status: 302, headers: { location: 'https://files.example.net/v2.txt' } })
        : new Response('203.0.113.9'),
    );
    expect((await follow('bad-hosts')).status).toBe(201);
    expect(source.arrived.map(({ url }) => url)).toEqual([SOURCE, 'https://files.example.net/v2.txt']);
  });

  const endless = () => {
    const piece = new TextEncoder().encode('203.0.113.9\n'.repeat(50_000));
    return new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
  };
});

it.each([
  ['is unknown', 'nobody'],
  ['no feed can have', 'Not%20A%20Name'],
  ['is longer than a key of KV', 'a'.repeat(2_000)],
])('a name that %s is not found', async (_, name) => {
  expect((await find(name)).status).toBe(404);
  expect((await remove(name)).status).toBe(404);
});
