/**
 * The demo checkout with sessions enforced: a real browser brings its cookie by itself, and who comes without is refused.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parseEnv } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Demo, launchBrowser, payWith, startDemo } from './demo.ts';

const COOKIE = '__Host-cordon-session';
const GOOD = '4242 4242 4242 4242';
const MIN_AGE_MS = 2_000;

let demo: Demo;
let browser: Browser;

before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  await enforceSessions();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function enforceSessions(): Promise<void> {
  const { request } = await newVisitor();
  const key = parseEnv(readFileSync('.dev.vars', 'utf8')).CORDON_ADMIN_KEY;
  const options = { headers: { authorization: `Bearer ${key}` } };
  const merchant = `${demo.url}.cordon/v1/merchants/demo`;
  const config = (await (await request.get(merchant, options)).json()) as object;
  // With a method of step-up the page would answer the challenge by itself: here it is the refusal that is looked at.
  const changed = { ...config, session: { mode: 'enforce' }, step_up: { methods: [] } };
  const put = await request.put(merchant, { ...options, data: changed });
  assert.equal(put.status(), 200, await put.text());
}

function newVisitor(): Promise<BrowserContext> {
  return browser.newContext({ ignoreHTTPSErrors: true });
}

async function open(visitor: BrowserContext): Promise<Page> {
  const page = await visitor.newPage();
  await page.goto(demo.url);
  return page;
}

async function lookAround(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, MIN_AGE_MS));
}

async function cookiesOf(visitor: BrowserContext) {
  return (await visitor.cookies()).filter(({ name }) => name === COOKIE);
}

test('a visitor gets one cookie that no script can read, and pays with it', async () => {
  const visitor = await newVisitor();
  const page = await open(visitor);
  const [cookie, ...more] = await cookiesOf(visitor);
  assert.deepEqual(more, []);
  assert.deepEqual([cookie?.path, cookie?.secure, cookie?.httpOnly, cookie?.sameSite], ['/', true, true, 'Lax']);
  assert.equal(await page.evaluate(() => document.cookie.includes('cordon')), false);
  await lookAround();
  assert.match(await payWith(page, GOOD), /went through/);
  await page.reload();
  assert.deepEqual(await cookiesOf(visitor), [cookie]);
  assert.match(await payWith(page, GOOD), /went through/);
});

test('a payment that comes with the first page is refused', async () => {
  const page = await open(await newVisitor());
  assert.match(await payWith(page, GOOD), /ev_[0-9a-f]{32}/);
});

test('without the cookie the same page is refused, and opening it again helps', async () => {
  const visitor = await newVisitor();
  const page = await open(visitor);
  await lookAround();
  await visitor.clearCookies();
  assert.match(await payWith(page, GOOD), /ev_[0-9a-f]{32}/);
  await page.reload();
  await lookAround();
  assert.match(await payWith(page, GOOD), /went through/);
});

test('a script that never opened the shop is refused', async () => {
  const { request } = await newVisitor();
  const answer = await request.post(`${demo.url}api/pay`, { data: { card: { number: '4242424242424242' } } });
  assert.equal(answer.status(), 403);
});
