/**
 * A Hono application that guards itself, in front of the real Worker: what gets through, what the client hears, and
 * that every outcome is told.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { type Context, Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { middleware } from '../../examples/api/middleware.ts';
import { type Cordon, createClient, type Fetch, type OnUnreachable, type Outcome } from '../../src/client/client.ts';
import { cordonGuard, type GuardOptions, reportOutcome, verdictOf } from '../../src/middleware/hono.ts';

const CARD = '4242424242424242';
const viaWorker: Fetch = (url, init) => exports.default.fetch(url, init);
const down: Fetch = async () => {
  throw new TypeError('fetch failed');
};

function cordonOver(fetch: Fetch = viaWorker, onUnreachable: OnUnreachable = 'block'): Cordon {
  return createClient({ url: 'https://localhost', key: env.CORDON_ADMIN_KEY, onUnreachable, fetch });
}
const cordon = cordonOver();

let tests = 0;
let ip = '';
beforeEach(async () => {
  ip = `203.0.113.${++tests}`;
  const card_testing_guard_config = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 };
  await cordon.merchants.put('acme', { id: 'acme', card_testing_guard_config });
});

type Handler = (c: Context) => Response | Promise<Response>;

function shop(handler: Handler, change: Partial<GuardOptions> = {}) {
  const guard = cordonGuard({
    cordon,
    merchant: 'acme',
    address: (c) => c.req.header('test-address') ?? null,
    attempt: async (c) => ({ card: { number: (await c.req.json()).card } }),
    onUnreported: () => {},
    ...change,
  });
  const app = new Hono().post('/pay', guard, handler);
  app.onError((_, c) => c.text('sorry', 500));
  return app;
}

function pay(app: Hono, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(
    app.request('/pay', {
      method: 'POST',
      headers: { 'test-address': ip, ...headers },
      body: JSON.stringify({ card: CARD }),
    }),
  );
}

async function outcomeOf(answer: Response) {
  return (await cordon.evaluation(answer.headers.get('cordon-evaluation') ?? '')).outcome;
}

const declined: Handler = (c) => {
  reportOutcome(c, { status: 'failed', decline_reason: 'incorrect_cvc' });
  return c.json({ paid: false }, 402);
};
const paid: Handler = (c) => {
  reportOutcome(c, { status: 'succeeded', processor_payment_id: 'pay_1' });
  return c.json({ paid: true });
};

describe('what gets through', () => {
  it('reaches the handler, which knows why, and keeps its own answer', async () => {
    const kinds: unknown[] = [];
    const answer = await pay(
      shop((c) => {
        kinds.push(verdictOf(c)?.kind);
        return paid(c);
      }),
    );
    expect([answer.status, await answer.clone().json(), kinds]).toEqual([200, { paid: true }, ['evaluated']]);
    expect(await outcomeOf(answer)).toMatchObject({ status: 'succeeded', processor_payment_id: 'pay_1' });
  });
});

describe('what is stopped never reaches the handler', () => {
  it('a card that was declined before: one text, no reason', async () => {
    const handled: string[] = [];
    const app = shop((c) => {
      handled.push('once');
      return declined(c);
    });
    expect((await pay(app)).status).toBe(402);
    const refusal = await pay(app);
    expect([refusal.status, refusal.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(await refusal.json()).toEqual({
      type: 'about:blank',
      status: 403,
      code: 'payment_refused',
      title: 'This payment was refused',
      evaluation: refusal.headers.get('cordon-evaluation'),
    });
    expect(handled).toEqual(['once']);
  });

  it('a second attempt while the first is in flight: 429 with Retry-After', async () => {
    const { promise: processor, resolve: answerNow } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const app = shop(async (c) => {
      begin();
      await processor;
      return paid(c);
    });
    const first = pay(app);
    await begun;
    const second = await pay(app);
    expect([second.status, Number(second.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await second.json()).toMatchObject({ code: 'attempt_in_flight' });
    answerNow();
    expect((await first).status).toBe(200);
  });

  it.each(['x-forwarded-for', 'cf-connecting-ip', 'x-real-ip', 'forwarded'])(
    'who has no address is refused, whatever %s says',
    async (header) => {
      const app = shop(paid, { address: () => null });
      const refusal = await pay(app, { [header]: '198.51.100.1' });
      expect([refusal.status, await refusal.json()]).toEqual([
        403,
        expect.objectContaining({ code: 'no_client_address' }),
      ]);
    },
  );

  it('a challenge that the handler does not run', async () => {
    const challenge = { url: 'https://shop.example/c', methods: ['turnstile'], expires_at: '2030-01-01T00:00:00Z' };
    const asked = async () =>
      Response.json({ id: 'ev_1', decision: 'challenge', challenge, retry_after_seconds: null });
    const refusal = await pay(shop(paid, { cordon: cordonOver(asked) }));
    expect([refusal.status, await refusal.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'challenge_required', challenge, evaluation: 'ev_1' }),
    ]);
  });
});

describe('every outcome is told', () => {
  it.each<[string, Handler, Partial<GuardOptions>, string]>([
    ['by the handler', declined, {}, 'failed'],
    [
      'by the answer',
      (c) => c.json({ paid: false }, 402),
      { outcome: (r) => (r.status === 402 ? { status: 'failed' } : null) },
      'failed',
    ],
    [
      'by the body of the answer',
      (c) => c.json({ s: 'ok' }),
      { outcome: async (r) => (((await r.json()) as { s: string }).s === 'ok' ? { status: 'succeeded' } : null) },
      'succeeded',
    ],
    ['the handler before the answer', (c) => paid(c), { outcome: () => ({ status: 'failed' }) }, 'succeeded'],
    ['by nobody', (c) => c.json({}), {}, 'unknown'],
    ['by nobody, as the answer says nothing', (c) => c.json({}), { outcome: () => null }, 'unknown'],
    ['a handler that throws', () => Promise.reject(new Error('broken')), {}, 'unknown'],
    [
      'a handler that throws, whose answer means nothing',
      () => Promise.reject(new Error('broken')),
      { outcome: () => ({ status: 'failed' }) },
      'unknown',
    ],
  ])('%s', async (_, handler, change, status) => {
    expect(await outcomeOf(await pay(shop(handler, change)))).toMatchObject({ status });
  });

  it('what was told before the handler threw', async () => {
    const app = shop((c) => {
      void declined(c);
      throw new Error('broken after the decline');
    });
    const answer = await pay(app);
    expect([answer.status, (await outcomeOf(answer))?.status]).toEqual([500, 'failed']);
  });

  it('also when what is thrown is no Error, and Hono passes it on', async () => {
    const told: Outcome[] = [];
    const spy = {
      ...cordon,
      reportOutcome: (id: string, outcome: Outcome) => {
        told.push(outcome);
        return cordon.reportOutcome(id, outcome);
      },
    };
    const app = shop(() => Promise.reject('a string'), { cordon: spy });
    await expect(pay(app)).rejects.toBe('a string');
    expect(told).toEqual([{ status: 'unknown' }]);
  });

  it('also when the function that reads the answer throws: the buyer gets the answer', async () => {
    const heard: unknown[] = [];
    const app = shop((c) => c.json({ paid: true }), {
      outcome: () => Promise.reject(new Error('broken')),
      onUnreported: (error) => void heard.push(error),
    });
    const answer = await pay(app);
    expect([answer.status, (await outcomeOf(answer))?.status, heard]).toEqual([200, 'unknown', [new Error('broken')]]);
  });

  it('after the client left: the work hangs on the execution context', async () => {
    const ctx = createExecutionContext();
    const request = new Request('https://shop.example/pay', {
      method: 'POST',
      headers: { 'test-address': ip },
      body: JSON.stringify({ card: CARD }),
    });
    const app = shop(declined);
    void app.fetch(request, {}, ctx);
    await waitOnExecutionContext(ctx);
    expect((await pay(app)).status).toBe(403);
  });
});

describe('while Cordon cannot be asked', () => {
  it.each([
    ['block', 403, 0],
    ['allow', 200, 1],
    ['throw', 500, 0],
  ] as const)('%s: %i', async (policy, status, handled) => {
    let count = 0;
    const app = shop(
      (c) => {
        count++;
        return paid(c);
      },
      { cordon: cordonOver(down, policy) },
    );
    expect([(await pay(app)).status, count]).toEqual([status, handled]);
  });
});

describe('while an outcome cannot be told', () => {
  const halfDown: Fetch = (url, init) => (url.endsWith('/outcome') ? down(url, init) : viaWorker(url, init));

  it.each<[string, Handler, OnUnreachable, number]>([
    ['a decline is not passed on: the next try would be free', declined, 'block', 503],
    ['nor where it would be thrown', declined, 'throw', 503],
    ['unless the policy is to let through', declined, 'allow', 402],
    ['a success is: the buyer has paid', paid, 'block', 200],
  ])('%s', async (_, handler, policy, status) => {
    const unreported: Outcome[] = [];
    const onUnreported = (_error: unknown, outcome: Outcome) => void unreported.push(outcome);
    const answer = await pay(shop(handler, { cordon: cordonOver(halfDown, policy), onUnreported }));
    expect([answer.status, unreported.length]).toEqual([status, 1]);
  });
});

it('the same order again is another try: no answer is waved through twice', async () => {
  const app = shop(declined);
  const statuses = [];
  for (let times = 0; times < 3; times++) statuses.push((await pay(app)).status);
  expect(statuses).toEqual([402, 403, 403]);
});

it('reportOutcome outside of a guard is a mistake that is heard', async () => {
  const app = new Hono().get('/', (c) => {
    reportOutcome(c, { status: 'failed' });
    return c.text('');
  });
  app.onError((error, c) => c.text(error.message, 500));
  expect(await (await app.request('/')).text()).toContain('needs cordonGuard');
});

it('the example of the documentation guards a payment', async () => {
  const app = middleware(cordon, async () => ({ id: 'pay_1', declined: 'do_not_honor' }));
  const order = { card: { number: CARD }, email: 'a@example.com' };
  const send = () =>
    app.request('/pay', { method: 'POST', headers: { 'cf-connecting-ip': ip }, body: JSON.stringify(order) });
  expect([(await send()).status, (await send()).status]).toEqual([402, 403]);
});
