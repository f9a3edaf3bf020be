/**
 * How the challenge's page looks and what a screen reader finds on it, in each of its states.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { coloursOf, contrastOf, LEAST_CONTRAST, luminanceOf } from './contrast.ts';
import { HEAVY, PHONE, payBy, RiskyShop, type Seen, shoot } from './risky-shop.ts';

/** WCAG 2.2, 1.4.11. */
const LEAST_CONTRAST_OF_SHAPES = 3;
/** WCAG 2.2, 2.5.5. */
const LEAST_TARGET = 44;

let shop: RiskyShop;

before(async () => {
  shop = await RiskyShop.start();
});
after(() => shop?.stop());
afterEach(() => shop.closePages());
beforeEach(() => shop.reset({ work: HEAVY }));

/** The answers of Cordon that a test cannot wait for. */
type Fake = (route: Route) => Promise<void>;
const problem =
  (status: number, retryAfter = 0) =>
  (route: Route) =>
    route.fulfill({ status, json: { status }, headers: { 'retry-after': String(retryAfter) } });

interface State {
  readonly words: RegExp;
  readonly buttons: readonly string[];
  /** What the challenge answers, instead of its tasks. */
  readonly told?: Fake;
  /** Once it is there. */
  readonly then?: (page: Page) => Promise<void>;
}

const STATES: Readonly<Record<string, State>> = {
  working: { words: /Your device is checking this payment/, buttons: ['Stop'] },
  stopped: {
    words: /Stopped\. Nothing has been paid/,
    buttons: ['Try again', 'Back to the shop'],
    then: (page) => page.getByRole('button', { name: 'Stop' }).click(),
  },
  limited: { words: /tried too often/, buttons: ['Back to the shop'], told: problem(429, 600) },
  crowded: { words: /cannot be run at the moment/, buttons: ['Try again', 'Back to the shop'], told: problem(429, 10) },
  unavailable: { words: /cannot be run at the moment/, buttons: ['Try again', 'Back to the shop'], told: problem(503) },
  unreachable: { words: /Check your connection/, buttons: ['Try again', 'Back to the shop'], told: (it) => it.abort() },
  expired: { words: /The time for this check is over/, buttons: ['Back to the shop'], told: problem(410) },
};

async function show({ told, then }: State, options: Parameters<RiskyShop['open']>[1] = {}): Promise<Seen> {
  const seen = await shop.open('plain', options);
  const { page } = seen;
  if (told !== undefined) await page.route(/\.cordon\/challenge\/[^/]+$/, told);
  await payBy(page);
  await page.getByRole('heading', { level: 1, name: 'One more step' }).waitFor();
  await then?.(page);
  return seen;
}

