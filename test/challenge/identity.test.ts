/**
 * A payer whose identity is checked, from the refusal to the payment, with Stripe stood in for: only its signed word passes
 * him.
 */
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer as appAnswer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { problemOf, stripeSignature, WEBHOOK_SECRET } from '../api/backend.ts';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { StripeIdentityApi, sessionOf } from '../step-up/stripe-identity-api.ts';
import { BROWSER } from '../support/browsers.ts';
import { type Asked, answer, call, HOSTING, RISKY } from '../support/challenges.ts';
import { acme, manage, ORIGIN, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';

const SECRET = 'whsec_of_identity_that_only_the_tests_know';
const own = { secret_name: 'CORDON_IDENTITY_TESTS', webhook_secret_name: 'CORDON_WEBHOOK_IDENTITY' };
const step_up = { methods: ['identity'], identity: own };
let payers = 0;
let payer: { readonly cf: object; readonly ip: string; readonly card: string };
let stripe: StripeIdentityApi;
let origin: StandInOrigin;
let asked: Asked;

beforeEach(async () => {
  origin = new StandInOrigin();
  stripe = new StripeIdentityApi();
  origin.answer(({ url, method, headers, body }) =>
    url.startsWith(ORIGIN)
      ? answers.succeed()
      : stripe.answer(new Request(url, { method, headers, ...(body === '' ? {} : { body }) })),
  );
  await putAcme({ ...RISKY, step_up });
  await challenge();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function challenge(): Promise<void> {
  payers++;
  payer = { cf: HOSTING, ip: `10.9.0.${payers}`, card: cards(100)[payers] ?? '' };
  asked = await (await pay(payer as never)).json();
}

async function said(what: 'begin' | 'result'): Promise<unknown> {
  const given = await answer(asked.challenge.url, what, { method: 'identity', ip: payer.ip });
  return given.ok ? given.json() : [given.status, await codeOf(given)];
}

interface Word {
  readonly session?: string;
  readonly evaluation?: string;
  readonly merchant?: string;
  readonly change?: object;
  readonly secret?: string;
  readonly to?: string;
  readonly created?: number;
}

/** Stripe says how a session stands. */
async function tells(state: string, word: Word = {}): Promise<Response> {
  const { session = 'vs_1', evaluation = asked.evaluation, merchant = 'acme', change = {}, to = 'acme' } = word;
  const metadata = { cordon_evaluation: evaluation, cordon_merchant: merchant };
  const object = sessionOf(session, { metadata, status: state, url: null, ...change });
  const created = word.created ?? Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ ...stripeEvent(`identity.verification_session.${state}`, object), created });
  return delivers(body, word.secret ?? SECRET, to);
}

async function delivers(body: string, secret: string, to = 'acme'): Promise<Response> {
  return exports.default.fetch(`https://localhost/.cordon/v1/webhooks/${to}/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': await stripeSignature(body, secret) },
    body,
  });
}

const pending = { pending: true, retry_after_seconds: 3 };
const passed = { pass: expect.any(String), expires_at: expect.any(String) };
const mismatch = { last_error: { code: 'selfie_face_mismatch', reason: 'No match.' } };

it('is sent to Stripe’s page, waits for its signed word, and pays once', async () => {
  expect(asked.challenge.methods).toEqual(['identity']);
  expect(await said('begin')).toEqual({
    ...pending,
    task: { url: expect.stringContaining('https://verify.stripe.com/') },
  });
  expect(await said('result')).toEqual(pending);
  expect((await tells('processing')).status).toBe(200);
  expect(await said('result')).toEqual(pending);
  expect((await tells('verified')).status).toBe(200);
  const { pass } = (await said('result')) as { pass: string };
  const again = { ...payer, headers: { 'cordon-pass': pass } } as never;
  expect((await pay(again)).status).toBe(200);
  expect((await pay(again)).status).toBe(403);
  // Whatever he fetches further, it is the same one payment.
  const { pass: second } = (await said('result')) as { pass: string };
  expect((await pay({ ...payer, headers: { 'cordon-pass': second } } as never)).status).toBe(403);
});

it('comes back from Stripe to a page that passes nobody', async () => {
  await said('begin');
  const [{ form } = { form: {} as Record<string, string> }] = stripe.asked;
  const back = await call(form.return_url ?? '', { headers: BROWSER });
  expect([back.status, back.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(back.headers.get('cache-control')).toBe('no-store');
  expect(await back.text()).toContain('You can close this window.');
  expect(await said('result')).toEqual(pending);
  expect((await call(form.return_url ?? '', { method: 'POST', headers: BROWSER })).status).toBe(405);
});

it('may wait as often as it takes: that is no try', async () => {
  await said('begin');
  for (let asking = 0; asking < 10; asking++) expect(await said('result')).toEqual(pending);
  await tells('verified');
  expect(await said('result')).toEqual(passed);
});

it('is told that it did not do, begins again, and passes', async () => {
  await said('begin');
  await tells('requires_input', { change: mismatch, created: Math.floor(Date.now() / 1000) - 60 });
  expect(await said('result')).toEqual([403, 'challenge_failed']);
  expect(await said('begin')).toMatchObject({ ...pending, task: { url: expect.any(String) } });
  expect(await said('result')).toEqual(pending);
  expect(stripe.sessions).toHaveLength(1);
  await tells('verified');
  expect(await said('result')).toEqual(passed);
});

describe('a word that passes nobody', () => {
  beforeEach(async () => {
    await said('begin');
  });

  it.each<[string, () => Word]>([
    ['of a session that nobody began', () => ({ session: 'vs_other' })],
    ['of another challenge', () => ({ evaluation: `ev_${'0'.repeat(32)}acme` })],
    ['of another merchant’s', () => ({ merchant: 'other' })],
    ['without what was asked for', () => ({ change: { options: { document: { require_matching_selfie: false } } } })],
  ])('%s', async (_, word) => {
    expect([200, 400]).toContain((await tells('verified', word())).status);
    expect(await said('result')).toEqual(pending);
  });

  it.each(['whsec_other', WEBHOOK_SECRET])('signed by %s', async (secret) => {
    expect(await problemOf(await tells('verified', { secret }))).toEqual([401, 'invalid_signature']);
    expect(await said('result')).toEqual(pending);
  });

  it('signed by the secret of payments, where that is another', async () => {
    await putAcme({ ...RISKY, step_up, webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } } });
    expect((await tells('verified', { secret: WEBHOOK_SECRET })).status).toBe(200);
    expect(await said('result')).toEqual(pending);
    expect((await tells('verified')).status).toBe(200);
    expect(await said('result')).toEqual(passed);
  });

  it('told to another merchant, who has the same secret', async () => {
    const other = { ...acme, id: 'other', hosts: ['shop.other.example'], ...RISKY, step_up };
    expect((await manage('PUT', '/merchants/other', other)).status).toBeLessThan(300);
    expect((await tells('verified', { to: 'other' })).status).toBe(200);
    expect(await said('result')).toEqual(pending);
  });

  it('of test mode, in production', async () => {
    const production = {
      ...(env as unknown as RawEnvironment),
      CORDON_ENV: 'production',
      CORDON_ADMIN_HOST: 'a.example',
    };
    const live = { ...production, CORDON_IDENTITY_TESTS: 'rk_live_x' };
    const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
    const tell = async (change: object) => {
      const metadata = { cordon_evaluation: asked.evaluation, cordon_merchant: 'acme' };
      const event = stripeEvent(
        'identity.verification_session.verified',
        sessionOf('vs_1', { metadata, status: 'verified' }),
      );
      const object = { ...(event.data as { object: object }).object, ...change };
      const created = Math.floor(Date.now() / 1000);
      const body = JSON.stringify({ ...event, created, ...change, data: { object } });
      const headers = { 'stripe-signature': await stripeSignature(body, SECRET) };
      const url = 'https://a.example/.cordon/v1/webhooks/acme/stripe';
      return appAnswer(new Request(url, { method: 'POST', headers, body }), live, ctx);
    };
    const told = await tell({ livemode: false });
    const before = await said('result');
    const toldLive = await tell({ livemode: true });
    await appAnswer(new Request('https://localhost/.cordon/health'), env as unknown as RawEnvironment, ctx);
    expect([told.status, toldLive.status]).toEqual([200, 200]);
    expect(before).toEqual(pending);
    expect(await said('result')).toEqual(passed);
  });
});

it('Stripe is told to come again where the gate does not answer', async () => {
  await said('begin');
  const lost = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect((await tells('verified')).status).toBe(503);
  lost.mockRestore();
  expect(await said('result')).toEqual(pending);
  expect((await tells('verified')).status).toBe(200);
  expect(await said('result')).toEqual(passed);
});

it('one secret may sign payments and identity', async () => {
  const identity = { ...own, webhook_secret_name: 'CORDON_WEBHOOK_STRIPE' };
  const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
  await putAcme({ ...RISKY, step_up: { ...step_up, identity }, webhooks });
  await said('begin');
  await tells('verified', { secret: WEBHOOK_SECRET });
  expect(await said('result')).toEqual(passed);
  const log = vi.spyOn(console, 'log');
  const created = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ ...stripeEvent('charge.failed', charge({ status: 'failed' })), created });
  expect((await delivers(body, WEBHOOK_SECRET)).status).toBe(200);
  const events = log.mock.calls.map(([line]) => (JSON.parse(String(line)) as { event: string }).event);
  expect(events).toContain('webhook');
});

it('reports of other things are taken, so that Stripe does not come again', async () => {
  expect((await tells('created')).status).toBe(200);
  const body = JSON.stringify({ ...stripeEvent('charge.failed', charge()), created: Math.floor(Date.now() / 1000) });
  expect((await delivers(body, SECRET)).status).toBe(200);
});

it('nobody reports where no identity is configured', async () => {
  await putAcme(RISKY);
  expect(await problemOf(await tells('verified'))).toEqual([404, 'not_found']);
});

describe('where Stripe is away', () => {
  it('it is said, and was no try', async () => {
    stripe.reply = () => new Response('oops', { status: 500 });
    for (let tries = 0; tries < 6; tries++) expect(await said('begin')).toEqual([503, 'challenge_unavailable']);
    stripe.reply = (_, honest) => honest();
    expect(await said('begin')).toMatchObject(pending);
  });

  it('the day’s budget is kept, and no fallback follows: a tester could spend it', async () => {
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback: 'allow', identity: { ...own, daily_budget: 1 } } });
    // The first of these may be the last of today's.
    await said('begin');
    await challenge();
    expect(await said('begin')).toEqual([503, 'challenge_unavailable']);
  });

  it('it is not where a payer begins twice at once: no fallback follows', async () => {
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback: 'allow' } });
    await challenge();
    stripe.reply = () => Response.json({ error: { type: 'idempotency_error' } }, { status: 409 });
    expect(await said('begin')).toEqual({ pending: true, retry_after_seconds: 3 });
  });

  it('the fallback decides', async () => {
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback: 'review' } });
    stripe.reply = () => new Response('oops', { status: 500 });
    expect(await said('begin')).toEqual(passed);
  });
});

it('no word of it holds who was looked at, and the log none of its payer', async () => {
  const log = vi.spyOn(console, 'log');
  await said('begin');
  await tells('verified', { change: { verified_outputs: { first_name: 'Jenny', last_name: 'Rosen' } } });
  const lines = log.mock.calls.map(([line]) => String(line));
  const about = { merchant: 'acme', evaluation: asked.evaluation, state: 'verified', result: 'taken' };
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ event: 'identity', ...about }),
  );
  expect(lines.join('\n')).not.toMatch(/Jenny|Rosen|vs_1/);
});
