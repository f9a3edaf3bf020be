/**
 * A risky payment through the proxy: asked for a challenge, let in with its pass, and nothing of it for anybody else.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { PaymentGate } from '../../src/gate/payment-gate.ts';
import { type Asked, answer, call, HOSTING, passOf, RISKY, solved, type Told } from '../support/challenges.ts';
import { manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
/** Another payer for each test: what one leaves unanswered is not held against the next. */
let ip = '';
let card = '';
let tests = 0;
const risky = (change: Try = {}) => pay({ cf: HOSTING, ip, card, ...change });
/** With a counter, so that what goes through is on record. */
const COUNTED = { ...RISKY, card_testing_guard_config: rule('card_ip', 100) };
const withPass = (pass: string, change: Try = {}) => risky({ ...change, headers: { 'cordon-pass': pass } });

beforeEach(async () => {
  ip = `198.51.100.${++tests}`;
  card = cards(100)[tests] ?? '';
  origin = new StandInOrigin();
  await putAcme(RISKY);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The gate's calls, by name, since this was called. */
function watchGate(): () => readonly string[] {
  const names = [Gate.prototype, PaymentGate.prototype].flatMap((it) =>
    Object.getOwnPropertyNames(it).filter((name) => !['constructor', 'alarm'].includes(name)),
  );
  const spies = names.map((name) => {
    const on = Object.hasOwn(Gate.prototype, name) ? Gate.prototype : PaymentGate.prototype;
    return [name, vi.spyOn(on, name as 'admit')] as const;
  });
  return () => spies.flatMap(([name, spy]) => spy.mock.calls.map(() => name)).toSorted();
}

it('is asked for a challenge, and not sent on', async () => {
  const asked = await risky();
  expect(asked.status).toBe(403);
  const { code, evaluation, challenge } = (await asked.json()) as Asked;
  expect(code).toBe('challenge_required');
  expect(asked.headers.get('cordon-evaluation')).toBe(evaluation);
  expect(asked.headers.get('cache-control')).toBe('no-store');
  expect(challenge.methods).toEqual(['proof_of_work']);
  expect(challenge.url).toMatch(/^https:\/\/shop\.acme\.example\/\.cordon\/challenge\/[\w.-]+$/);
  expect(Date.parse(challenge.expires_at) - Date.now()).toBeLessThanOrEqual(900_000);
  expect(origin.arrived).toHaveLength(0);
});

it('goes through with its pass, which the origin never sees', async () => {
  await putAcme(COUNTED);
  const pass = await passOf(await risky());
  const paid = await withPass(pass);
  expect(paid.status).toBe(200);
  expect(origin.arrived).toHaveLength(1);
  expect([...(origin.arrived[0]?.headers.keys() ?? [])].filter((name) => name.startsWith('cordon-'))).toEqual([
    'cordon-decision',
    'cordon-evaluation',
    'cordon-loop',
    'cordon-risk-score',
  ]);
  const told = await (await manage('GET', `/evaluations/${paid.headers.get('cordon-evaluation')}`)).json();
  expect(told).toMatchObject({
    decision: 'allow',
    challenge: null,
    reasons: [{ code: 'hosting', message: expect.stringContaining('passed: proof_of_work') }],
  });
});

it('tells what there is to answer', async () => {
  const { challenge, evaluation } = (await (await risky()).json()) as Asked;
  const told = (await (await call(challenge.url)).json()) as Told;
  expect(told).toMatchObject({
    evaluation,
    expires_at: challenge.expires_at,
    methods: [{ name: 'proof_of_work', strength: 1 }],
  });
  expect(JSON.stringify(told)).not.toContain('424242');
});

describe('somebody below the threshold', () => {
  it('sees nothing of it, and costs one call before the origin and one after', async () => {
    await putAcme({ ...RISKY, card_testing_guard_config: rule('card_ip', 3) });
    await pay({ ip: '192.0.2.1' });
    const called = watchGate();
    const paid = await pay({ ip: '192.0.2.1', headers: { 'cordon-pass': 'x'.repeat(50) } });
    expect(paid.status).toBe(200);
    expect(called()).toEqual(['admit', 'admitText', 'settleText']);
  });

  it('needs no pass where nothing wants one, and uses none up', async () => {
    const pass = await passOf(await risky());
    expect((await pay({ ip, card, headers: { 'cordon-pass': pass } })).status).toBe(200);
    expect((await withPass(pass)).status).toBe(200);
  });
});

it('costs the gate nothing before its answer, and one call after', async () => {
  await risky();
  const called = watchGate();
  expect((await risky()).status).toBe(403);
  await vi.waitFor(() => expect(called()).toEqual(['askChallenge']));
});

it('costs the payer one call more, besides the challenge', async () => {
  await putAcme({ ...RISKY, card_testing_guard_config: rule('card_ip', 3) });
  const pass = await passOf(await risky());
  const called = watchGate();
  expect((await withPass(pass)).status).toBe(200);
  expect(called()).toEqual(['admit', 'admitText', 'settleText']);
});

describe('is not let in', () => {
  it('when the pass was used', async () => {
    const pass = await passOf(await risky());
    expect((await withPass(pass)).status).toBe(200);
    const again = await withPass(pass);
    expect([again.status, await codeOf(again)]).toEqual([403, 'challenge_required']);
    expect(origin.arrived).toHaveLength(1);
  });

  it('without the gate, whatever that means for others', async () => {
    await putAcme({ ...RISKY, on_gate_unavailable: 'allow', card_testing_guard_config: rule('card_ip', 3) });
    const pass = await passOf(await risky());
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect(await codeOf(await withPass(pass))).toBe('challenge_required');
    expect(origin.arrived).toHaveLength(0);
  });

  it('nor asked once more without the gate, where that blocks: no challenge could be of use', async () => {
    const rules = [{ name: 'data centre', when: 'ip.asn == 16509', then: 'challenge' }];
    await putAcme({ step_up: RISKY.step_up, rules, card_testing_guard_config: rule('card_ip', 100) });
    const pass = await passOf(await risky());
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    expect(await codeOf(await withPass(pass))).toBe('payment_refused');
    expect(origin.arrived).toHaveLength(0);
  });

  it('by what another rule says, with a pass that stays good', async () => {
    await putAcme({ ...RISKY, card_testing_guard_config: rule('guest_ip', 1) });
    const payer = { card: '5555555555554444' };
    const passes = [await passOf(await risky(payer)), await passOf(await risky(payer))];
    const release = origin.hold(answers.succeed);
    const first = withPass(passes[0] ?? '', payer);
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
    expect(await codeOf(await withPass(passes[1] ?? '', payer))).toBe('attempt_in_flight');
    release();
    expect((await first).status).toBe(200);
    expect((await withPass(passes[1] ?? '', payer)).status).toBe(200);
  });

  it('past a counter: a failure with a pass counts as any other', async () => {
    await putAcme({ ...RISKY, card_testing_guard_config: rule('guest_ip', 1) });
    const payer = {};
    const passes = [await passOf(await risky(payer)), await passOf(await risky(payer))];
    origin.answer(answers.decline);
    expect((await withPass(passes[0] ?? '', payer)).status).toBe(402);
    expect(await codeOf(await withPass(passes[1] ?? '', payer))).toBe('payment_refused');
  });
});

describe('says in the log', () => {
  const lines = async (work: () => Promise<unknown>) => {
    const log = vi.spyOn(console, 'log');
    log.mockClear();
    await work();
    return log.mock.calls.map(([line]) => JSON.parse(String(line))).filter(({ event }) => event === 'decision');
  };

  it('by what it was passed', async () => {
    const pass = await passOf(await risky());
    expect(await lines(() => withPass(pass))).toMatchObject([{ decision: 'allow', passed: 'proof_of_work' }]);
  });

  it.each([
    ['malformed', 'nonsense'],
    ['altered', `eyJhbGciOiJIUzM4NCJ9.e30.${'A'.repeat(64)}`],
  ])('what was wrong with the pass: %s', async (fault, pass) => {
    expect(await lines(() => withPass(pass))).toMatchObject([{ decision: 'challenge', pass_fault: fault }]);
  });

  it('that it was used, is over, or was for another', async () => {
    const used = await passOf(await risky());
    await withPass(used);
    expect(await lines(() => withPass(used))).toMatchObject([{ pass_fault: 'used' }]);
    const other = await passOf(await risky());
    expect(await lines(() => withPass(other, { card: '5555555555554444' }))).toMatchObject([
      { pass_fault: 'other_attempt' },
    ]);
  });
});

describe('the methods', () => {
  const methodsWith = async (change: Record<string, unknown>, attempt: Try = {}) => {
    await putAcme({ ...RISKY, ...change });
    const asked = (await (await risky(attempt)).json()) as Partial<Asked>;
    return asked.challenge?.methods ?? asked.code;
  };
  const work = { ...RISKY.step_up };

  it('are those of the risk where it is high', async () => {
    const by_risk = [{ above: 10, methods: ['proof_of_work'] }];
    expect(await methodsWith({ step_up: { ...work, methods: [], by_risk } })).toEqual(['proof_of_work']);
    const high = [{ above: 90, methods: ['proof_of_work'] }];
    expect(await methodsWith({ step_up: { ...work, methods: [], by_risk: high } })).toBe('payment_refused');
  });

  it('are none on a route that does without, and the fallback applies', async () => {
    const routes = [{ ...payRoute, step_up: { methods: [] } }];
    expect(await methodsWith({ routes })).toBe('payment_refused');
    const fallback = { ...work, fallback: 'review' };
    await putAcme({ ...COUNTED, routes, step_up: fallback });
    const paid = await risky();
    expect(paid.status).toBe(200);
    const told = await (await manage('GET', `/evaluations/${paid.headers.get('cordon-evaluation')}`)).json();
    expect(told).toMatchObject({
      decision: 'review',
      reasons: [{ message: expect.stringContaining('no step-up can be offered, fallback: review') }],
    });
  });
});

describe('a merchant in shadow', () => {
  it('sends everything on, records that it would have been challenged, and asks nobody', async () => {
    await putAcme({ ...RISKY, mode: 'shadow' });
    const log = vi.spyOn(console, 'log');
    const called = watchGate();
    expect((await risky()).status).toBe(200);
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([{ decision: 'challenge' }]);
    expect(called()).not.toContain('askChallenge');
  });

  it('asks the processor for nothing either', async () => {
    for (const mode of ['enforce', 'shadow']) {
      await putAcme({ ...RISKY, step_up: { methods: ['3ds'] }, mode });
      expect((await risky()).status).toBe(200);
    }
    expect(origin.arrived.map(({ headers }) => headers.get('cordon-request-3ds'))).toEqual(['true', null]);
  });
});

it('drops the pass where there is no step-up at all', async () => {
  await putAcme({});
  expect((await withPass('x')).status).toBe(200);
  expect(origin.arrived[0]?.headers.has('cordon-pass')).toBe(false);
});

it('is worth no more than one solution for its own ticket', async () => {
  const [one, other] = (await Promise.all([risky(), risky()].map(async (it) => (await it).json()))) as [Asked, Asked];
  const solution = await solved(one.challenge.url);
  expect(await codeOf(await answer(other.challenge.url, solution))).toBe('challenge_failed');
  const passes = await Promise.all([1, 2].map(async () => (await answer(one.challenge.url, solution)).json()));
  const [first, second] = passes as { pass: string }[];
  expect(first?.pass).not.toBe(second?.pass);
  expect((await withPass(first?.pass ?? '')).status).toBe(200);
  expect((await withPass(second?.pass ?? '')).status).toBe(403);
});

it('takes the widget’s own form of an answer', async () => {
  const { challenge } = (await (await risky()).json()) as Asked;
  const payload = btoa(JSON.stringify(await solved(challenge.url)));
  expect((await answer(challenge.url, payload)).status).toBe(200);
});
