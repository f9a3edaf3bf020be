/**
 * Evaluations: the contract's JSON, every decision, every kind of attempt and of card.
 */
import { describe, expect, it } from 'vitest';
import { rule } from '../support/merchant.ts';
import { cards } from '../support/shopper.ts';
import { api, ask, attempt, CARD, configure, decided, evaluated, failed, IP, newMerchant, tell } from './backend.ts';

const guard = (config: Record<string, unknown>) => newMerchant({ card_testing_guard_config: config });
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

it('has exactly the fields of the contract, in its order', async () => {
  const merchant = await guard(rule('card_ip', 1));
  const allowed = await evaluated(merchant);
  expect(allowed).toStrictEqual({
    id: expect.stringMatching(/^ev_/),
    merchant,
    decision: 'allow',
    risk_score: 0,
    risk_level: 'not_assessed',
    risk: null,
    reasons: [],
    request_3ds: false,
    challenge: null,
    reservation: { expires_at: TIME },
    retry_after_seconds: null,
    mode: 'enforce',
    config_version: expect.stringMatching(/^[0-9a-f]{32}$/),
    created_at: TIME,
  });
  expect(Object.keys(allowed).join()).toBe(
    'id,merchant,decision,risk_score,risk_level,risk,reasons,request_3ds,challenge,reservation,retry_after_seconds,mode,config_version,created_at',
  );
  const { reservation, created_at } = allowed;
  const heldMs = Date.parse(reservation?.expires_at ?? '') - Date.parse(created_at);
  expect(Math.round(heldMs / 1000)).toBe(900);
});

it('answers in flight with 200, block, the reason and when to come back', async () => {
  const merchant = await guard(rule('card_ip', 1));
  const first = await evaluated(merchant);
  const busy = await evaluated(merchant);
  expect(busy).toMatchObject({ decision: 'block', reservation: null, retry_after_seconds: 5 });
  const message = '0 failures and 1 in flight, limit 1';
  expect(busy.reasons).toEqual([{ code: 'in_flight', rule: 'card_ip', message, mode: 'enforce' }]);
  await tell(first.id, { status: 'failed' });
  const shut = await evaluated(merchant);
  expect(shut).toMatchObject({ decision: 'block', reservation: null, retry_after_seconds: null });
  expect(shut.reasons).toEqual([
    { code: 'velocity', rule: 'card_ip', message: '1 failures, limit 1', mode: 'enforce' },
  ]);
});