for (const [name, state] of Object.entries(STATES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name}: words, buttons and colours, ${colorScheme}`, async () => {
      const { page } = await show(state, { colorScheme });
      await page.getByRole('status').getByText(state.words).waitFor();
      assert.deepEqual(await page.getByRole('button').allTextContents(), state.buttons);
      await shoot(page, `desk-${name}-${colorScheme}`);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(luminanceOf(ground) < 0.5, colorScheme === 'dark');
      for (const { text, colour, ground: behind } of await coloursOf(page)) {
        const contrast = contrastOf(colour, behind);
        assert.ok(contrast >= LEAST_CONTRAST, `"${text}" has ${contrast.toFixed(2)}: ${colour} on ${behind}`);
      }
      for (const { shape, colour, behind } of await edgesOf(page)) {
        const contrast = contrastOf(colour, behind);
        assert.ok(contrast >= LEAST_CONTRAST_OF_SHAPES, `${shape} has ${contrast.toFixed(2)}`);
      }
    });
  }
}

test('a screen reader finds one heading, one place, a bar with a name, and words that are read out', async () => {
  const { page } = await show(STATES.working as State);
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
  assert.match(await page.title(), /^One more step · localhost/);
  assert.equal(await page.getByRole('heading').count(), 1);
  assert.equal(await page.getByRole('main').count(), 1);
  assert.equal(await page.getByRole('status').getAttribute('aria-live'), 'polite');
  const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
  const misplaced = await page.locator('[tabindex]').evaluateAll((all) => all.length);
  assert.equal(misplaced, 0);
  assert.match((await page.locator('main').textContent()) ?? '', /^localhost:\d+One more step/);
});

test('buttons are large enough for a thumb, and show where the keyboard is', async () => {
  const { page } = await show(STATES.stopped as State, { viewport: PHONE });
  for (const button of await page.getByRole('button').all()) {
    const box = await button.boundingBox();
    assert.ok((box?.height ?? 0) >= LEAST_TARGET && (box?.width ?? 0) >= LEAST_TARGET);
  }
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  assert.equal(outline, 'solid');
  await shoot(page, 'phone-buttons');
});

test('while somebody still looks at an answer, the page asks again', async () => {
  await shop.reset();
  const { page } = await shop.open();
  let asked = 0;
  await page.route(/\/proof_of_work$/, (route) => {
    asked++;
    return asked < 3 ? route.fulfill({ json: { pending: true, retry_after_seconds: 0.2 } }) : route.continue();
  });
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  assert.equal(asked, 3);
});

test('a wrong answer is said, and another is given to a new task', async () => {
  await shop.reset();
  const { page } = await shop.open();
  await page.route(/\/proof_of_work$/, problem(403), { times: 1 });
  await payBy(page);
  await page.getByRole('status').getByText('That did not work. Nothing has been paid.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Your payment went through.').waitFor();
  assert.equal(shop.recorder.payments.length, 1);
});

test('where there is a choice, the others are offered', async () => {
  const { page } = await shop.open('plain', { viewport: PHONE });
  // The demo has no secret of another method: its name stands for it, with the module and task of the one that is there.
  await page.route('**/pay', async (route) => {
    const given = await route.fetch();
    const html = (await given.text()).replace(/(&quot;methods&quot;:\[)({.*?})(\])/, (_, open, one, close) => {
      return `${open}${one},${one.replace('proof_of_work', 'turnstile')}${close}`;
    });
    await route.fulfill({ response: given, body: html });
  });
  await page.route(/\.cordon\/challenge\/[^/]+$/, async (route) => {
    const told = (await (await route.fetch()).json()) as { methods: { task: object }[] };
    await route.fulfill({ json: { ...told, methods: [...told.methods, { ...told.methods[0], name: 'turnstile' }] } });
  });
  await payBy(page);
  const other = page.getByRole('button', { name: /^Another way: / });
  await other.waitFor();
  await page.waitForTimeout(300);
  await shoot(page, 'phone-choice');
  await other.click();
  await page.getByRole('button', { name: 'Another way: Check by this device' }).waitFor();
});

test('a browser without workers does the work on the page, which can still be stopped', async () => {
  await shop.reset();
  const { page } = await shop.open();
  await page.addInitScript(() => Reflect.deleteProperty(window, 'Worker'));
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  await shop.reset({ work: HEAVY });
  await page.goto(`${shop.demo.url}plain`);
  await payBy(page);
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('status').getByText('Stopped. Nothing has been paid.').waitFor();
});

test('who asks for less motion sees none', async () => {
  const { page } = await show(STATES.working as State, { reducedMotion: 'reduce' });
  const bar = page.getByRole('progressbar');
  await bar.evaluate((it) => it.removeAttribute('value'));
  assert.equal(await bar.evaluate((it) => getComputedStyle(it).animationName), 'none');
});

test('a payment that cannot be opened any more, and a challenge that is none, are told on a page', async () => {
  const { page } = await show(STATES.stopped as State);
  await page.locator('[name=cordon_sealed]').evaluate((it) => it.setAttribute('value', 'ey.x'));
  await page.locator('form').evaluate((it) => (it as HTMLFormElement).submit());
  await page.getByRole('heading', { name: 'Please pay again' }).waitFor();
  await shoot(page, 'unopened');
  await page.getByRole('button', { name: 'Back to the shop' }).waitFor();
  await page.goto(`${shop.demo.url}.cordon/challenge/nonsense`);
  await page.getByText('This check cannot be run at the moment.').waitFor();
});

/** Borders and bars, by which a control is known. */
function edgesOf(page: Page): Promise<{ shape: string; colour: string; behind: string }[]> {
  return page.evaluate(() => {
    const behind = getComputedStyle(document.querySelector('main') ?? document.body).backgroundColor;
    const shapes = [...document.querySelectorAll('button, progress')].filter((it) => it.checkVisibility());
    return shapes.map((it) => ({ shape: it.tagName, colour: getComputedStyle(it).borderTopColor, behind }));
  });
}
