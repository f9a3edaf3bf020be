/**
 * The calls below `/.cordon/challenge/`: what they take, from whom, where, and what they say when something is away.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer as appAnswer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { proofOfWork } from '../../src/step-up/proof-of-work.ts';
import { type Asked, answer, call, HOSTING, RISKY, solved, type Told } from '../support/challenges.ts';
import { manage, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, pay, problemOf } from '../support/shopper.ts';

let tests = 0;
let asked: Asked;

beforeEach(async () => {
  new StandInOrigin();
  await putAcme(RISKY);
  asked = await ask();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function ask(): Promise<Asked> {
  tests++;
  return (await pay({ cf: HOSTING, ip: `10.7.0.${tests}`, card: cards(100)[tests] ?? '' })).json();
}
it('are kept nowhere', async () => {
  const told = await call(asked.challenge.url);
  expect(told.status).toBe(200);
  expect(told.headers.get('cache-control')).toBe('no-store');
  expect(told.headers.has('strict-transport-security')).toBe(false);
});

describe('are not there', () => {
  const other = (url: string) => url.replace('shop.acme.example', 'shop.elsewhere.example');
  it.each<[string, (url: string) => string]>([
    ['for a ticket that is none', () => 'https://shop.acme.example/.cordon/challenge/nonsense'],
    ['for none at all', () => 'https://shop.acme.example/.cordon/challenge/'],
    ['for one that was altered', (url) => `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`],
    ['for one of an unknown merchant', (url) => url.replace(/[^/]+$/, `${btoa('{"iss":"nobody"}')}..x.x.x`)],
    ['below a method’s answer', (url) => `${url}/proof_of_work/more`],
  ])('%s', async (_, change) => {
    expect(await problemOf(call(change(asked.challenge.url)))).toEqual([404, 'not_found']);
  });

  it('on the host of another shop, in production', async () => {
    const production = {
      ...(env as unknown as RawEnvironment),
      CORDON_ENV: 'production',
      CORDON_ADMIN_HOST: 'a.example',
    };
    const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
    const headers = { 'cf-connecting-ip': '10.7.1.1' };
    const at = (url: string) => appAnswer(new Request(url, { headers }), production, ctx);
    expect((await at(asked.challenge.url)).status).toBe(200);
    expect(await problemOf(at(other(asked.challenge.url)))).toEqual([404, 'not_found']);
    expect(await problemOf(at(asked.challenge.url.replace('shop.acme.example', 'a.example')))).toEqual([
      404,
      'not_found',
    ]);
    await appAnswer(new Request('https://localhost/.cordon/health'), env as unknown as RawEnvironment, ctx);
  });

  it('for whomever a ticket names on the host of a shop: nobody else is looked up by an unproven word', async () => {
    const production = {
      ...(env as unknown as RawEnvironment),
      CORDON_ENV: 'production',
      CORDON_ADMIN_HOST: 'a.example',
    };
    const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
    const headers = { 'cf-connecting-ip': '10.7.1.2' };
    const reads = vi.spyOn(env.MERCHANTS, 'get');
    for (const named of ['made-up-1', 'made-up-2']) {
      const url = asked.challenge.url.replace(/[^/]+$/, `${btoa(`{"iss":"${named}"}`)}..x.x.x`);
      expect(await problemOf(appAnswer(new Request(url, { headers }), production, ctx))).toEqual([404, 'not_found']);
    }
    expect(reads.mock.calls.map(([key]) => String(key)).filter((key) => key.includes('made-up'))).toEqual([]);
    await appAnswer(new Request('https://localhost/.cordon/health'), env as unknown as RawEnvironment, ctx);
  });

  it('for anybody whose address asks too often, before anything is looked up', async () => {
    const ip = '10.7.1.3';
    const made = (n: number) => asked.challenge.url.replace(/[^/]+$/, `${btoa(`{"iss":"made-up-${n}"}`)}..x.x.x`);
    const answers = await Promise.all(Array.from({ length: 250 }, (_, n) => call(made(n), {}, ip)));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });

  it('for a method that was not offered, or is none', async () => {
    for (const method of ['turnstile', 'passkey', '3ds', 'nonsense']) {
      expect(await problemOf(answer(asked.challenge.url, 'x', { method }))).toEqual([404, 'not_found']);
    }
  });

  it('where the merchant has no step-up any more', async () => {
    await putAcme({});
    expect(await problemOf(call(asked.challenge.url))).toEqual([404, 'not_found']);
  });
});

it.each([
  ['GET', '/proof_of_work', 'POST'],
  ['PUT', '/proof_of_work', 'POST'],
  ['POST', '', 'GET'],
  ['DELETE', '', 'GET'],
])('take no %s of %j', async (method, path, allow) => {
  const refused = await call(`${asked.challenge.url}${path}`, { method });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
});

it('take nobody without an address, and nothing over http', async () => {
  const bare = await manage('GET', '/../challenge/x');
  expect(bare.status).toBe(403);
  expect((await call(asked.challenge.url.replace('https:', 'http:'), { redirect: 'manual' })).status).toBe(308);
});

it.each([
  ['no JSON', 'answer=1', 400],
  ['nothing', '', 400],
  ['another member', '{"answer":1,"more":2}', 400],
  ['no answer', '{"answers":1}', 400],
  ['a name twice', '{"answer":1,"answer":2}', 400],
  ['a list', '[1]', 400],
  ['too much', JSON.stringify({ answer: 'x'.repeat(70_000) }), 413],
])('refuse %s, which is no try', async (_, body, status) => {
  for (let tries = 0; tries < 6; tries++) {
    expect((await call(`${asked.challenge.url}/proof_of_work`, { method: 'POST', body })).status).toBe(status);
  }
  expect((await answer(asked.challenge.url, await solved(asked.challenge.url))).status).toBe(200);
});

describe('a wrong answer', () => {
  it.each<[string, (right: Awaited<ReturnType<typeof solved>>) => unknown]>([
    ['that is no answer', () => 'x'],
    [
      'of another counter',
      ({ challenge, solution }) => ({ challenge, solution: { ...(solution as object), counter: 0.5 } }),
    ],
    [
      'of another key',
      ({ challenge, solution }) => ({ challenge, solution: { ...(solution as object), derivedKey: '00'.repeat(32) } }),
    ],
    [
      'to an easier question',
      ({ challenge, solution }) => ({
        challenge: { ...challenge, parameters: { ...challenge.parameters, cost: 1 } },
        solution,
      }),
    ],
    [
      'to a question without an end',
      ({ challenge: { signature, parameters }, solution }) => {
        const { expiresAt: _, ...endless } = parameters;
        return { challenge: { signature, parameters: endless }, solution };
      },
    ],
    [
      'to an unsigned question',
      ({ challenge, solution }) => ({ challenge: { ...challenge, signature: '' }, solution }),
    ],
  ])('%s', async (_, change) => {
    const right = await solved(asked.challenge.url);
    expect(await problemOf(answer(asked.challenge.url, change(right)))).toEqual([403, 'challenge_failed']);
    expect((await answer(asked.challenge.url, right)).status).toBe(200);
  });
});

it('say that a challenge is over', async () => {
  const right = await solved(asked.challenge.url);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(asked.challenge.expires_at) });
  expect(await problemOf(call(asked.challenge.url))).toEqual([410, 'challenge_expired']);
  expect(await problemOf(answer(asked.challenge.url, right))).toEqual([410, 'challenge_expired']);
});

it('look at no answer without the gate', async () => {
  const right = await solved(asked.challenge.url);
  const lost = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect(await problemOf(answer(asked.challenge.url, right))).toEqual([503, 'challenge_unavailable']);
  lost.mockRestore();
  expect((await answer(asked.challenge.url, right)).status).toBe(200);
});

describe('when no method can be run', () => {
  const away = () => {
    vi.spyOn(proofOfWork, 'pose').mockResolvedValue(null);
    vi.spyOn(proofOfWork, 'check').mockResolvedValue({ kind: 'unavailable', because: 'late' });
  };

  it('say so where the fallback is to block', async () => {
    away();
    expect(await problemOf(call(asked.challenge.url))).toEqual([503, 'challenge_unavailable']);
    expect(await problemOf(answer(asked.challenge.url, 'x'))).toEqual([503, 'challenge_unavailable']);
  });

  it.each([
    ['allow', 'allow'],
    ['review', 'review'],
  ])('give a pass that is worth the fallback: %s', async (fallback, decision) => {
    const guard = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 9 };
    await putAcme({ ...RISKY, step_up: { ...RISKY.step_up, fallback }, card_testing_guard_config: guard });
    const payer = { cf: HOSTING, ip: '10.7.2.1', card: cards(200)[fallback.length + 150] ?? '' };
    const { challenge } = (await (await pay(payer)).json()) as Asked;
    away();
    const { pass = '' } = (await (await call(challenge.url)).json()) as Told;
    const paid = await pay({ ...payer, headers: { 'cordon-pass': pass } });
    expect(paid.status).toBe(200);
    const told = await (await manage('GET', `/evaluations/${paid.headers.get('cordon-evaluation')}`)).json();
    expect(told).toMatchObject({
      decision,
      reasons: [{ message: expect.stringContaining(`no step-up could be reached, fallback: ${fallback}`) }],
    });
    const given = await answer(challenge.url, 'x');
    expect(given.status).toBe(200);
    const again = await pay({ ...payer, headers: { 'cordon-pass': ((await given.json()) as { pass: string }).pass } });
    expect(again.status).toBe(403);
  });
});

it('let an answer wait, and do not count how often that is asked', async () => {
  vi.spyOn(proofOfWork, 'check').mockResolvedValue({ kind: 'pending', retryAfterSeconds: 2 });
  for (let asking = 0; asking < 8; asking++) {
    const waiting = await answer(asked.challenge.url, 'x');
    expect([waiting.status, await waiting.json()]).toEqual([200, { pending: true, retry_after_seconds: 2 }]);
  }
});

it('say in the log what became of an answer, and nothing of it', async () => {
  const log = vi.spyOn(console, 'log');
  await answer(asked.challenge.url, { challenge: 'my secret answer' });
  await answer(asked.challenge.url, await solved(asked.challenge.url));
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line))).filter(({ event }) => event === 'challenge');
  const about = { event: 'challenge', merchant: 'acme', evaluation: asked.evaluation, method: 'proof_of_work' };
  expect(lines).toEqual([
    { ...about, result: 'failed', because: 'malformed' },
    { ...about, result: 'passed' },
  ]);
});
