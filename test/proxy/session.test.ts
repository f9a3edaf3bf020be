/**
 * A session is minted on the shop's pages and nowhere else, renewed while it is used, and kept from the origin.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy } from '../../src/config/policy.ts';
import type { Guarding } from '../../src/proxy/guarding.ts';
import { readVisitor } from '../../src/proxy/session.ts';
import { Visit } from '../../src/proxy/visit.ts';
import { deployment } from '../config/deployment.ts';
import { acme, payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { cookieFor, cookieOf, open, page } from '../support/visit.ts';

const NOW = Date.UTC(2090, 0, 1);
const MINTED = /^__Host-cordon-session=v1\.[\w-]{80}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400$/;
const session = { mode: 'enforce' };

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(page);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const cookiesAtOrigin = () => origin.arrived.map(({ headers }) => headers.get('cookie'));
const answering = (headers: Record<string, string>, status = 200) =>
  origin.answer(() => new Response('x', { status, headers: { 'content-type': 'text/html', ...headers } }));

describe('a page', () => {
  it.each(['enforce', 'shadow'])('brings a session, in mode %s', async (mode) => {
    await putAcme({ session: { mode } });
    const answer = await open();
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(MINTED)]);
    expect(await answer.text()).toContain('Shop');
  });

  it('brings another one to everybody', async () => {
    await putAcme({ session });
    const cookies = [cookieOf(await open()), cookieOf(await open()), cookieOf(await open())];
    expect(new Set(cookies).size).toBe(3);
  });

  it('brings it beside the shop’s own cookies', async () => {
    await putAcme({ session });
    origin.answer(() => {
      const answer = page();
      answer.headers.append('set-cookie', 'a=1; Path=/');
      answer.headers.append('set-cookie', 'b=2; Expires=Thu, 01 Jan 2032 00:00:00 GMT');
      return answer;
    });
    expect((await open()).headers.getSetCookie()).toEqual([
      'a=1; Path=/',
      'b=2; Expires=Thu, 01 Jan 2032 00:00:00 GMT',
      expect.stringMatching(MINTED),
    ]);
  });

  it.each([
    ['on a protected path', '/api/pay', {}],
    ['for a browser that does not say what it does', '/', { 'sec-fetch-mode': '' }],
    ['in XHTML', '/', {}, 'application/xhtml+xml'],
    ['with its charset', '/', {}, 'Text/HTML;charset=utf-8'],
    ['whose session is forged', '/', { cookie: `__Host-cordon-session=v1.${'A'.repeat(80)}` }],
    ['whose session came twice', '/', { cookie: '__Host-cordon-session=a; __Host-cordon-session=b' }],
  ])('brings one %s', async (_, path, headers, type = 'text/html') => {
    await putAcme({ session });
    answering({ 'content-type': type });
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    const answer = await ('sec-fetch-mode' in headers
      ? pay({ path, method: 'GET', body: null, headers: { accept: 'text/html' } })
      : open(path, sent));
    expect(cookieOf(answer)).not.toBeNull();
  });

  it('comes whole, so that there is something to put the cookie on', async () => {
    await putAcme({ session });
    const conditional = { 'if-none-match': '"v1"', 'if-modified-since': 'Thu, 01 Jan 2032 00:00:00 GMT' };
    const kept = (at: number) => Object.keys(conditional).filter((name) => origin.arrived[at]?.headers.has(name));
    const cookie = cookieOf(await open('/', conditional)) ?? '';
    await open('/', { ...conditional, cookie });
    await pay({ path: '/a.js', method: 'GET', body: null, headers: { ...conditional, 'sec-fetch-mode': 'no-cors' } });
    expect([kept(0), kept(1), kept(2)]).toEqual([[], Object.keys(conditional), Object.keys(conditional)]);
  });
});

describe('nothing is minted', () => {
  it.each([
    ['where no session is configured', undefined],
    ['where it is off', { mode: 'off' }],
  ])('%s, and cookies go on as they came', async (_, off) => {
    await putAcme(off === undefined ? {} : { session: off });
    const cookie = 'a=1; __Host-cordon-session=x';
    expect((await open('/', { cookie })).headers.getSetCookie()).toEqual([]);
    expect(cookiesAtOrigin()).toEqual([cookie]);
  });

  it('for a merchant that is off: it is left untouched', async () => {
    await putAcme({ session, mode: 'off' });
    const cookie = 'a=1; __Host-cordon-session=x';
    const answer = await open('/', { cookie });
    expect([answer.headers.getSetCookie(), cookiesAtOrigin()]).toEqual([[], [cookie]]);
  });

  it.each([
    ['an image', { 'sec-fetch-mode': 'no-cors', accept: 'image/*' }],
    ['a script', { 'sec-fetch-mode': 'no-cors', accept: '*/*' }],
    ['a page that a script fetches', { 'sec-fetch-mode': 'cors', accept: 'text/html' }],
    ['whatever a program takes', { accept: '*/*' }],
  ])('for %s', async (_, headers) => {
    await putAcme({ session });
    const answer = await pay({ path: '/', method: 'GET', body: null, headers });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each(['POST', 'PUT', 'HEAD', 'OPTIONS'])('on %s', async (method) => {
    await putAcme({ session });
    const answer = await open('/cart', {}, { method });
    expect([answer.status, cookieOf(answer)]).toEqual([200, null]);
  });

  it.each([
    ['JSON', 200, 'application/json'],
    ['a picture', 200, 'image/png'],
    ['a type that only begins alike', 200, 'text/html-sandboxed'],
    ['no type', 200, ''],
    ['a redirect', 302, 'text/html'],
    ['nothing new', 304, 'text/html'],
    ['a page that is not there', 404, 'text/html'],
    ['an error', 500, 'text/html'],
  ])('with %s, and the answer stays as it is', async (_, status, type) => {
    await putAcme({ session });
    const control = { 'cache-control': 'public, max-age=60', 'cdn-cache-control': 'max-age=600' };
    origin.answer(
      () =>
        new Response(status === 304 ? null : new Uint8Array(1), {
          status,
          headers: { 'content-type': type, ...control },
        }),
    );
    const answer = await open();
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([status, []]);
    expect(answer.headers.get('cache-control')).toBe(control['cache-control']);
    expect(answer.headers.get('cdn-cache-control')).toBe(control['cdn-cache-control']);
  });

  it('with the answer to a payment', async () => {
    await putAcme({ session: { mode: 'shadow' } });
    answering({});
    expect(
      (await pay({ headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } })).headers.getSetCookie(),
    ).toEqual([]);
  });

  it('by Cordon’s own answers', async () => {
    await putAcme({ session });
    origin.answer(() => Promise.reject(new TypeError('away')));
    const answer = await open();
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([502, []]);
  });
});

