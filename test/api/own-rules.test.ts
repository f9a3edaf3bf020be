/**
 * Merchants' own rules for a backend: by what it says of an attempt, and by what the gate counts of it.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { PaymentGate } from '../../src/gate/payment-gate.ts';
import { answer, LIGHT, solved } from '../support/challenges.ts';
import { rule } from '../support/merchant.ts';
import { api, type Call, newMerchant, tell } from './backend.ts';

const attempt = {
  ip: '203.0.113.9',
  country: 'NL',
  asn: 1136,
  card: { number: '4242424242424242', country: 'US' },
  customer_id: 'cus_1',
  email: 'A@Example.com',
  session_id: 'visit-1',
  amount: 100,
  currency: 'EUR',
  billing_country: 'BE',
};

const own = (when: string, then: string, more: object = {}) => ({ name: 'own', when, then, ...more });
const counted = (when: string, then: string, more: object = {}) =>
  newMerchant({
    rules: [own(when, then, more)],
    card_testing_guard_config: rule('card_ip', 3),
    step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
  });

async function asks(merchant: string, call: Call = {}, more: object = {}): Promise<ToldEvaluation> {
  const told = await api('POST', '/evaluations', { ...call, body: { merchant, attempt, ...more } });
  expect(told.status, await told.clone().text()).toBe(200);
  return told.json();
}

const again = async ({ id }: ToldEvaluation): Promise<ToldEvaluation> =>
  (await api('GET', `/evaluations/${id}`)).json();

afterEach(() => vi.restoreAllMocks());

it.each([
  'attempt.amount < 200 && ip.country != card.country',
  'attempt.kind == "payment" && !has(attempt.route) && attempt.currency == "EUR" && attempt.billing_country == "BE"',
  'card.bin == "424242" && card.scheme == "visa" && card.country == "US"',
  'customer.verified && customer.id == "cus_1" && email.domain == "example.com"',
  'session.present && !has(session.age_seconds)',
  'ip.address == "203.0.113.9" && ip.asn == 1136',
])('%s blocks', async (when) => {
  const merchant = await newMerchant({ rules: [own(when, 'block')] });
  const told = await asks(merchant);
  expect(told).toMatchObject({ decision: 'block', reservation: null, reasons: [{ code: 'custom_rule', rule: 'own' }] });
  expect(await again(told)).toMatchObject({ decision: 'block', reasons: told.reasons });
});

it('of a renewal no address is known', async () => {
  const merchant = await newMerchant({
    rules: [own('ip.country != "XX"', 'block'), { ...own('true', 'review'), name: 'r' }],
  });
  const { ip: _, ...renewal } = attempt;
  const told = await asks(merchant, {}, { attempt: { ...renewal, kind: 'renewal' } });
  expect(told).toMatchObject({ decision: 'review', reasons: [{ code: 'custom_rule', rule: 'r' }] });
});

it('a merchant in shadow is told what would have been', async () => {
  const merchant = await newMerchant({ mode: 'shadow', rules: [own('true', 'block')] });
  expect(await asks(merchant)).toMatchObject({ decision: 'allow', reasons: [{ rule: 'own', mode: 'shadow' }] });
});

describe('a rule that names counts', () => {
  async function afterFailure(when: string, then: string, more: object = {}): Promise<string> {
    const merchant = await counted(when, then, more);
    const first = await asks(merchant);
    expect(first).toMatchObject({ decision: 'allow', reasons: [] });
    expect((await tell(first.id, { status: 'failed' })).status).toBe(200);
    return merchant;
  }

  it('blocks by what the gate has counted, holds no place, and is told so again', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'block');
    for (let tries = 0; tries < 5; tries++) {
      const told = await asks(merchant);
      expect(told).toMatchObject({ decision: 'block', reservation: null, reasons: [{ code: 'custom_rule' }] });
      expect(await again(told)).toMatchObject({ decision: 'block', reservation: null, reasons: told.reasons });
      expect((await tell(told.id, { status: 'failed' })).status).toBe(409);
    }
  });

  it('a review goes through and keeps its place', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'review');
    const call = { headers: { 'idempotency-key': 'reviewed' } };
    const told = await asks(merchant, call);
    expect(told).toMatchObject({ decision: 'review', reservation: { expires_at: expect.any(String) } });
    expect(await asks(merchant, call)).toEqual(told);
    expect((await tell(told.id, { status: 'succeeded' })).status).toBe(200);
  });

  it('gives the same answer to the same call', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'block');
    const call = { headers: { 'idempotency-key': 'one' } };
    const told = await asks(merchant, call);
    expect(told.decision).toBe('block');
    expect(await asks(merchant, call)).toEqual(told);
  });

  it('without the word of the gate nobody is let through, and the same call is told the same later', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'block');
    const call = { headers: { 'idempotency-key': 'lost' } };
    const broken = vi.spyOn(PaymentGate.prototype, 'amend').mockImplementation(() => null);
    const lost = await api('POST', '/evaluations', { ...call, body: { merchant, attempt } });
    expect(lost.status).toBe(503);
    broken.mockRestore();
    expect(await asks(merchant, call)).toMatchObject({ decision: 'block', reservation: null });
  });

  it('asks for a challenge, and takes its pass', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'challenge');
    const asked = await asks(merchant);
    expect(asked).toMatchObject({
      decision: 'challenge',
      reservation: null,
      challenge: { methods: ['proof_of_work'] },
    });
    expect(await again(asked)).toMatchObject({ decision: 'challenge', challenge: asked.challenge });
    const url = asked.challenge?.url ?? '';
    const { pass } = (await (await answer(url, await solved(url))).json()) as { pass: string };
    const paid = await asks(merchant, {}, { pass });
    expect(paid).toMatchObject({ decision: 'allow', reservation: { expires_at: expect.any(String) } });
    expect(paid.reasons[0]?.message).toContain('passed: proof_of_work');
    // Used up.
    expect((await asks(merchant, {}, { pass })).decision).toBe('challenge');
  });

  it('no pass is enough for more than it is worth', async () => {
    const merchant = await afterFailure('counts.card_ip >= 1', 'challenge', { strength: 2 });
    expect((await asks(merchant)).decision).toBe('block');
  });

  it('what holds for nothing costs no further call', async () => {
    const merchant = await counted('counts.card_ip >= 1', 'block');
    const amend = vi.spyOn(PaymentGate.prototype, 'amend');
    expect((await asks(merchant)).decision).toBe('allow');
    expect(amend).not.toHaveBeenCalled();
  });
});
