/**
 * The documentation's page in a real Chromium: by keyboard, light and dark, at a desk and on a phone, under its strict
 * policy.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { coloursOf, contrastOf, LEAST_CONTRAST, luminanceOf } from './contrast.ts';
import { type Demo, launchBrowser, startDemo } from './demo.ts';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const THEMES = ['light', 'dark'] as const;

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

interface Seen {
  readonly page: Page;
  /** What the browser refused or could not load. */
  readonly complaints: readonly string[];
}

async function open(viewport = DESK, colorScheme: (typeof THEMES)[number] = 'light'): Promise<Seen> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  await page.goto(`${demo.url}.cordon/docs`);
  return { page, complaints };
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
const contents = (page: Page) => page.getByRole('navigation', { name: 'Contents' });

test('it opens, styled, and its policy has nothing to refuse', async () => {
  const { page, complaints } = await open();
  assert.match(await page.title(), /^Cordon .*: the API$/);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).display), 'block');
  for (const summary of await page.locator('main details > summary').all()) await summary.click();
  assert.deepEqual(complaints, []);
});

test('the policy is in force: neither a style nor a script of somebody else gets in', async () => {
  const { page, complaints } = await open();
  await page.evaluate(() => {
    const [style, script] = [document.createElement('style'), document.createElement('script')];
    style.textContent = 'body { display: none }';
    script.textContent = 'document.title = "taken"';
    document.head.append(style, script);
  });
  assert.notEqual(await page.title(), 'taken');
  assert.equal(await page.locator('h1').isVisible(), true);
  assert.equal(complaints.length, 2);
});

test('by keyboard: past the contents, or through them', async () => {
  const { page } = await open();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'To the content');
  assert.equal(await page.getByText('To the content').isVisible(), true);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('main') !== null), true);
  const link = contents(page).getByRole('link', { name: 'Create a key' });
  await link.focus();
  const outline = await link.evaluate((it) => getComputedStyle(it).outlineStyle);
  await page.keyboard.press('Enter');
  assert.deepEqual([outline, new URL(page.url()).hash], ['solid', '#createKey']);
  assert.equal(await isInView(page, '#createKey-name'), true);
});

test('by keyboard: what is wider than its box can be scrolled', async () => {
  const { page } = await open(PHONE);
  const code = page.locator('#createEvaluation pre').first();
  await code.focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => (document.activeElement?.scrollLeft ?? 0) > 0);
});

for (const theme of THEMES) {
  test(`every text stands out from its ground, ${theme}`, async () => {
    const { page } = await open(DESK, theme);
    const isDark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(luminanceOf(isDark) < 0.5, theme === 'dark');
    for (const { text, colour, ground } of await coloursOf(page)) {
      const contrast = contrastOf(colour, ground);
      assert.ok(contrast >= LEAST_CONTRAST, `"${text}" has ${contrast.toFixed(2)}: ${colour} on ${ground}`);
    }
  });

  test(`on a phone nothing is cut off, ${theme}`, async () => {
    const { page, complaints } = await open(PHONE, theme);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    const cut = await page
      .locator('.table')
      .evaluateAll((all) => all.filter((it) => it.scrollWidth > it.clientWidth).length);
    assert.deepEqual([cut, complaints], [0, []]);
  });
}

test('on a phone the contents are closed, the first words in view, and a key opens them', async () => {
  const { page } = await open(PHONE);
  const link = contents(page).getByRole('link', { name: 'Create a key' });
  assert.equal(await link.isVisible(), false);
  assert.equal(await isInView(page, '#start-name'), true);
  await page.locator('nav summary').focus();
  await page.keyboard.press('Enter');
  assert.equal(await link.isVisible(), true);
  await link.click();
  assert.equal(await isInView(page, '#createKey-name'), true);
});

test('on a phone a table is still a table to a screen reader', async () => {
  const { page } = await open(PHONE);
  const problems = page.getByRole('region', { name: 'Problems' });
  assert.equal(await problems.getByRole('columnheader').count(), 3);
  const row = problems.getByRole('row').filter({ hasText: 'attempt_in_flight' });
  assert.equal(await row.getByRole('cell').count(), 3);
});

test('at a desk the contents stand open beside the page, and stay', async () => {
  const { page } = await open();
  assert.equal(await contents(page).getByRole('link', { name: 'Create a key' }).isVisible(), true);
  assert.equal(await page.locator('nav summary').isVisible(), false);
  await page.locator('#schemas').scrollIntoViewIfNeeded();
  assert.equal(await isInView(page, 'nav a'), true);
});

function isInView(page: Page, selector: string): Promise<boolean> {
  return page
    .locator(selector)
    .first()
    .evaluate((it) => {
      const { top, bottom } = it.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
}
