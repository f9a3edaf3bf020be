/**
 * Turnstile and identity on the challenge's page in a real Chromium, with local stand-ins of Cloudflare's and Stripe's
 * documented interfaces: honest, away, and lying.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { lendSecrets } from './dev-secrets.ts';
import { PHONE, payBy, RiskyShop, shoot } from './risky-shop.ts';
import { StripeStandIn } from './stripe-stand-in.ts';
import { TurnstileStandIn } from './turnstile-stand-in.ts';

const SECRETS = {
  CORDON_TURNSTILE_BROWSER: '0x4AAAAAAA_of_the_browser_tests',
  CORDON_IDENTITY_BROWSER: 'rk_test_of_the_browser_tests',
  CORDON_WEBHOOK_BROWSER: 'whsec_of_the_browser_tests',
};
const PAID = 'Your payment went through.';
const cloudflare = new TurnstileStandIn(SECRETS.CORDON_TURNSTILE_BROWSER);
const stripe = new StripeStandIn(SECRETS.CORDON_WEBHOOK_BROWSER);
let shop: RiskyShop;
let takeBack = () => {};
let turnstile: object;
let identity: object;

before(async () => {
  takeBack = lendSecrets(SECRETS);
  const site_key = '0x4AAAAAAA-site';
  turnstile = { site_key, secret_name: 'CORDON_TURNSTILE_BROWSER', api_url: await cloudflare.listen() };
  identity = {
    secret_name: 'CORDON_IDENTITY_BROWSER',
    webhook_secret_name: 'CORDON_WEBHOOK_BROWSER',
    api_url: await stripe.listen(),
    daily_budget: 1_000,
  };
  shop = await RiskyShop.start();
  stripe.webhookUrl = `${shop.demo.url}.cordon/v1/webhooks/demo/stripe`;
});
after(async () => {
  await shop?.stop();
  cloudflare.close();
  stripe.close();
  takeBack();
});
afterEach(() => shop.closePages());
beforeEach(() => {
  cloudflare.reset();
  stripe.reset();
});

const challengedBy = (methods: readonly string[], change: object = {}) =>
  shop.reset({ step_up: { methods, turnstile, identity, max_unanswered: 1_000, ...change } });
const pressHuman = (page: Page) => page.getByRole('button', { name: 'I am human' }).click();

test('turnstile: the widget is rendered, its token is verified, and the payment goes through', async () => {
  await challengedBy(['turnstile']);
  const { page, complaints } = await shop.open();
  await payBy(page);
  await page.getByText('Please answer the question above.').waitFor();
  await shoot(page, 'turnstile-light');
  await pressHuman(page);
  await page.getByText(PAID).waitFor();
  assert.deepEqual(complaints, []);
  assert.equal(shop.recorder.payments.length, 1);
  assert.equal(cloudflare.asked.length, 1);
  assert.match(cloudflare.asked[0]?.idempotency_key ?? '', /^[0-9a-f-]{36}$/);
  assert.ok(['127.0.0.1', '::1'].includes(cloudflare.asked[0]?.remoteip ?? ''));
});

test('turnstile: a lying siteverify passes nobody, and the payer may try again', async () => {
  await challengedBy(['turnstile']);
  const { page } = await shop.open();
  await payBy(page);
  cloudflare.lie = { hostname: 'shop.elsewhere.example' };
  await pressHuman(page);
  await page.getByText('That did not work.').waitFor();
  assert.deepEqual(shop.recorder.payments, []);
  cloudflare.lie = {};
  await page.getByRole('button', { name: 'Try again' }).click();
  await pressHuman(page);
  await page.getByText(PAID).waitFor();
});

test('turnstile: where Cloudflare is away, another way is there', async () => {
  await challengedBy(['turnstile', 'proof_of_work'], { proof_of_work: { least: 20, most: 60 } });
  cloudflare.isAway = true;
  const { page } = await shop.open();
  await payBy(page);
  await page.getByText('That did not work.').waitFor();
  await page.getByRole('button', { name: 'Another way: Check by this device' }).click();
  await page.getByText(PAID).waitFor();
});

test('turnstile: in the shop’s dialog, on a phone, in German', async () => {
  await challengedBy(['turnstile']);
  const { page, complaints } = await shop.open('', { viewport: PHONE, locale: 'de-DE', colorScheme: 'dark' });
  await page.evaluate(() => {
    document.documentElement.lang = 'de';
  });
  await payBy(page);
  const frame = page.frameLocator('dialog iframe');
  await frame.getByText('Bitte beantworten Sie die Frage oben.').waitFor();
  await shoot(page, 'turnstile-phone-dark-de');
  await frame.getByRole('button', { name: 'I am human' }).click();
  await page.getByText(PAID).waitFor();
  assert.deepEqual(complaints, []);
});

/** Presses, and the window that opens. */
async function beginIdentity(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Show ID and face' }).click();
  const window = await opened;
  await window.getByRole('heading', { name: 'Show your ID' }).waitFor();
  return window;
}

test('identity: Stripe’s page in a window of its own, its signed word, and the payment goes through', async () => {
  await challengedBy(['identity']);
  const { page, complaints } = await shop.open();
  await payBy(page);
  await page.getByRole('button', { name: 'Show ID and face' }).waitFor();
  await shoot(page, 'identity-light');
  assert.equal(stripe.sessions.length, 0);
  const window = await beginIdentity(page);
  assert.equal(await window.evaluate(() => window.opener), null);
  await window.getByRole('link', { name: 'Submit' }).click();
  await window.getByText('You can close this window.').waitFor();
  await shoot(window, 'identity-done');
  await page.getByText(/Go on in the other window|Waiting for the result/).waitFor();
  assert.deepEqual(shop.recorder.payments, []);
  assert.equal(await stripe.tell('processing'), 200);
  assert.equal(await stripe.tell('verified'), 200);
  await page.getByText(PAID).waitFor();
  assert.equal(window.isClosed(), true);
  assert.deepEqual(complaints, []);
  assert.equal(shop.recorder.payments.length, 1);
});

test('identity: coming back from Stripe’s page passes nobody; what failed is begun again', async () => {
  await challengedBy(['identity']);
  const { page } = await shop.open();
  await payBy(page);
  const window = await beginIdentity(page);
  await window.getByRole('link', { name: 'Submit' }).click();
  await stripe.tell('requires_input', { last_error: { code: 'selfie_face_mismatch', reason: 'no match' } });
  await page.getByText('That did not work.').waitFor();
  assert.deepEqual(shop.recorder.payments, []);
  await page.getByRole('button', { name: 'Try again' }).click();
  await beginIdentity(page);
  assert.equal(stripe.sessions.length, 1);
  await stripe.tell('verified');
  await page.getByText(PAID).waitFor();
});

test('identity: where Stripe is away, no window is left open, and nothing is paid', async () => {
  await challengedBy(['identity']);
  stripe.isAway = true;
  const { page } = await shop.open();
  await payBy(page);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Show ID and face' }).click();
  const window = await opened;
  await page.getByText('This check cannot be run at the moment.').waitFor();
  assert.equal(window.isClosed(), true);
  assert.deepEqual(shop.recorder.payments, []);
});

test('identity: a browser that opens no window shows a link', async () => {
  await challengedBy(['identity']);
  const { page } = await shop.open();
  await page.addInitScript(() => {
    window.open = () => null;
  });
  await payBy(page);
  await page.getByRole('button', { name: 'Show ID and face' }).click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Show ID and face' }).click();
  await (await opened).getByRole('heading', { name: 'Show your ID' }).waitFor();
  await stripe.tell('verified');
  await page.getByText(PAID).waitFor();
});
