/**
 * `cordon.fetch` as shops get it, in a page of which only so much is there as it touches: what is sent again after a
 * challenge. The dialog itself is seen in test/browser.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect, it } from 'vitest';

const BUILT = join(import.meta.dirname, '../../src/challenge/built/challenge.json');
const SHOP = 'https://shop.acme.example';
const CHALLENGE = { code: 'challenge_required', challenge: { url: `${SHOP}/.cordon/challenge/x` } };

interface Came {
  readonly pass: string | null;
  readonly body: string;
}

/** A page in which every challenge is passed; the shop challenges what comes without a pass. */
function openPage() {
  const came: Came[] = [];
  const listeners: ((event: object) => void)[] = [];
  const contentWindow = {};
  const element = () => ({
    style: {},
    contentWindow,
    append: () => {},
    remove: () => {},
    close: () => {},
    addEventListener: () => {},
    setAttribute: () => {},
    showModal: () => {
      const data = { cordon: 'pass', pass: 'p' };
      setTimeout(() => listeners.forEach((hear) => void hear({ origin: SHOP, source: contentWindow, data })));
    },
  });
  class SentRequest extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === 'string' ? new URL(input, SHOP) : input, init);
    }
  }
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new SentRequest(input, init);
    const pass = request.headers.get('cordon-pass');
    came.push({ pass, body: await request.text() });
    if (pass !== null) return new Response('paid');
    return new Response(JSON.stringify(CHALLENGE), {
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
    });
  };
  const page: Record<string, unknown> = {
    fetch: answer,
    Request: SentRequest,
    URL,
    AbortController,
    setTimeout,
    clearTimeout,
    location: new URL(`${SHOP}/checkout`),
    document: {
      createElement: element,
      documentElement: { lang: '' },
      body: { append: () => {} },
      currentScript: null,
    },
    addEventListener: (_: string, hear: (event: object) => void) => listeners.push(hear),
  };
  page.window = page;
  runInContext((JSON.parse(readFileSync(BUILT, 'utf8')) as { text: string }).text, createContext(page));
  const { cordon } = page as { cordon: { fetch: (url: string, init: object) => Promise<Response> } };
  return { came, pay: (body: unknown) => cordon.fetch('/api/pay', { method: 'POST', body }) };
}

it('a body is sent again as it was', async () => {
  const { came, pay } = openPage();
  expect((await pay('card')).status).toBe(200);
  expect(came).toEqual([
    { pass: null, body: 'card' },
    { pass: 'p', body: 'card' },
  ]);
});

it('a body that is made for each sending is made anew: what was sealed before the challenge may be over', async () => {
  const { came, pay } = openPage();
  let made = 0;
  expect((await pay(async () => `seal ${++made}`)).status).toBe(200);
  expect(came).toEqual([
    { pass: null, body: 'seal 1' },
    { pass: 'p', body: 'seal 2' },
  ]);
});

it('what cannot be sealed is not sent', async () => {
  const { came, pay } = openPage();
  await expect(pay(() => Promise.reject(new Error('the keys did not come')))).rejects.toThrow('did not come');
  expect(came).toEqual([]);
});
