/**
 * A risky guest in a real Chromium: his form is answered by the challenge's page, which does the work and sends the
 * payment again, without the shop's doing anything.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { configure, feed } from './cordon.ts';
import { type Demo, launchBrowser, startDemo } from './demo.ts';
import { type Recorder, recordInFrontOf } from './recorder.ts';

const CARD = '4242424242424242';

let demo: Demo;
let browser: Browser;
let recorder: Recorder;

before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  recorder = await recordInFrontOf(demo.shop);
  await feed(demo, 'loopback', '127.0.0.1,90\n::1,90\n');
});
after(async () => {
  await browser?.close();
  await recorder?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  recorder.reset();
  await risky();
});

function risky(change: object = {}): Promise<void> {
  return configure(demo, {
    origin: { pool: [{ url: recorder.url }] },
    reputation: { feeds: ['loopback'], step_up_above: 70 },
    step_up: { methods: ['proof_of_work'], proof_of_work: { least: 20, most: 60 }, max_unanswered: 1_000 },
    ...change,
  });
}

interface Seen {
  readonly page: Page;
  /** What the browser refused, or a script complained of. */
  readonly complaints: string[];
}

async function open(path = 'plain', options: BrowserContextOptions = {}): Promise<Seen> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1200, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  page.on('console', (message) => {
    // What Chromium says of every answer of 400 and above.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(demo.url + path);
  return { page, complaints };
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Card number').fill(CARD);
  await page.getByLabel('Expires').fill('12/30');
  await page.getByLabel('CVC').fill('123');
}

test('the form is challenged, the work is done, and the payment goes through as it was', async () => {
  const { page, complaints } = await open();
  await fillIn(page);
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(complaints, []);
  const body = new URLSearchParams({
    email: 'ada@example.com',
    number: CARD,
    expiry: '12/30',
    cvc: '123',
    amount: '1999',
    currency: 'EUR',
    country: 'NL',
  });
  assert.deepEqual(recorder.payments, [
    { path: '/pay', type: 'application/x-www-form-urlencoded', body: body.toString() },
  ]);
  // The payment, the answer to the challenge, and the payment again: one round trip more, besides the challenge.
  assert.deepEqual(
    posts.map((path) => path.replace(/challenge\/.*\//, 'challenge/…/')),
    ['/pay', '/.cordon/challenge/…/proof_of_work', '/pay'],
  );
});

test('who is below the threshold sees nothing of it', async () => {
  await risky({ reputation: { feeds: ['loopback'], step_up_above: 95 } });
  const { page } = await open();
  await fillIn(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/.cordon')),
    [],
  );
  assert.equal(recorder.payments.length, 1);
});
