/**
 * Velocity rules through the API: over every dimension and every count, and what each of them answers.
 */
import { describe, expect, it } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { answer, LIGHT, solved } from '../support/challenges.ts';
import { cards } from '../support/shopper.ts';
import { api, evaluated, newMerchant, tell } from './backend.ts';

const NUMBERS = cards(40);
const STEP_UP = { methods: ['proof_of_work'], proof_of_work: LIGHT };
const rule = (change: object) => ({ name: 'r', limit: 2, window_seconds: 3_600, ...change });
const withRule = (change: object, more: object = {}) =>
  newMerchant({ velocity: [rule(change)], step_up: STEP_UP, ...more });

let addresses = 0;
const freshIp = () => `198.18.${++addresses >> 8}.${addresses & 255}`;

/** One attempt with everything, each thing another one unless said. */
function other(index: number, change: object = {}) {
  return {
    ip: freshIp(),
    card: { number: NUMBERS[index] ?? '' },
    email: `buyer${index}@shop${index}.example`,
    session_id: `session-${index}`,
    device_id: `device-${index}`,
    ...change,
  };
}

async function fails(merchant: string, said: unknown, reason = 'do_not_honor'): Promise<ToldEvaluation> {
  const evaluation = await evaluated(merchant, said);
  expect(evaluation.decision).toBe('allow');
  expect((await tell(evaluation.id, { status: 'failed', decline_reason: reason })).status).toBe(200);
  return evaluation;
}

describe.each<{ by: string; same: object; then?: string }>([
  { by: 'card', same: { card: { number: NUMBERS[39] } } },
  { by: 'ip', same: { ip: '203.0.113.9' } },
  { by: 'ip_prefix', same: {} },
  { by: 'asn', same: { asn: 1136 } },
  { by: 'country', same: { country: 'NL' } },
  { by: 'bin', same: {}, then: 'challenge' },
  { by: 'customer', same: { customer_id: 'cus_1' } },
  { by: 'email', same: { email: 'Same.Buyer@Example.com' }, then: 'challenge' },
  { by: 'email_domain', same: { email: 'someone@example.com' }, then: 'challenge' },
  { by: 'session', same: { session_id: 's' }, then: 'challenge' },
  { by: 'device', same: { device_id: 'd' }, then: 'challenge' },
  { by: 'merchant', same: {} },
])('by $by', ({ by, same, then = 'block' }) => {
  it(`lets two failures through, then says ${then}`, async () => {
    const merchant = await withRule({ by: [by], then });
    const ip = by === 'ip_prefix' ? () => ({ ip: `203.0.113.${++addresses & 255}` }) : () => ({});
    for (const index of [0, 1]) await fails(merchant, other(index, { ...ip(), ...same }));
    const third = await evaluated(merchant, other(2, { ...ip(), ...same }));
    expect(third).toMatchObject({
      decision: then,
      reasons: [{ code: 'velocity', rule: 'r', message: '2 failures, limit 2', mode: 'enforce' }],
    });
  });

  it('touches nothing where it is not told', async () => {
    if (['ip', 'ip_prefix', 'merchant'].includes(by)) return;
    const merchant = await withRule({ by: [by], then });
    const bare = () => ({ ip: freshIp(), card: { token: `t-${addresses}` } });
    const missing = by === 'card' ? () => ({ ip: freshIp() }) : bare;
    for (let i = 0; i < 3; i++) await fails(merchant, missing());
  });
});

it('a challenge takes no place, and its pass lets one attempt in', async () => {
  const merchant = await withRule({ by: ['ip'], then: 'challenge' });
  const ip = '203.0.113.9';
  for (const index of [0, 1]) await fails(merchant, other(index, { ip }));
  const asked = await evaluated(merchant, other(2, { ip }));
  expect(asked).toMatchObject({ decision: 'challenge', reservation: null, challenge: { methods: ['proof_of_work'] } });
  const url = asked.challenge?.url ?? '';
  const { pass } = (await (await answer(url, await solved(url))).json()) as { pass: string };
  const again = { merchant, attempt: other(2, { ip }), pass };
  const paid = (await (await api('POST', '/evaluations', { body: again })).json()) as ToldEvaluation;
  expect(paid.decision).toBe('allow');
  expect(paid.reasons[0]?.message).toBe('2 failures, limit 2; passed: proof_of_work');
  const twice = (await (await api('POST', '/evaluations', { body: again })).json()) as ToldEvaluation;
  expect(twice.decision).toBe('challenge');
});

it('a review goes through', async () => {
  const merchant = await withRule({ by: ['ip'], then: 'review' });
  const ip = '203.0.113.9';
  for (const index of [0, 1]) await fails(merchant, other(index, { ip }));
  expect(await evaluated(merchant, other(2, { ip }))).toMatchObject({ decision: 'review', reservation: {} });
});

describe('when', () => {
  it('looks at those attempts alone of which it holds, and counts no others', async () => {
    const merchant = await withRule({ by: ['merchant'], when: 'attempt.amount < 200' });
    const large = () => other(0, { amount: 5_000 });
    const small = (index: number) => other(index, { amount: 100 });
    for (const said of [large(), small(0), large(), small(1), large(), other(3)]) await fails(merchant, said);
    expect(await evaluated(merchant, small(2))).toMatchObject({ decision: 'block', reasons: [{ code: 'velocity' }] });
    expect(await evaluated(merchant, large())).toMatchObject({ decision: 'allow' });
    expect(await evaluated(merchant, other(3))).toMatchObject({ decision: 'allow' });
  });

  it('may ask for an e-mail’s domain', async () => {
    const merchant = await withRule({ by: ['merchant'], when: 'email.domain == "example.com"' });
    for (const index of [0, 1]) await fails(merchant, other(index, { email: `a${index}@Example.com` }));
    expect(await evaluated(merchant, other(2, { email: 'b@example.com' }))).toMatchObject({ decision: 'block' });
    expect(await evaluated(merchant, other(2, { email: 'b@example.org' }))).toMatchObject({ decision: 'allow' });
  });
});

it('counts distinct cards, not tries', async () => {
  const merchant = await withRule({ by: ['ip'], count: 'distinct_cards' });
  const ip = '203.0.113.9';
  for (const index of [0, 0, 0, 1]) await fails(merchant, other(index, { ip }));
  const [reason] = (await evaluated(merchant, other(0, { ip }))).reasons;
  expect(reason?.message).toBe('2 distinct cards failed, limit 2');
});
