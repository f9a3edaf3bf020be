/**
 * Passkeys in a real Chromium with a virtual authenticator: enrolled on a page of the shop, asked for by the challenge's
 * page; and what becomes of a device that does not know its user, of a copy, and of somebody else's.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { configure, feed, merchantOf } from './cordon.ts';
import { type Demo, launchBrowser, startDemo } from './demo.ts';
import { openSignIn, type SignIn } from './sign-in.ts';

const CARD = '4242424242424242';
/** Configurations are looked at again after so long. */
const IN_FORCE_MS = 200;
const PATIENCE_MS = 15_000;

let demo: Demo;
let browser: Browser;
let signIn: SignIn;
let customers = 0;

before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  signIn = await openSignIn();
  await feed(demo, 'loopback', '127.0.0.1,90\n::1,90\n');
});
after(async () => {
  await browser?.close();
  await signIn?.stop();
  await demo?.stop();
});
beforeEach(() => byPasskey());
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function byPasskey(passkey: object = { min_age_seconds: 0 }): Promise<void> {
  const { routes } = (await merchantOf(demo)) as { routes: object[] };
  await configure(demo, {
    routes: routes.map((route) => ({ ...route, customer: signIn.rule })),
    reputation: { feeds: ['loopback'], step_up_above: 70 },
    step_up: { methods: ['passkey'], passkey, max_unanswered: 1_000 },
  });
  await wait(IN_FORCE_MS);
}

interface Payer {
  readonly customer: string;
  readonly page: Page;
  readonly device: Device;
}

interface Credential {
  readonly credentialId: string;
  readonly signCount: number;
  readonly [more: string]: unknown;
}

class Device {
  readonly #session: CDPSession;
  readonly #authenticatorId: string;

  private constructor(session: CDPSession, authenticatorId: string) {
    this.#session = session;
    this.#authenticatorId = authenticatorId;
  }

  static async of(page: Page): Promise<Device> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  /** Whether it will know its user's finger. */
  async knowsUser(isUserVerified: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setUserVerified', { authenticatorId: this.#authenticatorId, isUserVerified });
  }

  async only(): Promise<Credential> {
    const authenticatorId = this.#authenticatorId;
    const { credentials } = await this.#session.send('WebAuthn.getCredentials', { authenticatorId });
    assert.equal(credentials.length, 1);
    return credentials[0] as unknown as Credential;
  }

  async replaceBy(credential: Credential): Promise<void> {
    const authenticatorId = this.#authenticatorId;
    await this.#session.send('WebAuthn.clearCredentials', { authenticatorId });
    await this.#session.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never });
  }
}