describe('an answer with a new session is for its browser alone', () => {
  it.each([
    ['', 'private'],
    ['public, max-age=60', 'private, max-age=60'],
    ['max-age=60, s-maxage=600, proxy-revalidate', 'private, max-age=60'],
    ['Public , S-MaxAge = 600, must-revalidate', 'private, must-revalidate'],
    ['private', 'private'],
    ['no-store', 'private, no-store'],
    ['private="x-a, x-b", max-age=1', 'private, max-age=1'],
    [
      'no-cache="set-cookie, public", stale-while-revalidate=5',
      'private, no-cache="set-cookie, public", stale-while-revalidate=5',
    ],
  ])('Cache-Control: %s', async (before, after) => {
    await putAcme({ session });
    answering({ 'cache-control': before, 'cdn-cache-control': 'max-age=600', 'surrogate-control': 'max-age=600' });
    const { headers } = await open();
    expect(headers.get('cache-control')).toBe(after);
    expect([headers.has('cdn-cache-control'), headers.has('surrogate-control')]).toEqual([false, false]);
  });

  it('and every other is as the shop wants it', async () => {
    await putAcme({ session });
    answering({ 'cache-control': 'public, s-maxage=600' });
    const cookie = cookieOf(await open()) ?? '';
    const { headers } = await open('/', { cookie });
    expect([headers.get('cache-control'), headers.getSetCookie()]).toEqual(['public, s-maxage=600', []]);
  });
});

