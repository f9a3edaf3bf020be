/**
 * A shop that pays by `fetch`, with challenge.js in a real Chromium: a dialog runs the challenge, and the call is sent
 * once more.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { HEAVY, PHONE, payBy, RiskyShop, shoot } from './risky-shop.ts';

let shop: RiskyShop;

before(async () => {
  shop = await RiskyShop.start();
});
after(() => shop?.stop());
beforeEach(() => shop.reset());

test('the payment is challenged in a dialog and goes through, once', async () => {
  const { page, complaints } = await shop.open('');
  const posts: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === 'POST') posts.push(pathname.replace(/challenge\/.*\//, 'challenge/…/'));
  });
  await payBy(page);
  await page.getByText('Your payment went through.').waitFor();
  assert.deepEqual(posts, ['/api/pay', '/.cordon/challenge/…/proof_of_work', '/api/pay']);
  assert.equal(shop.recorder.payments.length, 1);
  assert.match(shop.recorder.payments[0]?.body ?? '', /"number":"4242424242424242"/);
  assert.equal(await page.locator('dialog').count(), 0);
  assert.deepEqual(complaints, []);
});

test('the dialog has a name, holds the focus, and Escape leaves it: the shop hears of the challenge', async () => {
  await shop.reset({ work: HEAVY });
  const { page, complaints } = await shop.open('');
  await payBy(page);
  const dialog = page.getByRole('dialog', { name: 'One more step' });
  await dialog.waitFor();
  const frame = page.frameLocator('dialog iframe');
  await frame.getByRole('button', { name: 'Stop' }).waitFor();
  await shoot(page, 'dialog-light');
  for (let n = 0; n < 6; n++) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => document.activeElement?.tagName ?? '');
    assert.ok(['IFRAME', 'BODY', 'DIALOG'].includes(where), where);
  }
  await frame.getByRole('button', { name: 'Stop' }).focus();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.locator('#result').getByText('ev_').waitFor();
  assert.deepEqual([shop.recorder.payments, complaints], [[], []]);
});

test('the dialog speaks the language of the shop’s page, in the dark, on a phone', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open('', { colorScheme: 'dark', viewport: PHONE });
  await page.evaluate(() => {
    document.documentElement.lang = 'de';
  });
  await payBy(page);
  const frame = page.frameLocator('dialog iframe');
  await frame.getByRole('heading', { name: 'Noch ein Schritt' }).waitFor();
  await frame.getByRole('button', { name: 'Anhalten' }).waitFor();
  await page.waitForTimeout(500);
  await shoot(page, 'dialog-phone-dark-de');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  await frame.getByRole('button', { name: 'Anhalten' }).click();
  await frame.getByRole('button', { name: 'Zurück zum Shop' }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
});

test('no page of another origin is listened to', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open('');
  await payBy(page);
  await page.frameLocator('dialog iframe').getByRole('button', { name: 'Stop' }).waitFor();
  await page.evaluate(() => {
    const forged = { data: { cordon: 'closed' } };
    dispatchEvent(new MessageEvent('message', { ...forged, origin: 'https://elsewhere.example' }));
    dispatchEvent(new MessageEvent('message', { ...forged, origin: location.origin, source: window }));
  });
  await page.waitForTimeout(200);
  assert.equal(await page.locator('dialog').count(), 1);
});
