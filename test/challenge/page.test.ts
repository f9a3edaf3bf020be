/**
 * The page that a challenged payer sees: who gets it, what it holds and loads, and that nothing of the payment is in it.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BROWSER, FORM, FORM_SHOP, formOf, navigate } from '../support/browsers.ts';
import { type Asked, call, HOSTING } from '../support/challenges.ts';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let card = '';
let tests = 0;

beforeEach(async () => {
  card = cards(100)[++tests] ?? '';
  origin = new StandInOrigin();
  await putAcme(FORM_SHOP);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = (change: Try = {}) => navigate({ card, ip: `198.51.101.${tests}`, ...change });

it('comes instead of the shop’s answer, kept by nobody', async () => {
  const shown = await ask();
  expect(shown.status).toBe(403);
  expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(shown.headers.get('cache-control')).toBe('no-store');
  expect(await shown.text()).toMatch(/^<!doctype html><html lang="en">/);
  expect(origin.arrived).toHaveLength(0);
});

describe('is for browsers that show what they get', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['an older one, by what it accepts', { 'sec-fetch-mode': '', accept: BROWSER.accept }, true],
    ['fetch', { 'sec-fetch-mode': 'cors' }, false],
    ['a client that says nothing', { 'sec-fetch-mode': '', accept: '*/*' }, false],
    ['one that would rather have JSON', { 'sec-fetch-mode': '', accept: 'application/json, text/html;q=0.5' }, false],
  ])('%s', async (_, headers, isShown) => {
    const given = Object.fromEntries(Object.entries({ ...BROWSER, ...headers }).filter(([, value]) => value !== ''));
    const body = formOf(card);
    const shown = await pay({ cf: HOSTING, ip: '198.51.102.1', body, headers: { 'content-type': FORM, ...given } });
    expect(shown.headers.get('content-type')).toBe(isShown ? 'text/html; charset=utf-8' : 'application/problem+json');
  });
});

it('shows itself at the challenge’s own address too', async () => {
  const { challenge } = (await (await ask({ headers: { 'sec-fetch-mode': 'cors' } })).json()) as Asked;
  const shown = await call(challenge.url, { headers: BROWSER });
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

it('loads its own files alone, by names that change with what is in them', async () => {
  const shown = await ask();
  expect(shown.headers.get('content-security-policy')).toBe(
    "default-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action https:; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src data:",
  );
  const html = await shown.text();
  const files = [...html.matchAll(/\/\.cordon\/page\/[a-z-]+\.[0-9a-f]{16}\.(?:js|css)/g)].map(([path]) => path);
  expect(new Set(files).size).toBe(3);
  for (const path of files) {
    const file = await call(`https://shop.acme.example${path}`);
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  }
});

it('holds nothing of the card', async () => {
  const html = await (await ask()).text();
  expect(html).toContain('name="cordon_sealed"');
  for (const secret of [card, '737', btoa(card).slice(0, 12)]) expect(html).not.toContain(secret);
});

it('says on a page what is wrong with a challenge, to a browser', async () => {
  const { challenge } = (await (await ask({ headers: { 'sec-fetch-mode': 'cors' } })).json()) as Asked;
  const at = async (url: string, headers: Record<string, string> = BROWSER) => {
    const told = await call(url, { headers });
    return [told.status, told.headers.get('content-type'), (await told.text()).includes('<button')];
  };
  expect(await at(`${challenge.url}x`)).toEqual([404, 'text/html; charset=utf-8', true]);
  expect(await at(`${challenge.url}x`, {})).toEqual([404, 'application/problem+json', false]);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(challenge.expires_at) });
  expect(await at(challenge.url)).toEqual([410, 'text/html; charset=utf-8', true]);
});

describe.each(['challenge.js', 'seal.js'])('the script for shops %s', (name) => {
  const URL = `https://shop.acme.example/.cordon/${name}`;

  it('stands under one name, on every host, is small, and is asked for again after a while', async () => {
    const script = await call(URL);
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=300, stale-while-revalidate=86400');
    expect((await script.text()).length).toBeLessThan(4_000);
    const etag = script.headers.get('etag') ?? '';
    expect((await call(URL, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await call(`https://shop.elsewhere.example/.cordon/${name}`)).status).toBe(200);
  });

  it('is read, not written', async () => {
    expect((await call(URL, { method: 'POST', body: '' })).status).toBe(405);
  });
});

it('serves no file that is not there, and of another release the one that is', async () => {
  const at = (path: string) => call(`https://shop.acme.example/.cordon/page/${path}`);
  for (const path of ['', 'page.js', 'toString.0.js', 'nothing.0123456789abcdef.js']) {
    expect((await at(path)).status).toBe(404);
  }
  const other = await at('page.0123456789abcdef.js');
  expect([other.status, other.headers.get('cache-control')]).toEqual([200, 'no-store']);
});

it('shows a shop’s host and what the page was sent to as text, whatever they hold', async () => {
  const path = '/api/pay?a=%22%3E%3Cscript%3E&b="><img>';
  const html = await (await ask({ path })).text();
  expect(html).not.toMatch(/<img|"><script>/);
});
