/**
 * Merchants' own rules in front of a checkout: what holds decides, in its place among the other reasons.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { passOf } from '../support/challenges.ts';
import { acme, manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let ip = '';
let tests = 0;

const WITH_AMOUNT = {
  ...payRoute,
  fields: { ...payRoute.fields, amount: '/amount', currency: '/currency', billing_country: '/billing_country' },
};
const own = (when: string, then: string, more: Record<string, unknown> = {}) => ({ name: 'own', when, then, ...more });
const put = (rules: readonly unknown[], more: Record<string, unknown> = {}) =>
  putAcme({ routes: [WITH_AMOUNT], rules, ...more });

const paying = (amount: number, { card = CARD, ...more }: Try = {}) =>
  pay({ ip, body: JSON.stringify({ card: { number: card, cvc: '123' }, amount, currency: 'EUR' }), ...more });

interface Told {
  readonly decision: string;
  readonly reasons: readonly { code: string; rule?: string; mode: string }[];
}

/** The evaluation on record; only attempts that a counter touches have one. */
async function recorded(answer: Response): Promise<Told> {
  return (await manage('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`)).json();
}

const COUNTED = { card_testing_guard_config: rule('card_ip', 3) };

beforeEach(() => {
  ip = `198.51.100.${++tests}`;
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('what a rule does', () => {
  it('blocks an attempt that it holds for, and no other', async () => {
    await put([own('attempt.amount > 50000', 'block')]);
    const refused = await paying(50_001);
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'payment_refused']);
    expect(origin.arrived).toHaveLength(0);
    expect((await paying(50_000)).status).toBe(200);
  });

  it('shuts no key: the same payer pays the moment after', async () => {
    await put([own('attempt.amount > 50000', 'block')], COUNTED);
    for (let tries = 0; tries < 5; tries++) expect((await paying(50_001)).status).toBe(403);
    expect((await paying(1_999)).status).toBe(200);
    const { blocks } = (await (await manage('GET', '/merchants/acme/blocks')).json()) as { blocks: unknown[] };
    expect(blocks).toEqual([]);
  });

  it('a review goes through, and says so', async () => {
    await put([own('attempt.amount > 50000', 'review')], COUNTED);
    const paid = await paying(50_001);
    expect(paid.status).toBe(200);
    expect(await recorded(paid)).toMatchObject({
      decision: 'review',
      reasons: [{ code: 'custom_rule', rule: 'own', mode: 'enforce' }],
    });
  });

  it('in shadow it is recorded and changes nothing', async () => {
    await put([own('attempt.amount > 50000', 'block', { mode: 'shadow' })], COUNTED);
    const paid = await paying(50_001);
    expect(paid.status).toBe(200);
    expect(await recorded(paid)).toMatchObject({
      decision: 'allow',
      reasons: [{ code: 'custom_rule', rule: 'own', mode: 'shadow' }],
    });
  });

  it('switched off it says nothing', async () => {
    await put([own('attempt.amount > 50000', 'block', { mode: 'off' })], COUNTED);
    expect(await recorded(await paying(50_001))).toMatchObject({ decision: 'allow', reasons: [] });
  });

  it('block comes before challenge, and challenge before review, whatever their order is', async () => {
    await put([
      { ...own('true', 'review'), name: 'third' },
      { ...own('true', 'challenge'), name: 'second' },
      { ...own('attempt.amount > 50000', 'block'), name: 'first' },
    ]);
    const lines = vi.spyOn(console, 'log');
    expect((await paying(50_001)).status).toBe(403);
    const decision = lines.mock.calls.map(([line]) => String(line)).find((line) => line.includes('"event":"decision"'));
    expect(JSON.parse(decision ?? '{}')).toMatchObject({
      decision: 'block',
      reasons: [expect.stringContaining('first'), expect.stringContaining('second'), expect.stringContaining('third')],
    });
  });

  it('a rule without a result decides nothing, says so, and is in the log once', async () => {
    await put([own('10 / (attempt.amount - 1999) > 1', 'block')], COUNTED);
    const lines = vi.spyOn(console, 'error');
    const paid = await paying(1_999);
    expect(paid.status).toBe(200);
    expect((await paying(1_999)).status).toBe(200);
    expect(await recorded(paid)).toMatchObject({
      decision: 'allow',
      reasons: [{ code: 'custom_rule', rule: 'own', mode: 'shadow', message: expect.stringContaining('no result') }],
    });
    const said = lines.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('rule_faulty'));
    expect(said.map((line) => JSON.parse(line))).toEqual([{ event: 'rule_faulty', merchant: 'acme', rule: 'own' }]);
  });
});

describe('what a rule knows', () => {
  it.each([
    ['attempt.kind == "payment" && attempt.route == "pay" && attempt.amount == 1999 && attempt.currency == "EUR"'],
    ['attempt.hour >= 0 && attempt.hour < 24 && attempt.weekday >= 1 && attempt.weekday <= 7'],
    ['ip.address.startsWith("198.51.100.") && ip.prefix == "198.51.100.0/24" && !ip.is_ipv6'],
    ['ip.country == "NL" && ip.asn == 1136'],
    ['card.present && card.bin == "424242" && card.scheme == "visa" && card.fingerprint.startsWith("fp_")'],
    ['!customer.verified && !has(customer.id)'],
    ['!has(card.country) && !has(session.present) && !has(risk.score) && !has(email.domain)'],
  ])('%s', async (when) => {
    await put([own(when, 'block')]);
    expect((await paying(1_999)).status).toBe(403);
  });

  it('a verified customer by his id, and the country that he typed', async () => {
    await put([own('customer.verified && customer.id == "cus_1" && attempt.billing_country == "BE"', 'block')]);
    const body = JSON.stringify({ card: { number: CARD, cvc: '1' }, billing_country: 'be', customer: { id: 'cus_1' } });
    expect((await pay({ ip, body, customer: 'cus_1' })).status).toBe(403);
    expect((await pay({ ip, body })).status).toBe(200);
  });

  it('whether a browser brought a session, where sessions are read', async () => {
    await put([own('session.present == false', 'block')], { session: { mode: 'shadow' } });
    expect((await paying(1_999)).status).toBe(403);
  });
});

describe('a rule that asks for counts', () => {
  const failing = () => origin.answer(answers.decline);

  it('holds by what the gate answers, and takes no place', async () => {
    await put([own('counts.card_ip >= 1', 'block')], COUNTED);
    failing();
    expect((await paying(1_999)).status).toBe(402);
    for (let tries = 0; tries < 5; tries++) {
      const refused = await paying(1_999);
      expect([refused.status, await codeOf(refused)]).toEqual([403, 'payment_refused']);
    }
    expect(origin.arrived).toHaveLength(1);
    await put([], COUNTED);
    expect((await paying(1_999)).status).toBe(402);
  });

  it('is challenged, and goes through with its pass', async () => {
    await put([own('counts.card_ip >= 1', 'challenge')], { ...COUNTED, step_up: { methods: ['proof_of_work'] } });
    failing();
    expect((await paying(1_999)).status).toBe(402);
    const asked = await paying(1_999);
    expect([asked.status, await codeOf(asked.clone())]).toEqual([403, 'challenge_required']);
    const pass = await passOf(asked);
    expect((await paying(1_999, { headers: { 'cordon-pass': pass } })).status).toBe(402);
    // Used up, although nothing but the rule asked for it.
    expect(await codeOf(await paying(1_999, { headers: { 'cordon-pass': pass } }))).toBe('challenge_required');
    expect(origin.arrived).toHaveLength(2);
  });

  it('that demands more than there is falls back, and no pass is enough', async () => {
    const step_up = { methods: ['proof_of_work'] };
    await put([own('counts.card_ip >= 1', 'challenge', { strength: 2 })], { ...COUNTED, step_up });
    failing();
    expect((await paying(1_999)).status).toBe(402);
    expect(await codeOf(await paying(1_999))).toBe('payment_refused');
  });

  it('knows nothing of a counter that the attempt does not touch', async () => {
    await put([own('counts.customer >= 0 || has(counts.customer)', 'block')], {
      card_testing_guard_config: { ...rule('card_ip', 3), ...rule('customer_id', 3) },
    });
    expect((await paying(1_999)).status).toBe(200);
  });

  it('is asked where no counter is touched at all', async () => {
    await put([own('attempt.amount > 50000 || counts.customer > 1', 'block')], {
      card_testing_guard_config: rule('customer_id', 3),
    });
    expect((await paying(50_001, { card: cards(1)[0] ?? CARD })).status).toBe(403);
  });
});

describe('written wrongly it is refused, with the place', () => {
  it.each([
    [own('attempt.amount <', 'block'), '/rules/0/when', 'at character 17'],
    [own('atempt.amount < 1', 'block'), '/rules/0/when', 'at character 1: no such name: atempt'],
    [own('counts.nobody > 1', 'block'), '/rules/0/when', 'at character 1: no velocity rule of that name is on'],
    [own('true', 'allow'), '/rules/0/then', ''],
    [own('true', 'block', { strength: 2 }), '/rules/0/strength', 'is for challenges'],
    [own('true', 'challenge', { strength: 6 }), '/rules/0/strength', ''],
    [own('x'.repeat(4_001), 'block'), '/rules/0/when', ''],
    [{ name: '', when: 'true', then: 'block' }, '/rules/0/name', ''],
    [own('true', 'block', { weight: 1 }), '/rules/0/weight', 'is not a field of this release'],
  ])('fault %#', async (written, path, message) => {
    const answer = await manage('PUT', '/merchants/acme', { ...acme, rules: [written] });
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { path: string; message: string }[] };
    expect(errors).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it('two rules of one name', async () => {
    const rules = [own('true', 'review'), own('false', 'review')];
    const answer = await manage('PUT', '/merchants/acme', { ...acme, rules });
    expect(await answer.json()).toMatchObject({ errors: [{ path: '/rules/1/name' }] });
  });
});

describe('a velocity rule with a when', () => {
  const large = { name: 'large', by: 'ip', limit: 1, window_seconds: 3_600, when: 'attempt.amount > 50000' };

  it('counts and refuses the attempts that it holds for, and no other', async () => {
    await put([], { velocity: [large] });
    origin.answer(answers.decline);
    expect((await paying(1_999)).status).toBe(402);
    expect((await paying(1_999)).status).toBe(402);
    expect((await paying(50_001)).status).toBe(402);
    expect((await paying(50_001)).status).toBe(403);
    expect((await paying(1_999)).status).toBe(402);
  });

  it('has its count in rules', async () => {
    await put([own('counts.large >= 1', 'block')], { velocity: [{ ...large, limit: 5 }] });
    origin.answer(answers.decline);
    expect((await paying(50_001)).status).toBe(402);
    expect((await paying(50_001)).status).toBe(403);
    expect((await paying(1_999)).status).toBe(402);
  });

  it('wrong, it is refused with the place', async () => {
    const velocity = [{ ...large, when: 'attempt.amount > 1.5' }];
    const answer = await manage('PUT', '/merchants/acme', { ...acme, velocity });
    expect(await answer.json()).toMatchObject({
      errors: [{ path: '/velocity/0/when', message: expect.stringContaining('at character 18') }],
    });
  });
});

it('the domain of an e-mail, where a rule asks for it', async () => {
  const route = { ...WITH_AMOUNT, fields: { ...WITH_AMOUNT.fields, email: '/email' } };
  await put([own('email.domain == "mailinator.com"', 'block')], { routes: [route] });
  const mailing = (email: string) => pay({ ip, body: JSON.stringify({ card: { number: CARD, cvc: '1' }, email }) });
  expect((await mailing('A.B@Mailinator.com')).status).toBe(403);
  expect((await mailing('a@example.com')).status).toBe(200);
});