describe('of fifty at once under a threshold of three', () => {
  const fifty = <T>(make: (index: number) => T) => Array.from({ length: 50 }, (_, index) => make(index));
  const ips = fifty((index) => `198.51.100.${index + 1}`);
  it.each([
    ['card_ip', fifty(() => attempt)],
    ['guest_user_card', ips.map((ip) => ({ ip, card: { number: CARD } }))],
    ['customer_id', cards(50).map((number, i) => ({ ip: ips[i], card: { number }, customer_id: 'cus_1' }))],
    ['guest_ip', cards(50).map((number) => ({ ip: IP, card: { number } }))],
  ] as const)('exactly three are allowed: %s', async (prefix, attempts) => {
    const merchant = await guard(rule(prefix, 3));
    const answers = await Promise.all(attempts.map((one) => evaluated(merchant, one)));
    const allowed = answers.filter(({ decision }) => decision === 'allow');
    expect(allowed).toHaveLength(3);
    const refused = answers.filter(({ decision }) => decision === 'block');
    expect(refused.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual(Array(47).fill('in_flight'));
    await Promise.all(allowed.map(({ id }) => tell(id, { status: 'failed' })));
    expect((await decided(merchant, attempts[0]))[1]).toMatch(/^velocity/);
  });
});

describe('a card', () => {
  const OTHER = '5555555555554444';
  it.each([
    ['spaces', { number: CARD }, { number: '4242 4242 4242 4242' }, 'block'],
    ['hyphens', { number: CARD }, { number: '4242-4242-4242-4242' }, 'block'],
    ['another number', { number: CARD }, { number: OTHER }, 'allow'],
    ['a fingerprint again', { fingerprint: 'f1' }, { fingerprint: 'f1', bin: '424242', country: 'NL' }, 'block'],
    ['another fingerprint', { fingerprint: 'f1' }, { fingerprint: 'F1' }, 'allow'],
    ['a token again', { token: 't1' }, { token: 't1' }, 'block'],
    ['a fingerprint like a number', { number: CARD }, { fingerprint: CARD }, 'allow'],
    ['a token like a number', { number: CARD }, { token: CARD }, 'allow'],
    ['a token like a fingerprint', { fingerprint: 'x' }, { token: 'x' }, 'allow'],
    ['a token that spells a fingerprint’s input', { fingerprint: 'x' }, { token: 'pf|x' }, 'allow'],
    ['no card', { number: CARD }, undefined, 'allow'],
  ] as const)('known by %s', async (_, first, second, expected) => {
    const merchant = await guard(rule('guest_user_card', 1));
    await failed(merchant, { ip: IP, card: first });
    expect((await decided(merchant, { ip: IP, card: second }))[0]).toBe(expected);
  });
});

it('knows a card by Cordon’s own fingerprint, as a list of blocks shows it', async () => {
  const merchant = await guard(rule('guest_user_card', 1));
  await failed(merchant);
  const { blocks } = (await (await api('GET', `/merchants/${merchant}/blocks`)).json()) as {
    blocks: { card: string }[];
  };
  expect(await decided(merchant, { ip: IP, card: { fingerprint: blocks[0]?.card } })).toEqual([
    'block',
    'velocity:guest_card',
  ]);
});

describe('a kind', () => {
  const all = { ...rule('card_ip', 1), ...rule('customer_id', 1), ...rule('guest_ip', 1) };
  const network = { deny_countries: ['KP'] };
  it.each([
    ['payment', { kind: 'payment', ip: IP }, 'velocity:card_ip'],
    ['setup', { kind: 'setup', ip: IP }, 'velocity:card_ip'],
    ['renewal, without an address', { kind: 'renewal' }, undefined],
    ['renewal, with an address', { kind: 'renewal', ip: IP, country: 'KP' }, undefined],
  ])('%s touches what it should', async (_, change, expected) => {
    const merchant = await newMerchant({ card_testing_guard_config: all, network });
    await failed(merchant, { ip: IP, card: { number: CARD } });
    expect((await decided(merchant, { card: { number: CARD }, ...change }))[1]).toBe(expected);
  });

  it.each([
    ['card', 'guest_user_card', { card: { number: CARD } }, 'velocity:guest_card'],
    ['customer', 'customer_id', { customer_id: 'cus_1' }, 'velocity:customer'],
  ] as const)('renewal counts under %s', async (_, prefix, identity, expected) => {
    const merchant = await guard(rule(prefix, 1));
    await failed(merchant, { kind: 'renewal', ...identity });
    expect((await decided(merchant, { kind: 'renewal', ...identity }))[1]).toBe(expected);
    expect((await decided(merchant, { ip: IP, ...identity }))[1]).toBe(expected);
  });
});

it('takes the customer’s word for verified: guests’ rules do not refuse, and the card counts all the same', async () => {
  const merchant = await guard({ ...rule('guest_user_card', 1), ...rule('guest_ip', 1) });
  const customer = { ...attempt, customer_id: 'cus_1' };
  await failed(merchant, customer);
  expect(await decided(merchant, customer)).toEqual(['allow']);
  expect(await decided(merchant)).toEqual(['block', 'velocity:guest_card']);
});

describe('the network', () => {
  const network = { operating_countries: ['NL'], tor: 'block', asn: { deny: [666] }, unknown_country: 'review' };
  it.each([
    [{ country: 'NL', asn: 1136 }, ['allow']],
    [{ country: 'DE' }, ['block', 'country']],
    [{ country: 'T1' }, ['block', 'tor']],
    [{ country: 'XX' }, ['review', 'country_unknown']],
    [{}, ['review', 'country_unknown']],
    [{ country: 'NL', asn: 666 }, ['block', 'asn']],
    [{ country: 'DE', asn: 666 }, ['block', 'country', 'asn']],
  ])('of %j is judged as the caller says it', async (whence, expected) => {
    const merchant = await newMerchant({ network });
    const evaluation = await evaluated(merchant, { ip: IP, ...whence });
    expect([evaluation.decision, ...evaluation.reasons.map(({ code }) => code)]).toEqual(expected);
    expect(evaluation.reservation === null).toBe(expected[0] === 'block');
  });
});

describe('a merchant', () => {
  const change = { card_testing_guard_config: rule('card_ip', 1), network: { deny_countries: ['KP'] } };
  it('in shadow is told allow, and what would have been', async () => {
    const merchant = await newMerchant({ ...change, mode: 'shadow' });
    await failed(merchant, { ...attempt, country: 'NL' });
    const evaluation = await evaluated(merchant, { ...attempt, country: 'KP' });
    expect(evaluation).toMatchObject({ decision: 'allow', mode: 'shadow', retry_after_seconds: null });
    expect(evaluation.reasons.map(({ code, mode }) => [code, mode])).toEqual([
      ['country', 'shadow'],
      ['velocity', 'shadow'],
    ]);
    await configure(merchant, change);
    expect((await decided(merchant, { ...attempt, country: 'NL' }))[0]).toBe('block');
  });

  it('that switched the guard off is told allow, counts nothing, and may report', async () => {
    const merchant = await newMerchant({ ...change, mode: 'off' });
    for (let i = 0; i < 3; i++) await failed(merchant, { ...attempt, country: 'KP' });
    expect(await evaluated(merchant)).toMatchObject({ decision: 'allow', mode: 'off', reasons: [] });
    await configure(merchant, change);
    expect(await decided(merchant)).toEqual(['allow']);
  });

  it('that nobody knows is 404', async () => {
    expect((await ask('nobody')).status).toBe(404);
  });
});
