/**
 * A shop that pays by `fetch`, with challenge.js in a real Chromium: a dialog runs the challenge, and the call is sent
 * once more.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { CARD, HEAVY, PHONE, payBy, RiskyShop, shoot } from './risky-shop.ts';

let shop: RiskyShop;

before(async () => {
  shop = await RiskyShop.start();
});
after(() => shop?.stop());
afterEach(() => shop.closePages());
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
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'IFRAME');
  assert.equal(await frame.locator(':focus').textContent(), 'One more step');
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

test('a call is sent again whatever it was made of, and left alone where it cannot be', async () => {
  const { page } = await shop.open('');
  const statuses = await page.evaluate(async (card) => {
    const text = JSON.stringify({
      card: { number: card, expiry: '12/30', cvc: '123' },
      email: 'ada@example.com',
      amount: 1999,
      currency: 'EUR',
      billing: { country: 'NL' },
    });
    const headers = { 'content-type': 'application/json' };
    const given = { method: 'POST', headers, body: text };
    const seen: Record<string, number | string> = {};
    const tryIt = async (name: string, input: RequestInfo | URL, init?: RequestInit) => {
      seen[name] = await fetch(input, init).then(
        ({ status }) => status,
        (error: Error) => error.name,
      );
    };
    await tryIt('a text', '/api/pay', given);
    await tryIt('a URL and bytes', new URL('/api/pay', location.href), {
      ...given,
      body: new TextEncoder().encode(text),
    });
    await tryIt('a blob', '/api/pay', { ...given, body: new Blob([text]) });
    await tryIt('a request', new Request('/api/pay', given));
    await tryIt('a request with another body', new Request('/api/pay', { ...given, body: '{}' }), { body: text });
    await tryIt('one that was given up', '/api/pay', { ...given, signal: AbortSignal.abort() });
    await tryIt('a page', '/plain');
    return seen;
  }, CARD);
  assert.deepEqual(statuses, {
    'a text': 200,
    'a URL and bytes': 200,
    'a blob': 200,
    'a request': 200,
    'a request with another body': 200,
    'one that was given up': 'AbortError',
    'a page': 200,
  });
  assert.equal(shop.recorder.payments.length, 5);
});

test('a call that is given up closes the dialog', async () => {
  await shop.reset({ work: HEAVY });
  const { page } = await shop.open('');
  const given = page.evaluate((card) => {
    const body = JSON.stringify({ card: { number: card }, amount: 1999, currency: 'EUR' });
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(3_000);
    return fetch('/api/pay', { method: 'POST', headers, body, signal }).then(({ status }) => status);
  }, CARD);
  await page.getByRole('dialog').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await given, 403);
});

test('a frame that cannot be shown is waited for no longer than twenty seconds', async () => {
  const { page } = await shop.open('');
  await page.clock.install();
  await page.route(/\.cordon\/challenge\/[^/]+$/, (route) => route.abort());
  await payBy(page);
  await page.locator('dialog').waitFor();
  await page.clock.fastForward(21_000);
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.locator('#result').getByText('ev_').waitFor();
});

test('two calls that are challenged at once are asked one after the other', async () => {
  const { page } = await shop.open('');
  const statuses = await page.evaluate(
    async (cards) => {
      const pay = async (number: string) => {
        const card = { number, expiry: '12/30', cvc: '123' };
        const payment = { card, email: 'ada@example.com', amount: 1999, currency: 'EUR', billing: { country: 'NL' } };
        const headers = { 'content-type': 'application/json' };
        return (await fetch('/api/pay', { method: 'POST', headers, body: JSON.stringify(payment) })).status;
      };
      let most = 0;
      const count = () => {
        most = Math.max(most, document.querySelectorAll('dialog').length);
      };
      new MutationObserver(count).observe(document.body, { childList: true });
      const all = await Promise.all(cards.map(pay));
      return [...all, most];
    },
    [CARD, '5555555555554444'],
  );
  assert.deepEqual(statuses, [200, 200, 1]);
});
