/**
 * A backend is told of a challenge, shows it to its payer, and asks again with his pass.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { answer, LIGHT, RISKY, solved } from '../support/challenges.ts';
import { api, type Call, configure, evaluated, newMerchant, problemOf, tell } from './backend.ts';

const attempt = { ip: '203.0.113.9', country: 'NL', asn: 16509, card: { number: '4242424242424242' }, amount: 1999 };

async function asks(merchant: string, pass?: string, call: Call = {}, said: object = attempt): Promise<ToldEvaluation> {
  const body = { merchant, attempt: said, ...(pass === undefined ? {} : { pass }) };
  const told = await api('POST', '/evaluations', { ...call, body });
  expect(told.status, await told.clone().text()).toBe(200);
  return told.json();
}

async function passFor({ challenge }: ToldEvaluation): Promise<string> {
  const url = challenge?.url ?? '';
  const given = await answer(url, await solved(url));
  expect(given.status, await given.clone().text()).toBe(200);
  return ((await given.json()) as { pass: string }).pass;
}

it('is told the challenge, also when it reads the evaluation again', async () => {
  const merchant = await newMerchant(RISKY);
  const asked = await asks(merchant);
  expect(asked).toMatchObject({ decision: 'challenge', reservation: null, challenge: { methods: ['proof_of_work'] } });
  // A merchant without a host of its own is served where its backend asks.
  expect(asked.challenge?.url).toMatch(/^https:\/\/localhost\/\.cordon\/challenge\//);
  const again = await (await api('GET', `/evaluations/${asked.id}`)).json();
  expect(again).toMatchObject({ decision: 'challenge', challenge: asked.challenge });
});

it('is served on the host of its shop', async () => {
  const { hosts } = { hosts: ['pay.shop.example'] };
  const merchant = await newMerchant({ ...RISKY, hosts, origin: { pool: [{ url: 'https://o.shop.example' }] } });
  expect((await asks(merchant)).challenge?.url).toMatch(/^https:\/\/pay\.shop\.example\//);
});

it('goes on with the pass, once', async () => {
  const merchant = await newMerchant(RISKY);
  const pass = await passFor(await asks(merchant));
  const paid = await asks(merchant, pass);
  expect(paid).toMatchObject({ decision: 'allow', challenge: null, reservation: { expires_at: expect.any(String) } });
  expect(paid.reasons[0]?.message).toContain('passed: proof_of_work');
  const again = await asks(merchant, pass);
  expect(again).toMatchObject({ decision: 'challenge', challenge: { methods: ['proof_of_work'] } });
  expect(again.challenge?.url).not.toBe(paid.challenge);
  expect((await tell(paid.id, { status: 'failed' })).status).toBe(200);
});

it('gives the same answer to the same call, whose pass is used by now', async () => {
  const merchant = await newMerchant(RISKY);
  const pass = await passFor(await asks(merchant));
  const call = { headers: { 'idempotency-key': 'try-1' } };
  const first = await asks(merchant, pass, call);
  expect(first.decision).toBe('allow');
  expect(await asks(merchant, pass, call)).toEqual(first);
});

it.each([
  ['another card', { card: { number: '5555555555554444' } }],
  ['another amount', { amount: 2_000 }],
  ['another country', { country: 'DE' }],
  ['another network', { asn: 14061 }],
  ['a customer', { customer_id: 'cus_1' }],
  ['another kind', { kind: 'setup' }],
])('is asked again for %s', async (_, change) => {
  const merchant = await newMerchant(RISKY);
  const pass = await passFor(await asks(merchant));
  expect((await asks(merchant, pass, {}, { ...attempt, ...change })).decision).toBe('challenge');
  expect((await asks(merchant, pass)).decision).toBe('allow');
});

it('burns nothing while an earlier attempt is in flight', async () => {
  const guard = { guest_ip_blocking_status: 'enabled', guest_ip_blocking_threshold: 1 };
  const merchant = await newMerchant({ ...RISKY, card_testing_guard_config: guard });
  const passes = [await passFor(await asks(merchant)), await passFor(await asks(merchant))];
  const first = await asks(merchant, passes[0]);
  const busy = await asks(merchant, passes[1]);
  expect(busy).toMatchObject({ decision: 'block', retry_after_seconds: 5 });
  await tell(first.id, { status: 'succeeded' });
  expect((await asks(merchant, passes[1])).decision).toBe('allow');
});

it('is told the fallback without the gate, whatever pass it shows', async () => {
  const merchant = await newMerchant({ ...RISKY, on_gate_unavailable: 'allow' });
  const pass = await passFor(await asks(merchant));
  const lost = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  const told = await asks(merchant, pass);
  lost.mockRestore();
  expect(told.decision).toBe('challenge');
  expect((await asks(merchant, pass)).decision).toBe('allow');
});

it('is asked of nobody by a merchant in shadow', async () => {
  const merchant = await newMerchant({ ...RISKY, mode: 'shadow' });
  expect(await asks(merchant)).toMatchObject({ decision: 'allow', challenge: null });
});

it('is asked of nobody who is not there: a renewal falls back', async () => {
  const merchant = await newMerchant({ ...RISKY, network: { unknown_country: 'challenge' } });
  expect((await asks(merchant, undefined, {}, { kind: 'renewal', card: attempt.card })).decision).toBe('allow');
});

it('is told to ask for 3-D Secure where that comes first, also when it reads the evaluation again', async () => {
  const merchant = await newMerchant({ ...RISKY, step_up: { methods: ['3ds', 'proof_of_work'] } });
  const told = await asks(merchant);
  expect(told).toMatchObject({ decision: 'allow', request_3ds: true, challenge: null, reservation: {} });
  expect(await (await api('GET', `/evaluations/${told.id}`)).json()).toMatchObject({
    decision: 'allow',
    request_3ds: true,
  });
  const calm = await asks(merchant, undefined, {}, { ...attempt, asn: 1136 });
  expect(calm).toMatchObject({ decision: 'allow', request_3ds: false });
});

describe('the risk score', () => {
  const scored = (step_up_above: number, change: object = {}) => ({
    network: { asn: { hosting: 'score' } },
    reputation: { step_up_above, sizes: { hosting: 71 } },
    step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
    ...change,
  });

  it.each([
    ['above 70, the default', undefined, 'challenge'],
    ['above the threshold', 70, 'challenge'],
    ['exactly at the threshold', 71, 'allow'],
  ])('%s', async (_, above, decision) => {
    const { reputation, ...rest } = scored(above ?? 70);
    const merchant = await newMerchant({
      ...rest,
      reputation: above === undefined ? { sizes: reputation.sizes } : reputation,
    });
    const told = await evaluated(merchant, attempt);
    expect(told).toMatchObject({ decision, risk_score: 71 });
    expect(told.reasons.some(({ code }) => code === 'risk_score')).toBe(decision === 'challenge');
  });

  it('asks again, with a pass that was won where less was asked for', async () => {
    const turnstile = { site_key: '0x4AAAAAAA-site', secret_name: 'CORDON_TURNSTILE_TESTS' };
    const { step_up } = scored(70);
    const stepped = { step_up: { ...step_up, by_risk: [{ above: 90, methods: ['turnstile'] }], turnstile } };
    const merchant = await newMerchant(scored(70, stepped));
    const pass = await passFor(await asks(merchant));
    const reputation = { step_up_above: 70, sizes: { hosting: 95 } };
    await configure(merchant, { ...scored(70, stepped), reputation });
    expect(await asks(merchant, pass)).toMatchObject({ decision: 'challenge', challenge: { methods: ['turnstile'] } });
  });

  it('makes the work harder', async () => {
    const steep = { methods: ['proof_of_work'], proof_of_work: { least: 2, most: 1_000 } };
    const merchant = await newMerchant(scored(70, { step_up: steep }));
    const { challenge } = await asks(merchant);
    const { solution } = await solved(challenge?.url ?? '');
    // Of 71 in 100, rounded up to a quarter, of what there is between least and most; half at least.
    expect((solution as { counter: number }).counter).toBeGreaterThanOrEqual(355);
    expect((solution as { counter: number }).counter).toBeLessThanOrEqual(751);
  });
});

describe('too many challenges that nobody answers', () => {
  const few = { ...RISKY, step_up: { ...RISKY.step_up, max_unanswered: 3 } };

  it('shut the address and the card, which stand among the blocks and can be opened', async () => {
    const merchant = await newMerchant(few);
    for (let asked = 0; asked < 3; asked++) expect((await asks(merchant)).decision).toBe('challenge');
    const shut = await asks(merchant);
    expect(shut).toMatchObject({ decision: 'block', challenge: null });
    expect(shut.reasons[0]?.message).toContain('too many challenges');
    const { blocks } = (await (await api('GET', `/merchants/${merchant}/blocks`)).json()) as {
      blocks: { rule: string; failures: number; mode: string }[];
    };
    expect(blocks.map(({ rule, failures, mode }) => [rule, failures, mode])).toEqual([
      ['step_up_card', 3, 'enforce'],
      ['step_up_ip', 3, 'enforce'],
    ]);
    const { lifted } = (await (
      await api('POST', `/merchants/${merchant}/unblock`, { body: { ip: attempt.ip, card: attempt.card } })
    ).json()) as { lifted: unknown[] };
    expect(lifted).toHaveLength(2);
    expect((await asks(merchant)).decision).toBe('challenge');
  });

  it('hold nothing against whoever is below the threshold', async () => {
    const merchant = await newMerchant(few);
    for (let asked = 0; asked < 4; asked++) await asks(merchant);
    expect((await asks(merchant, undefined, {}, { ...attempt, asn: 1136 })).decision).toBe('allow');
  });

  it('do not count those that are passed', async () => {
    const merchant = await newMerchant(few);
    for (let asked = 0; asked < 5; asked++) {
      const pass = await passFor(await asks(merchant));
      expect((await asks(merchant, pass)).decision).toBe('allow');
    }
  });

  it('count nobody who is refused for something else, and shown no challenge', async () => {
    const merchant = await newMerchant({ ...few, network: { ...RISKY.network, deny_countries: ['KP'] } });
    for (let asked = 0; asked < 4; asked++) {
      const refused = await asks(merchant, undefined, {}, { ...attempt, country: 'KP' });
      expect(refused).toMatchObject({ decision: 'block', challenge: null });
    }
    expect((await asks(merchant)).decision).toBe('challenge');
  });

  it('leave the last that were asked to be answered, which opens the key again', async () => {
    const merchant = await newMerchant(few);
    const last = [await asks(merchant), await asks(merchant), await asks(merchant)].at(-1) as ToldEvaluation;
    expect((await asks(merchant)).decision).toBe('block');
    expect((await asks(merchant, await passFor(last))).decision).toBe('allow');
    expect((await asks(merchant)).decision).toBe('challenge');
  });
});

it('takes a pass of any length that fits, and refuses others as faults', async () => {
  const merchant = await newMerchant(RISKY);
  expect((await asks(merchant, 'x'.repeat(4_096))).decision).toBe('challenge');
  const body = { merchant, attempt, pass: 'x'.repeat(4_097) };
  expect(await problemOf(await api('POST', '/evaluations', { body }))).toEqual([422, 'invalid_attempt']);
});
