/**
 * What the client does when Cordon does not answer, or somebody else does. Run from Node: it is a client of anything.
 */
import { describe, expect, it } from 'vitest';
import { CordonError, createClient, type Fetch, type OnUnreachable } from '../../src/client/client.ts';

const REQUEST = { merchant: 'acme', attempt: { ip: '203.0.113.9' } };
const EVALUATION = { id: 'ev_1', decision: 'allow' };

const json = (status: number, body: unknown) => async () => Response.json(body, { status });
const text = (status: number, body: string) => async () => new Response(body, { status });
const problem = (status: number, code: string) => json(status, { type: 'about:blank', title: 'No', status, code });
const down: Fetch = async () => {
  throw new TypeError('fetch failed');
};
const never: Fetch = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

function clientOver(fetch: Fetch, onUnreachable: OnUnreachable = 'block') {
  return createClient({ url: 'https://cordon.example', key: 'ck_x', onUnreachable, fetch, timeoutMs: 200 });
}

/** Answers with each in turn, and with the last from then on. */
function inTurn(...answers: readonly Fetch[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = (url, init) => {
    calls.push({ url, init });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer === undefined) throw new Error('no answer left');
    return answer(url, init);
  };
  return { calls, fetch };
}

const UNREACHABLE: readonly (readonly [string, Fetch])[] = [
  ['nobody listens', down],
  ['nobody answers in time', never],
  ['the gate is away', problem(503, 'gate_unavailable')],
  ['something broke', problem(500, 'internal_error')],
  ['an edge answers in its own words', text(502, '<h1>Bad gateway</h1>')],
  ['a portal answers 200', text(200, '<h1>Welcome</h1>')],
  ['the answer is no evaluation', json(200, { hello: 'world' })],
  ['the answer is null', json(200, null)],
  ['the decision is one that this client does not know', json(200, { id: 'ev_1', decision: 'perhaps' })],
  ['a redirect', text(302, '')],
];

describe.each(UNREACHABLE)('%s', (_, fetch) => {
  it.each(['block', 'allow'] as const)('the policy decides, visibly: %s', async (policy) => {
    const verdict = await clientOver(fetch, policy).evaluate(REQUEST);
    expect([verdict.kind, verdict.decision]).toEqual(['unreachable', policy]);
    expect(verdict.kind === 'unreachable' && verdict.error.isUnreachable).toBe(true);
  });

  it('or it is thrown', async () => {
    await expect(clientOver(fetch, 'throw').evaluate(REQUEST)).rejects.toBeInstanceOf(CordonError);
  });
});

describe('what was asked and refused is no outage: it is thrown, whatever the policy', () => {
  it.each([
    ['a bad key', problem(401, 'unauthorized')],
    ['a faulty attempt', problem(422, 'invalid_attempt')],
    ['a wrong URL', text(404, 'not here')],
    ['a firewall', text(403, 'no')],
  ])('%s', async (_, fetch) => {
    const error = await clientOver(fetch, 'allow')
      .evaluate(REQUEST)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CordonError);
    expect((error as CordonError).isUnreachable).toBe(false);
  });
});

describe('is repeated once, where that is safe', () => {
  it.each([
    ['an evaluation without a key', (c: ReturnType<typeof clientOver>) => c.evaluate(REQUEST), 1],
    ['an evaluation with a key', (c: ReturnType<typeof clientOver>) => c.evaluate(REQUEST, { idempotencyKey: 'o' }), 2],
    ['an outcome', (c: ReturnType<typeof clientOver>) => c.reportOutcome('ev_1', { status: 'failed' }), 2],
    ['a new key', (c: ReturnType<typeof clientOver>) => c.keys.create('acme'), 1],
    ['an unblock', (c: ReturnType<typeof clientOver>) => c.blocks.unblock('acme', { ip: '192.0.2.1' }), 1],
  ])('%s', async (_, call, times) => {
    const { calls, fetch } = inTurn(down, json(200, EVALUATION));
    await call(clientOver(fetch)).catch(() => {});
    expect(calls).toHaveLength(times);
  });

  it('not a third time, and not what was refused', async () => {
    const silent = inTurn(down);
    await expect(clientOver(silent.fetch).evaluation('ev_1')).rejects.toThrow('could not be reached');
    const refused = inTurn(problem(403, 'forbidden'));
    await expect(clientOver(refused.fetch).evaluation('ev_1')).rejects.toThrow('forbidden');
    expect([silent.calls.length, refused.calls.length]).toEqual([2, 1]);
  });
});

it('sends the key in its header alone, follows no redirect, and lets no part of a path out', async () => {
  const { calls, fetch } = inTurn(json(200, { ...EVALUATION, outcome: null }));
  await clientOver(fetch).evaluation('../merchants?x#y');
  expect(calls[0]?.url).toBe('https://cordon.example/.cordon/v1/evaluations/..%2Fmerchants%3Fx%23y');
  expect(calls[0]?.init).toMatchObject({ redirect: 'manual', headers: { authorization: 'Bearer ck_x' } });
});

it.each(['..', '.', '', '%2e%2e'])('takes no id that would name something else: %j', async (id) => {
  const { calls, fetch } = inTurn(json(200, {}));
  const cordon = clientOver(fetch);
  const all = [cordon.keys.revoke('acme', id), cordon.merchants.delete(id), cordon.evaluation(id)];
  for (const call of all) await expect(call).rejects.toBeInstanceOf(TypeError);
  expect(calls).toEqual([]);
});

describe('throws at once for what can never work', () => {
  const good = { url: 'https://cordon.example', key: 'ck_x', onUnreachable: 'block' } as const;
  it.each([
    ['no URL', { url: 'cordon' }],
    ['plain http elsewhere', { url: 'http://cordon.example' }],
    ['no key', { key: '' }],
    ['a key with a line break', { key: 'ck_x\n' }],
    ['no policy', { onUnreachable: undefined as unknown as OnUnreachable }],
    ['no time', { timeoutMs: 0 }],
  ])('%s', (_, change) => {
    expect(() => createClient({ ...good, ...change })).toThrow(TypeError);
  });

  it.each(['http://localhost:8787', 'http://127.0.0.1:1', 'http://[::1]:1'])('but not for %s', (url) => {
    expect(() => createClient({ ...good, url })).not.toThrow();
  });
});
