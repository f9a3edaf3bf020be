/**
 * A payer who is challenged by Turnstile, from the refusal to the payment, with Cloudflare stood in for.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer as appAnswer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { BROWSER } from '../support/browsers.ts';
import { type Asked, answer, call, HOSTING, RISKY, type Told } from '../support/challenges.ts';
import { ORIGIN, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';

const own = { site_key: '0x4AAAAAAA-site', secret_name: 'CORDON_TURNSTILE_TESTS' };
const step_up = { methods: ['turnstile'], turnstile: own };
const payer = { cf: HOSTING, ip: '10.8.0.1', card: cards(1)[0] ?? '' };
let origin: StandInOrigin;
/** What siteverify says beside the truth. */
let lie: object;
let siteverify: () => Response;

beforeEach(async () => {
  origin = new StandInOrigin();
  lie = {};
  const good = () => ({
    success: true,
    hostname: 'shop.acme.example',
    action: 'cordon-step-up',
    cdata: asked.evaluation,
    challenge_ts: new Date().toISOString(),
  });
  siteverify = () => Response.json({ ...good(), ...lie });
  origin.answer(({ url }) => (url.startsWith(ORIGIN) ? answers.succeed() : siteverify()));
  await putAcme({ ...RISKY, step_up });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

let asked: Asked;
async function challenged(): Promise<Asked> {
  asked = await (await pay(payer)).json();
  return asked;
}
const tried = async () => {
  const given = await answer(asked.challenge.url, 'a-token', { method: 'turnstile', ip: payer.ip });
  return given.ok ? given.json() : [given.status, await codeOf(given)];
};
const asks = () => origin.arrived.filter(({ url }) => url.includes('siteverify'));

it('is shown the widget’s terms, passes, and pays once', async () => {
  const { challenge, evaluation } = await challenged();
  expect(challenge.methods).toEqual(['turnstile']);
  const told = (await (await call(challenge.url)).json()) as Told;
  expect(told.methods).toEqual([
    {
      name: 'turnstile',
      strength: 2,
      task: {
        site_key: own.site_key,
        action: 'cordon-step-up',
        cdata: evaluation,
        script: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
      },
    },
  ]);
  const { pass } = (await tried()) as { pass: string };
  const [{ url, body } = { url: '', body: '' }] = asks();
  expect(url).toBe('https://challenges.cloudflare.com/turnstile/v0/siteverify');
  expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
    secret: env.CORDON_TURNSTILE_TESTS,
    response: 'a-token',
    remoteip: payer.ip,
  });
  const again = { ...payer, headers: { 'cordon-pass': pass } };
  expect((await pay(again)).status).toBe(200);
  expect((await pay(again)).status).toBe(403);
});

it.each([
  ['another shop', { hostname: 'shop.other.example' }],
  ['another challenge', { cdata: 'ev_other' }],
  ['another widget', { action: 'login' }],
  ['an hour ago', { challenge_ts: '2020-01-01T00:00:00Z' }],
])('is told that it failed where the token is for %s, and may try again', async (_, told) => {
  await challenged();
  lie = told;
  expect(await tried()).toEqual([403, 'challenge_failed']);
  lie = {};
  expect(await tried()).toMatchObject({ pass: expect.any(String) });
});

it('is shown on a page that may load the widget from Cloudflare, and from nowhere else', async () => {
  await challenged();
  const page = await call(asked.challenge.url, { headers: BROWSER });
  const policy = page.headers.get('content-security-policy')?.split('; ') ?? [];
  const home = 'https://challenges.cloudflare.com';
  expect(policy).toContain(`script-src 'self' ${home}`);
  expect(policy).toContain(`frame-src ${home}`);
  expect(policy).toContain("connect-src 'self'");
  expect(policy.join()).not.toContain('unsafe');
});

it('does not lose a try to Cloudflare’s being away', async () => {
  await challenged();
  const well = siteverify;
  siteverify = () => new Response('oops', { status: 500 });
  for (let tries = 0; tries < 6; tries++) expect(await tried()).toEqual([503, 'challenge_unavailable']);
  siteverify = well;
  expect(await tried()).toMatchObject({ pass: expect.any(String) });
});

describe('where Cloudflare is away', () => {
  it.each(['review', 'allow'])('the fallback %s gives a pass worth just that', async (fallback) => {
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback } });
    await challenged();
    siteverify = () => Response.redirect('https://evil.example');
    const log = vi.spyOn(console, 'error');
    expect(await tried()).toMatchObject({ pass: expect.any(String) });
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'step_up_unavailable', method: 'turnstile', because: 'redirects' }),
    );
  });

  it('but never to who is refused by it', async () => {
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback: 'allow' } });
    await challenged();
    lie = { success: false, 'error-codes': ['invalid-input-response'] };
    expect(await tried()).toEqual([403, 'challenge_failed']);
  });
});

it('in production a secret that has become a test key passes nobody, and asks nobody', async () => {
  const { challenge } = await challenged();
  const production = {
    ...(env as unknown as RawEnvironment),
    CORDON_ENV: 'production',
    CORDON_ADMIN_HOST: 'a.example',
    CORDON_TURNSTILE_TESTS: '1x0000000000000000000000000000000AA',
  };
  const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
  const headers = { 'cf-connecting-ip': payer.ip };
  const body = JSON.stringify({ answer: 'XXXX.DUMMY.TOKEN.XXXX' });
  const at = (path: string, init: RequestInit) =>
    appAnswer(new Request(`${challenge.url}${path}`, { headers, ...init }), production, ctx);
  const answered = [await at('', {}), await at('/turnstile', { method: 'POST', body })];
  // The configuration that names it is none any more.
  expect(answered.map(({ status }) => status)).toEqual([404, 404]);
  expect(asks()).toEqual([]);
  await appAnswer(new Request('https://localhost/.cordon/health'), env as unknown as RawEnvironment, ctx);
});
