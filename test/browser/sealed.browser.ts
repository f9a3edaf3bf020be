/**
 * A card sealed by a page in a real Chromium: the shop's server opens it and gets the card, Cordon counts it, and nobody
 * else sees it: neither on the wire, nor in a log, a row, a value or an answer.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { merchantFields, type Shop, startShop } from '../../examples/sealed/origin.ts';
import { filesBelow, findSecret, type Trace, trace } from '../faults/left-behind.ts';
import { newSecrets, type Secrets } from '../faults/payer-secrets.ts';
import { configure } from './cordon.ts';
import { type Demo, launchBrowser, startDemo } from './demo.ts';

const LOGS = '.wrangler/start';
const RULE = { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: 2 };
const WORK = { asn: { hosting: 'challenge' }, unknown_country: 'challenge' };

let demo: Demo;
let browser: Browser;
let shop: Shop;
let page: Page;
/** What went over the wire, as the browser sent and got it. */
let wire: Trace[] = [];

before(async () => {
  shop = await startShop('localhost');
  demo = await startDemo();
  browser = await launchBrowser();
  await configureShop();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  await shop?.stop();
});
afterEach(() => page?.context().close());

/** Nothing of the demo's own is in force but its host. */
function configureShop(change: object = {}): Promise<void> {
  const off = { velocity: [], network: {}, reputation: {}, step_up: {}, rules: [], card_testing_guard_config: RULE };
  return configure(demo, { preset: undefined, returns: [], ...off, ...merchantFields(shop), ...change });
}

async function open(clockAheadMs = 0): Promise<void> {
  wire = [];
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  page = await context.newPage();
  page.on('request', (request) => {
    wire.push(trace(`request ${request.url()}`, JSON.stringify(request.headers()) + (request.postData() ?? '')));
  });
  page.on('response', async (response) => {
    const body = await response.text().catch(() => '');
    wire.push(trace(`response ${response.url()}`, JSON.stringify(response.headers()) + body));
  });
  if (clockAheadMs !== 0) await page.clock.install({ time: Date.now() + clockAheadMs });
  await page.goto(demo.url);
}

async function pay({ card, cvc }: Secrets): Promise<string> {
  await page.getByLabel('Card number').fill(card);
  await page.getByLabel('Expiry').fill('12/30');
  await page.getByLabel('Security code').fill(cvc);
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.getByText(/^(Your payment|The payment)/).waitFor();
  return (await page.getByRole('status').textContent()) ?? '';
}

test('the shop opens it and gets the card, and nobody else has seen it', async () => {
  const secrets = newSecrets();
  await open();
  assert.match(await pay(secrets), /went through/);
  const payment = shop.opened.at(-1);
  assert.deepEqual(payment?.card, { number: secrets.card, expiry: '12/30', cvc: secrets.cvc });
  // What is put on record afterwards has its time.
  await wait(3_000);
  const traces = [
    ...wire,
    ...shop.bodies.map((body) => trace('what came to the shop', body)),
    ...(await filesBelow(demo.state)),
    ...(await filesBelow(LOGS)),
  ];
  assert.deepEqual([...findSecret(secrets.card, traces), ...findSecret(secrets.cvc, traces)], []);
  const sent = wire.filter(({ where }) => where.startsWith('request') && where.endsWith('/api/pay'));
  assert.equal(sent.length, 1);
  // It looks where something can be found.
  const found = (text: string) => traces.filter(({ bytes }) => bytes.includes(text)).map(({ where }) => where);
  assert.ok(found('"event":"decision"').some((where) => where.includes('cordon.log')));
  assert.ok(found('sealed').some((where) => where.startsWith(demo.state)));
  assert.ok(found('"ciphertext"').includes('what came to the shop'));
});

test('what comes to the shop is what the browser sent, byte for byte', async () => {
  await open();
  const sending = page.waitForRequest(/\/api\/pay$/);
  await pay(newSecrets());
  assert.equal(shop.bodies.at(-1), (await sending).postData());
});

test('the card that is inside is counted: declined twice, it is shut', async () => {
  await open();
  const declined = { card: '4000000000000002', cvc: '123' };
  const before = shop.bodies.length;
  for (let n = 0; n < 3; n++) assert.match(await pay(declined), /refused/);
  assert.equal(shop.bodies.length, before + 2);
});

for (const [name, ahead] of [
  ['two hours ahead', 7_200_000],
  ['a day behind', -86_400_000],
] as const) {
  test(`a browser whose clock is ${name} pays all the same`, async () => {
    await open(ahead);
    assert.match(await pay(newSecrets()), /went through/);
  });
}

test('a payment that is challenged goes through, sealed anew, for the first seal may be over by then', async () => {
  const step_up = { methods: ['proof_of_work'], proof_of_work: { least: 2, most: 2 } };
  await configureShop({
    step_up,
    network: WORK,
    rules: [{ name: 'all', when: 'attempt.amount > 0', then: 'challenge' }],
  });
  await open();
  const secrets = newSecrets();
  assert.match(await pay(secrets), /went through/);
  const sent = wire.filter(({ where }) => where.startsWith('request') && where.endsWith('/api/pay'));
  assert.equal(sent.length, 2);
  const bodies = sent.map(({ bytes }) => bytes.toString().slice(bytes.indexOf('{"protected"')));
  assert.notEqual(bodies[0], bodies[1]);
  assert.equal(shop.opened.at(-1)?.card.number, secrets.card);
  await configureShop();
});

test('where the keys do not come nothing is sent at all', async () => {
  await open();
  await page.route('**/jwks.json', (route) => route.abort());
  const before = shop.bodies.length;
  assert.match(await pay(newSecrets()), /could not be sent/);
  assert.equal(shop.bodies.length, before);
  assert.equal(wire.filter(({ where }) => where.includes('/api/pay')).length, 0);
});
