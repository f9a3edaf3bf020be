/**
 * A risky guest in a real Chromium: his form is answered by the challenge's page, which does the work and sends the
 * payment again, without the shop's doing anything.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { CARD, fillIn, HEAVY, PHONE, payBy, RiskyShop, shoot } from './risky-shop.ts';

let shop: RiskyShop;

before(async () => {
  shop = await RiskyShop.start();
});
after(() => shop?.stop());
afterEach(() => shop.closePages());
beforeEach(() => shop.reset());

/** `/pay`, and what is asked of Cordon, as they follow. */
function watchPosts(page: Page): readonly string[] {
  const posts: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === 'POST') posts.push(pathname.replace(/challenge\/.*\//, 'challenge/…/'));
  });
  return posts;
}

const form = new URLSearchParams({
  email: 'ada@example.com',
  number: CARD,
  expiry: '12/30',
  cvc: '123',
  amount: '1999',
  currency: 'EUR',
  country: 'NL',
});
const PAYMENT = { path: '/pay', type: 'application/x-www-form-urlencoded', body: form.toString() };

test('the form is challenged, the work is done, and the payment goes through as it was', async () => {
  const { page, complaints } = await shop.open();
  const posts = watchPosts(page);
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(complaints, []);
  assert.deepEqual(shop.recorder.payments, [PAYMENT]);
  // One round trip more than the challenge itself takes.
  assert.deepEqual(posts, ['/pay', '/.cordon/challenge/…/proof_of_work', '/pay']);
});

test('who is below the threshold sees nothing of it', async () => {
  await shop.reset({ reputation: { feeds: ['loopback'], step_up_above: 95 } });
  const { page } = await shop.open();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/.cordon')),
    [],
  );
  assert.deepEqual(shop.recorder.payments, [PAYMENT]);
});

test('neither the page nor anything that the browser keeps holds the card', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open();
  await payBy(page);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  const html = await page.content();
  assert.match(html, /name="cordon_sealed" value="ey/);
  for (const secret of [CARD, '4242 4242', btoa(CARD).slice(0, 16)]) assert.equal(html.includes(secret), false);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.equal(kept, '[{},{},""]');
});

test('it can be stopped and taken up again by keyboard alone', async () => {
  await shop.reset({ work: HEAVY });
  const { page, complaints } = await shop.open();
  await fillIn(page);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Stop');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Stopped. Nothing has been paid.').waitFor();
  assert.equal(await focused(page), 'Try again');
  await shop.reset();
  await page.keyboard.press('Enter');
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual([complaints, shop.recorder.payments], [[], [PAYMENT]]);
});

test('whoever goes back is in the shop again, with what he had filled in', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open();
  await payBy(page);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Back to the shop' }).click();
  await page.getByRole('button', { name: /^Pay/ }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/plain');
  assert.deepEqual(shop.recorder.payments, []);
});

test('a reload of the page is a payment anew: challenged again, and paid once', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open();
  await payBy(page);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await shop.reset();
  await page.reload();
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(shop.recorder.payments, [PAYMENT]);
});

test('whoever goes back after he has paid does not pay again', async () => {
  const { page } = await shop.open();
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  await page.goBack();
  await page.getByRole('button', { name: /^Pay/ }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/plain');
  // The shop's own answer: to see it again the browser asks whether to send the payment again.
  await page.goForward().catch(() => null);
  assert.deepEqual(shop.recorder.payments, [PAYMENT]);
});

test('whoever has the browser send a payment again that went through is asked whether he means it', async () => {
  const { page } = await shop.open();
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  await page.reload();
  await page.getByRole('status').getByText('This payment has been sent.').waitFor();
  await shoot(page, 'sent-before');
  assert.deepEqual(shop.recorder.payments, [PAYMENT]);
  await page.getByRole('button', { name: 'Pay again' }).click();
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(shop.recorder.payments, [PAYMENT, PAYMENT]);
});

test('the shop may answer the payment by sending its payer to another host, as to a bank', async () => {
  const { page, complaints } = await shop.open();
  const bank = `${shop.demo.url.replace('localhost', '127.0.0.1')}plain?bank`;
  shop.recorder.redirectTo(bank);
  await payBy(page);
  await page.waitForURL(bank);
  assert.deepEqual([complaints, shop.recorder.payments], [[], [PAYMENT]]);
});

test('a challenge whose time is over says so, and leads back', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open();
  await page.clock.install();
  await payBy(page);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.clock.fastForward(901_000);
  await page.getByRole('status').getByText('The time for this check is over.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Try again' }).isVisible(), false);
  await page.getByRole('button', { name: 'Back to the shop' }).click();
  await page.getByRole('button', { name: /^Pay/ }).waitFor();
});

test('without JavaScript it says what is needed', async () => {
  const { page } = await shop.open('plain', { javaScriptEnabled: false });
  await payBy(page);
  // By its class: a search for text passes over what stands in a noscript.
  const note = page.locator('noscript .note');
  await note.waitFor();
  assert.match((await note.textContent()) ?? '', /This check needs JavaScript/);
  await shoot(page, 'no-script');
});

for (const [locale, words] of [
  ['de-DE', { title: 'Noch ein Schritt', button: 'Anhalten', language: 'de' }],
  ['nl-NL', { title: 'Nog één stap', button: 'Stoppen', language: 'nl' }],
  ['fr-FR', { title: 'One more step', button: 'Stop', language: 'en' }],
] as const) {
  test(`it speaks to a browser of ${locale}`, async () => {
    await shop.reset({ work: HEAVY });
    const { page } = await shop.open('plain', { locale });
    await payBy(page);
    await page.getByRole('heading', { name: words.title }).waitFor();
    await page.getByRole('button', { name: words.button }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), words.language);
    await shoot(page, `page-${words.language}`);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`on a phone nothing is cut off, ${colorScheme}`, async () => {
    await shop.reset({ work: HEAVY });
    const { page, complaints } = await shop.open('plain', { colorScheme, viewport: PHONE });
    await payBy(page);
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.waitForTimeout(700);
    await shoot(page, `phone-${colorScheme}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    await page.getByRole('button', { name: 'Stop' }).click();
    await shoot(page, `phone-stopped-${colorScheme}`);
    assert.deepEqual(complaints, []);
  });
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}
