/**
 * A check of identity: begun at Stripe once, shown to its payer, and passed by nothing but what the gate was told.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { identity } from '../../src/step-up/identity.ts';
import type { IdentityBook, IdentityCheck } from '../../src/step-up/identity-book.ts';
import type { Posing, Services } from '../../src/step-up/method.ts';
import type { StepUpSettings } from '../../src/step-up/settings.ts';
import { EVALUATION, posing as turnstilePosing } from './siteverify.ts';
import { StripeIdentityApi, sessionOf } from './stripe-identity-api.ts';

const KEY = 'rk_test_that_only_the_tests_know';
let api: StripeIdentityApi;
let known: IdentityCheck | null | 'unavailable';
let leave: 'granted' | 'spent' | 'unavailable';
let begun: 'begun' | 'other' | 'unavailable';
let began: string[];

beforeEach(() => {
  api = new StripeIdentityApi();
  known = null;
  leave = 'granted';
  begun = 'begun';
  began = [];
});

const book: IdentityBook = {
  find: async () => known,
  afford: async () => leave,
  begin: async (session) => {
    began.push(session);
    return begun;
  },
};

interface Change {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly isProduction?: boolean;
  readonly apiUrl?: string;
}

const SECRETS = { CORDON_IDENTITY_TESTS: KEY, CORDON_WEBHOOK_IDENTITY: 'whsec' };

function posing({ secrets = SECRETS, isProduction = false, apiUrl = 'https://api.stripe.com' }: Change = {}): Posing {
  const own = { secretName: 'CORDON_IDENTITY_TESTS', webhookSecretName: 'CORDON_WEBHOOK_IDENTITY', dailyBudget: 5 };
  const plain = turnstilePosing({ fetch: api.fetch });
  const sharedSecret = (name: string) => (secrets as Readonly<Record<string, string>>)[name] ?? null;
  const services: Services = { ...plain.services, sharedSecret, identityBook: book };
  const settings = { identity: { ...own, apiUrl: new URL(apiUrl) } } as unknown as StepUpSettings;
  return { ...plain, isProduction, settings, services };
}

const check = (answer: unknown, change: Change = {}) => identity.check(answer, posing(change));
const failed = (because: string) => ({ kind: 'failed', because });
const unavailable = (because: string) => ({ kind: 'unavailable', because });
const pending = { kind: 'pending', retryAfterSeconds: 3 };
const PRODUCTION = { isProduction: true, secrets: { ...SECRETS, CORDON_IDENTITY_TESTS: 'rk_live_x' } };
const metadata = { cordon_evaluation: EVALUATION, cordon_merchant: 'acme' };

it('is posed without asking anybody', async () => {
  expect(await identity.pose(posing())).toEqual({
    provider: 'stripe',
    begin: 'https://shop.acme.example/.cordon/challenge/token/identity',
  });
  expect(api.asked).toEqual([]);
});

describe('begun', () => {
  it('makes a session for a document and a selfie, and sends the payer to its page', async () => {
    const told = await check('begin');
    expect(told).toEqual({
      ...pending,
      task: { url: expect.stringMatching(/^https:\/\/verify\.stripe\.com\/start\//) },
    });
    expect(began).toEqual(['vs_1']);
    expect(api.asked).toMatchObject([
      {
        url: 'https://api.stripe.com/v1/identity/verification_sessions',
        method: 'POST',
        redirect: 'manual',
        headers: { authorization: `Bearer ${KEY}`, 'idempotency-key': `cordon-identity-${EVALUATION}` },
        form: {
          type: 'document',
          'options[document][require_matching_selfie]': 'true',
          'options[document][require_live_capture]': 'true',
          'metadata[cordon_evaluation]': EVALUATION,
          'metadata[cordon_merchant]': 'acme',
          return_url: 'https://shop.acme.example/.cordon/challenge/token/done',
        },
      },
    ]);
  });

  it('again asks for the page of the same session, whose address is used once', async () => {
    await check('begin');
    known = { session: 'vs_1', state: 'open', because: null };
    const again = await check('begin');
    expect(again).toMatchObject({ ...pending, task: { url: expect.stringContaining('vs_1_2') } });
    expect(api.asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(api.sessions).toHaveLength(1);
  });

  it('again after it failed is the same session too', async () => {
    await check('begin');
    known = { session: 'vs_1', state: 'failed', because: 'document_expired' };
    expect(await check('begin')).toMatchObject({ ...pending, task: {} });
    expect(began).toEqual(['vs_1', 'vs_1']);
  });

  it('by two calls at once is one session', async () => {
    await Promise.all([check('begin'), check('begin')]);
    expect(api.sessions).toHaveLength(1);
  });

  it.each([
    ['is still under way', 409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }],
    ['came by another address of the challenge', 400, { type: 'idempotency_error' }],
  ])('twice at once, where the first %s, waits for that: a payer could bring it about', async (_, status, error) => {
    api.reply = () => Response.json({ error }, { status });
    expect(await check('begin')).toEqual(pending);
    expect(began).toEqual([]);
  });

  it.each<[IdentityCheck['state'], object]>([
    ['processing', pending],
    ['verified', { kind: 'passed' }],
    ['canceled', failed('canceled')],
  ])('while it is %s, asks nobody', async (state, expected) => {
    known = { session: 'vs_1', state, because: null };
    expect(await check('begin')).toEqual(expected);
    expect(api.asked).toEqual([]);
  });

  it('when Stripe needs nothing more, waits for Stripe’s signed word', async () => {
    known = { session: 'vs_1', state: 'open', because: null };
    api.reply = () => Response.json(sessionOf('vs_1', { metadata, status: 'verified', url: null }));
    expect(await check('begin')).toEqual(pending);
  });
});

describe('the result', () => {
  it.each<[IdentityCheck['state'], object]>([
    ['open', pending],
    ['processing', pending],
    ['verified', { kind: 'passed' }],
    ['failed', failed('selfie_face_mismatch')],
    ['canceled', failed('canceled')],
  ])('of a check that is %s', async (state, expected) => {
    known = { session: 'vs_1', state, because: state === 'failed' ? 'selfie_face_mismatch' : null };
    expect(await check('result')).toEqual(expected);
    expect(api.asked).toEqual([]);
  });

  it('of none that was begun is none', async () => {
    expect(await check('result')).toEqual(failed('not_begun'));
  });
});

it.each([null, '', 'verified', 'passed', 1, ['result'], { status: 'verified', session: 'vs_1' }])(
  'a browser passes nobody by %j',
  async (answer) => {
    known = { session: 'vs_1', state: 'processing', because: null };
    expect(await check(answer)).toEqual(failed('malformed'));
  },
);

describe('a session that lies', () => {
  it.each<[string, object, string]>([
    ['for another challenge', { metadata: { ...metadata, cordon_evaluation: 'ev_other' } }, 'other_session'],
    ['for another merchant', { metadata: { ...metadata, cordon_merchant: 'other' } }, 'other_session'],
    ['without metadata', { metadata: {} }, 'nonsense'],
    ['without a selfie', { options: { document: { require_matching_selfie: false } } }, 'other_session'],
    ['of another kind', { type: 'id_number' }, 'nonsense'],
    ['that is none', { object: 'charge' }, 'nonsense'],
    ['with an id that is none', { id: '../v1/charges' }, 'nonsense'],
    ['whose page is a script', { url: 'javascript:alert(1)' }, 'nonsense'],
    ['whose page is not encrypted', { url: 'http://verify.stripe.com/start' }, 'nonsense'],
    ['whose page is none', { url: 'verify' }, 'nonsense'],
    ['without a word about its page', { url: undefined }, 'nonsense'],
  ])('%s', async (_, lie, because) => {
    api.lie = lie as Record<string, unknown>;
    expect(await check('begin')).toEqual(unavailable(because));
    expect(began).toEqual([]);
  });

  it('of test mode is none in production', async () => {
    expect(await check('begin', PRODUCTION)).toEqual(unavailable('test_key'));
    api.lie = { livemode: true };
    expect(await check('begin', PRODUCTION)).toMatchObject(pending);
  });

  it('of a stand-in’s page is none in production', async () => {
    api.lie = { url: 'http://127.0.0.1:9000/start', livemode: true };
    expect(await check('begin')).toMatchObject({ ...pending, task: { url: 'http://127.0.0.1:9000/start' } });
    expect(await check('begin', PRODUCTION)).toEqual(unavailable('nonsense'));
  });
});

describe('an answer of Stripe’s that is none', () => {
  const error = (status: number) => () => Response.json({ error: { type: 'x' } }, { status });
  it.each<[string, () => Response | Promise<Response>, string, number]>([
    ['a wrong key', error(401), 'refuses_secret', 1],
    ['a key without this right', error(403), 'refuses_secret', 1],
    ['not activated', error(400), 'refuses_request', 1],
    ['not found', error(404), 'refuses_request', 1],
    ['too many', error(429), 'out_of_order', 2],
    ['broken', error(500), 'out_of_order', 2],
    ['no connection', () => Promise.reject(new Error('refused')), 'unreachable', 2],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
      'redirects',
      1,
    ],
    ['a page', () => new Response('<!doctype html>'), 'nonsense', 1],
    ['huge', () => new Response(`{"id":"${'x'.repeat(70_000)}"}`), 'too_large', 1],
  ])('%s', async (_, reply, because, asked) => {
    api.reply = reply;
    expect(await check('begin')).toEqual(unavailable(because));
    expect(api.asked).toHaveLength(asked);
    expect(began).toEqual([]);
  });

  it('that is slow: twice six seconds, and no longer', async () => {
    api.reply = () => new Promise<never>(() => {});
    const start = Date.now();
    expect(await check('begin')).toEqual(unavailable('late'));
    expect(Date.now() - start).toBeLessThan(22_000);
    expect(new Set(api.asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('once, is asked for once more', async () => {
    api.reply = (_, honest) => (api.asked.length === 1 ? new Response('oops', { status: 502 }) : honest());
    expect(await check('begin')).toMatchObject({ ...pending, task: {} });
    expect(api.sessions).toHaveLength(1);
  });
});

it('costs no more than a day’s budget', async () => {
  leave = 'spent';
  expect(await check('begin')).toEqual({ kind: 'spent', because: 'over_budget' });
  expect(api.asked).toEqual([]);
});

describe('without the gate', () => {
  it.each(['begin', 'result'])('nothing is known: %s', async (answer) => {
    known = 'unavailable';
    expect(await check(answer)).toEqual(unavailable('no_gate'));
  });

  it('nobody is sent to a page whose result would be lost', async () => {
    begun = 'unavailable';
    expect(await check('begin')).toEqual(unavailable('no_gate'));
    begun = 'other';
    expect(await check('begin')).toEqual(unavailable('other_session'));
    leave = 'unavailable';
    expect(await check('begin')).toEqual(unavailable('no_gate'));
  });
});

describe('cannot be run', () => {
  it.each<[string, Change, string]>([
    ['without its key', { secrets: { CORDON_WEBHOOK_IDENTITY: 'whsec' } }, 'no_secret'],
    ['without its webhooks’ secret', { secrets: { CORDON_IDENTITY_TESTS: KEY } }, 'no_secret'],
    ['by a test key in production', { isProduction: true }, 'test_key'],
    ['by another', { isProduction: true, secrets: { ...SECRETS, CORDON_IDENTITY_TESTS: 'sk_test_x' } }, 'test_key'],
  ])('%s', async (_, change, because) => {
    expect(await identity.pose(posing(change))).toBeNull();
    expect(await check('begin', change)).toEqual(unavailable(because));
    expect(api.asked).toEqual([]);
  });
});
