/**
 * Turnstile: a token is good for its page, its challenge and its moment, in Cloudflare's own word, and for nothing that
 * somebody else says in Cloudflare's place.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { turnstile } from '../../src/step-up/turnstile.ts';
import {
  type Circumstances,
  EVALUATION,
  GOOD,
  NOW,
  posing,
  SECRET,
  SITE_KEY,
  Siteverify,
  TOKEN,
} from './siteverify.ts';

let siteverify: Siteverify;
beforeEach(() => {
  siteverify = new Siteverify();
});
afterEach(() => {
  vi.useRealTimers();
});

const check = (answer: unknown = TOKEN, change: Circumstances = {}) =>
  turnstile.check(answer, posing(siteverify, change));
const failed = (because: string) => ({ kind: 'failed', because });
const unavailable = (because: string) => ({ kind: 'unavailable', because });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const TEST_SECRETS = ['1', '2', '3'].map((digit) => `${digit}x${'0'.repeat(31)}AA`);
const TEST_SITE_KEYS = [
  '1x00000000000000000000AA',
  '2x00000000000000000000AB',
  '1x00000000000000000000BB',
  '2x00000000000000000000BB',
  '3x00000000000000000000FF',
];

it('is posed with what the widget is rendered by', async () => {
  expect(await turnstile.pose(posing(siteverify))).toEqual({
    site_key: SITE_KEY,
    action: 'cordon-step-up',
    cdata: EVALUATION,
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
  });
  expect(siteverify.asked).toEqual([]);
});

it('asks with the secret, the token, the address that the edge saw and a UUID, and follows no redirect', async () => {
  expect(await check()).toEqual({ kind: 'passed' });
  expect(siteverify.asked).toEqual([
    {
      url: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
      method: 'POST',
      redirect: 'manual',
      said: { secret: SECRET, response: TOKEN, remoteip: '203.0.113.9', idempotency_key: expect.stringMatching(UUID) },
    },
  ]);
});

it('asks by the same UUID about the same token, and by another about another', async () => {
  await check();
  await check();
  await check(`${TOKEN}2`);
  const keys = siteverify.asked.map(({ said }) => said.idempotency_key);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

describe('a good answer with one thing changed', () => {
  const at = (ms: number) => ({ challenge_ts: new Date(NOW + ms).toISOString() });
  it.each<[string, object, object]>([
    ['of another shop’s page', { hostname: 'shop.other.example' }, failed('other_hostname')],
    ['of a page below', { hostname: 'evil.shop.acme.example' }, failed('other_hostname')],
    ['of no page', { hostname: undefined }, failed('other_hostname')],
    ['in capitals', { hostname: 'Shop.Acme.example' }, { kind: 'passed' }],
    ['of another action', { action: 'login' }, failed('other_action')],
    ['of none', { action: '' }, failed('other_action')],
    ['of another challenge', { cdata: `${EVALUATION}x` }, failed('other_cdata')],
    ['of none', { cdata: undefined }, failed('other_cdata')],
    ['six minutes old', at(-360_000), { kind: 'passed' }],
    ['older', at(-360_001), failed('other_time')],
    ['from the near future', at(60_000), { kind: 'passed' }],
    ['from the future', at(60_001), failed('other_time')],
    ['from no time', { challenge_ts: undefined }, failed('other_time')],
    ['from nonsense', { challenge_ts: 'yesterday' }, failed('other_time')],
    ['by a test key that nobody configured', { metadata: { result_with_testing_key: true } }, unavailable('test_key')],
    ['that is almost true', { success: 'true' }, unavailable('nonsense')],
    ['that says nothing', { success: undefined }, unavailable('nonsense')],
    ['whose host is a list', { hostname: ['shop.acme.example'] }, unavailable('nonsense')],
  ])('%s', async (_, change, expected) => {
    siteverify.replies = [() => Response.json({ ...GOOD, ...change })];
    expect(await check()).toEqual(expected);
    expect(siteverify.asked).toHaveLength(1);
  });

  it('with a status that is none of a success', async () => {
    siteverify.replies = [() => Response.json(GOOD, { status: 400 })];
    expect(await check()).toEqual(unavailable('nonsense'));
  });

  it('of a page of the shop’s own that was configured', async () => {
    const hostnames = ['checkout.acme.example'];
    siteverify.replies = [() => Response.json({ ...GOOD, hostname: hostnames[0] })];
    expect(await check(TOKEN, { hostnames })).toEqual({ kind: 'passed' });
    expect(await check(TOKEN)).toEqual(failed('other_hostname'));
  });

  it('of a page on a port, which Cloudflare does not tell', async () => {
    expect(await check(TOKEN, { host: 'shop.acme.example:8787' })).toEqual({ kind: 'passed' });
  });
});

describe('what Cloudflare does not take', () => {
  it.each<[readonly string[], object, number]>([
    [['missing-input-secret'], unavailable('refuses_secret'), 1],
    [['invalid-input-secret'], unavailable('refuses_secret'), 1],
    [['invalid-input-response', 'invalid-input-secret'], unavailable('refuses_secret'), 1],
    [['missing-input-response'], failed('missing_input_response'), 1],
    [['invalid-input-response'], failed('invalid_input_response'), 1],
    [['bad-request'], failed('bad_request'), 1],
    [['timeout-or-duplicate'], failed('timeout_or_duplicate'), 1],
    [['internal-error'], unavailable('out_of_order'), 2],
    [['something-new'], failed('refused'), 1],
    [[], failed('refused'), 1],
  ])('%j', async (codes, expected, asked) => {
    siteverify.replies = [() => Response.json({ success: false, 'error-codes': codes })];
    expect(await check()).toEqual(expected);
    expect(siteverify.asked).toHaveLength(asked);
  });

  it('with the status of a fault of the caller', async () => {
    siteverify.replies = [() => Response.json({ success: false, 'error-codes': ['bad-request'] }, { status: 400 })];
    expect(await check()).toEqual(failed('bad_request'));
  });
});

describe('an answer that is none', () => {
  const huge = () => new Response(`{"success":true,"x":"${'x'.repeat(70_000)}"}`);
  it.each<[string, () => Response | Promise<Response>, string, number]>([
    ['500', () => new Response('oops', { status: 500 }), 'out_of_order', 2],
    ['429', () => new Response('slow down', { status: 429 }), 'out_of_order', 2],
    ['no connection', () => Promise.reject(new Error('refused')), 'unreachable', 2],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      'redirects',
      1,
    ],
    ['a page', () => new Response('<!doctype html>'), 'nonsense', 1],
    ['nothing', () => new Response(null), 'nonsense', 1],
    ['null', () => Response.json(null), 'nonsense', 1],
    ['more than an answer can be', huge, 'too_large', 1],
  ])('%s', async (_, reply, because, asked) => {
    siteverify.replies = [reply];
    expect(await check()).toEqual(unavailable(because));
    expect(siteverify.asked).toHaveLength(asked);
  });

  it('is asked for once more, by the same UUID', async () => {
    siteverify.replies = [() => new Response('oops', { status: 503 }), () => Response.json(GOOD)];
    expect(await check()).toEqual({ kind: 'passed' });
    const [first, second] = siteverify.asked;
    expect(second).toEqual(first);
  });

  it('breaks off in the middle', async () => {
    const broken = () => {
      const body = new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('{"success":true'));
          controller.error(new Error('lost'));
        },
      });
      return new Response(body);
    };
    siteverify.replies = [broken];
    expect(await check()).toEqual(unavailable('unreachable'));
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['does not come', () => new Promise<never>(() => {}), 'late'],
    [
      'stops after its headers',
      () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
      'unreachable',
    ],
  ])('%s: twice four seconds, and no longer', async (_, reply, because) => {
    siteverify.replies = [reply];
    const begun = Date.now();
    expect(await check()).toEqual(unavailable(because));
    expect(Date.now() - begun).toBeGreaterThanOrEqual(7_900);
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(siteverify.asked).toHaveLength(2);
  });
});

describe('what is no token is not asked about', () => {
  it.each([null, 5, '', ' ', 'with space', 'übel', 'x'.repeat(2_049), ['x'], { token: 'x' }])('%j', async (answer) => {
    expect(await check(answer)).toEqual(failed('malformed'));
    expect(siteverify.asked).toEqual([]);
  });

  it('but one of 2,048 characters is', async () => {
    expect(await check('x'.repeat(2_048))).toEqual({ kind: 'passed' });
  });
});

describe('in production', () => {
  it.each(TEST_SECRETS)('the test secret %s is none', async (secret) => {
    expect(await turnstile.pose(posing(siteverify, { secret }))).toBeNull();
    expect(await check(TOKEN, { secret })).toEqual(unavailable('test_key'));
    expect(siteverify.asked).toEqual([]);
  });

  it.each(TEST_SITE_KEYS)('the test site key %s is none', async (siteKey) => {
    expect(await turnstile.pose(posing(siteverify, { siteKey }))).toBeNull();
    expect(await check(TOKEN, { siteKey })).toEqual(unavailable('test_key'));
    expect(siteverify.asked).toEqual([]);
  });
});

it('in development a test secret passes whatever page it names: Cloudflare says nothing true of it', async () => {
  const [secret = ''] = TEST_SECRETS;
  siteverify.replies = [() => Response.json({ success: true, hostname: 'example.com', 'error-codes': [] })];
  expect(await check('XXXX.DUMMY.TOKEN.XXXX', { secret, isProduction: false })).toEqual({ kind: 'passed' });
  expect(await check('XXXX.DUMMY.TOKEN.XXXX', { isProduction: false })).toEqual(failed('other_hostname'));
});

it('cannot be run without its secret', async () => {
  expect(await turnstile.pose(posing(siteverify, { secret: null }))).toBeNull();
  expect(await check(TOKEN, { secret: null })).toEqual(unavailable('no_secret'));
});
