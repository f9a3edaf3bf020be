/**
 * The demo checkout in a real Chromium, with the guard in front of it: what a buyer sees when all is well, when the
 * bank says no, and when Cordon does.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Demo, launchBrowser, payWith, startDemo } from './demo.ts';

const DECLINED = '4000 0000 0000 0002';

let demo: Demo;
let browser: Browser;

before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function open(options: { colorScheme?: 'light' | 'dark'; width?: number } = {}): Promise<Page> {
  const { colorScheme = 'light', width = 1200 } = options;
  const context = await browser.newContext({ ignoreHTTPSErrors: true, colorScheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  await page.goto(demo.url);
  return page;
}

test('a good card pays', async () => {
  const page = await open();
  assert.match(await payWith(page, '4242 4242 4242 4242'), /went through/);
});

test('a declined card is declined three times, then refused by Cordon', async () => {
  const page = await open();
  const seen = [];
  for (let n = 0; n < 4; n++) seen.push(await payWith(page, DECLINED));
  for (const declined of seen.slice(0, 3)) assert.match(declined, /declined/i);
  assert.match(seen[3] ?? '', /ev_[0-9a-f]{32}/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing overflows on a phone, ${colorScheme}`, async () => {
    const page = await open({ colorScheme, width: 360 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  });
}

test('the page can be used with the keyboard alone', async () => {
  const page = await open();
  await page.getByLabel('Card number').focus();
  await page.keyboard.type('5555555555554444');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1230');
  await page.keyboard.press('Tab');
  await page.keyboard.type('123');
  await page.keyboard.press('Enter');
  await page.getByText('Your payment went through').waitFor({ timeout: 10_000 });
});