async function arrive(): Promise<Payer> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${demo.url}plain`);
  customers++;
  return { customer: `cus_${customers}`, page, device: await Device.of(page) };
}

/** The shop's one line, and what it was answered. */
async function enrol({ customer, page }: Payer): Promise<Record<string, unknown>> {
  const headers = await signIn.headersOf(customer);
  await page.addScriptTag({ url: '/.cordon/passkeys.js' });
  return page.evaluate(async (signed) => {
    const { cordon } = globalThis as unknown as { cordon: { enrolPasskey(given: object): Promise<object> } };
    return cordon
      .enrolPasskey({ headers: signed, label: 'ada@example.com' })
      .catch((error: { name: string }) => ({ error: error.name }));
  }, headers) as Promise<Record<string, unknown>>;
}

interface Paid {
  readonly status: number;
  readonly told: { readonly status?: string; readonly code?: string; readonly challenge?: { readonly url: string } };
}

async function pay({ customer, page }: Payer, pass?: string): Promise<Paid> {
  const headers = { ...(await signIn.headersOf(customer)), ...(pass === undefined ? {} : { 'cordon-pass': pass }) };
  return page.evaluate(
    async ([number, signed]) => {
      const answer = await fetch('/api/pay', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed },
        body: JSON.stringify({
          card: { number, expiry: '12/30', cvc: '123' },
          email: 'ada@example.com',
          amount: 1999,
          currency: 'EUR',
          billing: { country: 'NL' },
        }),
      });
      return { status: answer.status, told: await answer.json() };
    },
    [CARD, headers] as const,
  ) as Promise<Paid>;
}

async function challengeOf(payer: Payer): Promise<string> {
  const { status, told } = await pay(payer);
  assert.deepEqual([status, told.code], [403, 'challenge_required']);
  return told.challenge?.url ?? '';
}

interface Answered {
  readonly status: number;
  readonly pass: string | undefined;
}

/** What Cordon answers to the passkey of the challenge's page; null where the page posts nothing. */
async function answer({ page }: Payer, url: string): Promise<Answered | null> {
  await page.goto(url);
  const posted = page.waitForResponse((one) => one.url().endsWith('/passkey') && one.request().method() === 'POST');
  await page.getByRole('button', { name: 'Use passkey' }).click();
  const failed = page.getByRole('button', { name: 'Try again' }).waitFor();
  const first = await Promise.race([posted, failed.then(() => null)]);
  posted.catch(() => null);
  failed.catch(() => null);
  // The body of a refusal the page does not read, so it never ends.
  const pass = first?.ok() ? ((await first.json()) as { pass: string }).pass : undefined;
  await page.goto(`${demo.url}plain`);
  return first === null ? null : { status: first.status(), pass };
}

test('a customer enrols a passkey, is challenged, shows himself, and the payment goes through', async () => {
  const payer = await arrive();
  const enrolled = await enrol(payer);
  assert.match(String(enrolled.id), /^pk_[0-9a-f]{24}$/);
  const url = await challengeOf(payer);
  const given = await answer(payer, url);
  assert.equal(given?.status, 200);
  const paid = await pay(payer, given?.pass);
  assert.deepEqual([paid.status, paid.told.status], [200, 'succeeded']);
  assert.equal((await pay(payer, given?.pass)).told.code, 'challenge_required');
});

for (const scripts of [
  ['passkeys.js', 'challenge.js'],
  ['challenge.js', 'passkeys.js'],
]) {
  test(`with ${scripts.join(' and ')} the shop enrols by one line and pays by another, in a dialog`, async () => {
    const payer = await arrive();
    const { page } = payer;
    for (const script of scripts) await page.addScriptTag({ url: `/.cordon/${script}` });
    assert.match(String((await enrol(payer)).id), /^pk_/);
    const paid = page.evaluate(
      async ([number, headers]) => {
        const { cordon } = globalThis as unknown as { cordon: { fetch: typeof fetch } };
        const card = { number, expiry: '12/30', cvc: '123' };
        const payment = { card, email: 'ada@example.com', amount: 1999, currency: 'EUR', billing: { country: 'NL' } };
        const all = { 'content-type': 'application/json', ...headers };
        const answer = await cordon.fetch('/api/pay', { method: 'POST', headers: all, body: JSON.stringify(payment) });
        return [answer.status, ((await answer.json()) as { status?: string }).status];
      },
      [CARD, await signIn.headersOf(payer.customer)] as const,
    );
    await page.frameLocator('dialog iframe').getByRole('button', { name: 'Use passkey' }).click();
    assert.deepEqual(await paid, [200, 'succeeded']);
  });
}

test('one that was enrolled a moment ago proves nothing yet', async () => {
  const payer = await arrive();
  await byPasskey({ min_age_seconds: 86_400 });
  assert.match(String((await enrol(payer)).id), /^pk_/);
  await payer.page.goto(await challengeOf(payer));
  await payer.page.getByText('This check cannot be run at the moment.').waitFor();
});

test('a device that does not know its user enrols nothing, and signs nothing', async () => {
  const payer = await arrive();
  await payer.device.knowsUser(false);
  assert.equal((await enrol(payer)).error, 'NotAllowedError');
  await payer.device.knowsUser(true);
  await enrol(payer);
  const url = await challengeOf(payer);
  await payer.device.knowsUser(false);
  assert.equal(await answer(payer, url), null);
  await payer.device.knowsUser(true);
  assert.equal((await answer(payer, url))?.status, 200);
});

test('a copy of a passkey is found out, and then neither proves anything', async () => {
  const payer = await arrive();
  await enrol(payer);
  const copy = await payer.device.only();
  assert.equal((await answer(payer, await challengeOf(payer)))?.status, 200);
  assert.ok((await payer.device.only()).signCount > copy.signCount);
  await payer.device.replaceBy({ ...copy, signCount: copy.signCount });
  const found = await answer(payer, await challengeOf(payer));
  assert.equal(found?.status, 403);
  await payer.page.goto(await challengeOf(payer));
  await payer.page.getByText('This check cannot be run at the moment.').waitFor();
});

test('somebody else’s passkey is refused, though his browser be asked for it', async () => {
  const [thief, victim] = [await arrive(), await arrive()];
  await enrol(thief);
  await enrol(victim);
  const { credentialId } = await thief.device.only();
  const id = credentialId.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const url = await challengeOf(victim);
  await thief.page.route('**/.cordon/challenge/*', async (route) => {
    const given = await route.fetch();
    const text = await given.text();
    const told = text.startsWith('{') ? JSON.parse(text) : null;
    for (const { task } of told?.methods ?? []) task.allowCredentials = [{ id, type: 'public-key' }];
    await route.fulfill({ response: given, body: told === null ? text : JSON.stringify(told) });
  });
  const answered = await answer(thief, url);
  assert.equal(answered?.status, 403);
});

test('what was signed once is refused when it is posted again', async () => {
  const payer = await arrive();
  await enrol(payer);
  const url = await challengeOf(payer);
  const sent = payer.page.waitForRequest((one) => one.url().endsWith('/passkey'));
  assert.equal((await answer(payer, url))?.status, 200);
  const again = await payer.page.request.post(`${url}/passkey`, { data: (await sent).postDataJSON() });
  assert.deepEqual([again.status(), (await again.json()).code], [403, 'challenge_failed']);
});

test('the page of the same shop on another host asks for passkeys of its own', async () => {
  const payer = await arrive();
  await enrol(payer);
  const url = (await challengeOf(payer)).replace('//localhost', '//127.0.0.1');
  await payer.page.goto(url);
  await payer.page.getByText('This check cannot be run at the moment.').waitFor();
});

test('a page of another origin enrols nothing, and a stranger reads no list', async () => {
  const payer = await arrive();
  const headers = await signIn.headersOf(payer.customer);
  const elsewhere = await payer.page.request.post(`${demo.url}.cordon/passkeys/options`, {
    data: {},
    headers: { ...headers, origin: 'https://evil.example' },
  });
  assert.equal(elsewhere.status(), 403);
  assert.equal((await payer.page.request.get(`${demo.url}.cordon/passkeys`)).status(), 401);
});