describe('a session that is used', () => {
  const life = { mode: 'enforce', max_age_seconds: 3600 };

  it('is renewed once half its life is over, as the same with the same birth', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    await putAcme({ session: life });
    const first = cookieOf(await open()) ?? '';
    vi.setSystemTime(NOW + 1_800_000);
    expect(cookieOf(await open('/', { cookie: first }))).toBeNull();
    vi.setSystemTime(NOW + 1_800_001);
    const second = cookieOf(await open('/', { cookie: first }));
    expect(partsOf(second)).toEqual({ ...partsOf(first), issuedAt: NOW + 1_800_001 });
    expect(partsOf(first)).toMatchObject({ bornAt: NOW, issuedAt: NOW });
    vi.setSystemTime(NOW + 4_500_000);
    expect((await pay({ headers: { cookie: first } })).status).toBe(403);
    expect((await pay({ headers: { cookie: second ?? '' } })).status).toBe(200);
  });

  it('is another one after its life', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    await putAcme({ session: life });
    const first = cookieOf(await open()) ?? '';
    vi.setSystemTime(NOW + 3_600_000);
    const second = cookieOf(await open('/', { cookie: first }));
    expect(partsOf(second)).toMatchObject({ bornAt: NOW + 3_600_000, issuedAt: NOW + 3_600_000 });
    expect(partsOf(second).id).not.toBe(partsOf(first).id);
  });
});

function partsOf(cookie: string | null) {
  const bytes = Uint8Array.fromBase64((cookie ?? '').split('=v1.')[1] ?? '', { alphabet: 'base64url' });
  const time = (at: number) => Number.parseInt(bytes.subarray(at, at + 6).toHex(), 16);
  return { id: bytes.subarray(0, 16).toHex(), bornAt: time(16), issuedAt: time(22) };
}

describe('who pays is known by the visit', () => {
  const identityOf = async (cookie: string, change: Record<string, unknown> = {}): Promise<string | null> => {
    const here = await deployment();
    const valid = validateMerchant({ ...acme, session, ...change }, 'acme', here);
    if (!valid.ok) throw new Error('faulty');
    const policy = await compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here);
    const [route] = policy.routes;
    if (route === undefined) throw new Error('no route');
    const request = new Request('https://shop.acme.example/api/pay', { headers: { cookie } });
    const visit = new Visit(request, new URL(request.url));
    const guarding = { visit, route, now: NOW, inForce: { policy, json: '' } } as unknown as Guarding;
    return (await readVisitor(guarding)).session;
  };
  const id = new Uint8Array(16);

  it('by a digest that outlives renewals of the cookie and rotations of the card key', async () => {
    const cookie = await cookieFor('acme', { id, bornAt: NOW - 9_000 });
    const identity = await identityOf(cookie);
    expect(identity).toMatch(/^se_[\w-]{22}$/);
    expect(await identityOf(await cookieFor('acme', { id, bornAt: NOW - 9_000, issuedAt: NOW }))).toBe(identity);
    expect(await identityOf(cookie, { key_version: 2 })).toBe(identity);
    expect(await identityOf(await cookieFor('acme', { bornAt: NOW - 9_000 }))).not.toBe(identity);
  });

  it.each<readonly [string, () => Promise<string>, boolean]>([
    ['young: it is somebody’s all the same', () => cookieFor('acme', { bornAt: NOW }), true],
    ['over', () => cookieFor('acme', { bornAt: NOW - 86_400_000 }), false],
    ['another merchant’s', () => cookieFor('rival', { bornAt: NOW - 9_000 }), false],
    ['not there', async () => 'a=1', false],
  ])('that is %s', async (_, cookie, isKnown) => {
    expect((await identityOf(await cookie())) !== null).toBe(isKnown);
  });

  it('nowhere that sessions are off', async () => {
    const cookie = await cookieFor('acme', { bornAt: NOW - 9_000 });
    expect(await identityOf(cookie, { session: { mode: 'off' } })).toBeNull();
    expect(await identityOf(cookie, { routes: [{ ...payRoute, kind: 'renewal' }] })).toBeNull();
  });
});

describe('the origin', () => {
  it.each([
    ['a page', { path: '/', method: 'GET', body: null }],
    ['an asset', { path: '/a.png', method: 'GET', body: null }],
    ['a form beside the checkout', { path: '/cart' }],
    ['a payment', {}],
  ])('never sees it: %s', async (_, request) => {
    await putAcme({ session });
    const ours = await cookieFor('acme');
    await pay({ ...request, headers: { cookie: `a=1;b="2"; ${ours}; c=%3B` } });
    await pay({ ...request, headers: { cookie: ours } });
    expect(cookiesAtOrigin()).toEqual(['a=1;b="2"; c=%3B', null]);
  });

  it('never sees it in shadow either, when what cannot be read goes on', async () => {
    await putAcme({ session, mode: 'shadow' });
    await pay({ body: 'nonsense', headers: { cookie: `${await cookieFor('acme')}; a=1` } });
    expect([origin.arrived[0]?.body, ...cookiesAtOrigin()]).toEqual(['nonsense', 'a=1']);
  });
});
