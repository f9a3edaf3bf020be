/**
 * One decision, explained: all that is on record of it, whether its outcome ever came, and the same through the gate's
 * call where the gate does not know it.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANSWERS } from '../../src/api/openapi-schemas.ts';
import { completionOf, type Explanation } from '../../src/records/explanation.ts';
import { idOf } from '../support/decisions.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { rowsOnceThere } from '../support/records.ts';
import { CARD, pay } from '../support/shopper.ts';
import { api, attempt, evaluated, newKey, newMerchant, problemOf, tell } from './backend.ts';
import { FROM, outcomeOf, plain, put, shopOf } from './record-shelf.ts';

async function explained(merchant: string, id: string): Promise<Explanation> {
  const answer = await api('GET', `/merchants/${merchant}/decisions/${id}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const explanation = (await answer.json()) as Explanation;
  expect(ANSWERS.Explanation?.safeParse(explanation).error?.issues ?? []).toEqual([]);
  return explanation;
}

describe('what is told', () => {
  it('is everything that is on record', async () => {
    const merchant = await newMerchant();
    const evaluation = idOf(shopOf(merchant), 0);
    const shadow = { code: 'velocity', rule: 'guest_ip', message: '4 failures, limit 4', mode: 'shadow' } as const;
    const counts = [
      { rule: 'card_ip', mode: 'enforce', state: 'open', count: 1, in_flight: 1, limit: 3 },
      { rule: 'guest_ip', mode: 'shadow', state: 'shut', count: 4, in_flight: 0, limit: 4 },
    ] as const;
    const risk = {
      confidence: 0.5,
      contributions: [{ source: 'hosting', score: 40, message: 'a data centre', mode: 'enforce' }],
      silent: [{ source: 'provider:abuseipdb', reason: 'timeout' }],
    } as const;
    await put(
      plain(merchant, 0, {
        would_be: 'block',
        reasons: [shadow],
        counts,
        risk,
        risk_score: 40,
        lease: 'le_1',
        timing: { read: 2, judge: 5, origin: 310 },
        origin: 402,
      }),
      outcomeOf(merchant, 0, { status: 'failed', decline_reason: 'expired', decline_code: '54', payment_id: 'pi_1' }),
      outcomeOf(merchant, 0, { try: 'ch_2', told_by: 'webhook' }),
      { kind: 'label', merchant, at: FROM + 5_000, evaluation, label: 'fraud_warning' },
      { kind: 'challenge', merchant, at: FROM + 6_000, evaluation, what: 'asked', method: 'turnstile' },
    );
    expect(await explained(merchant, evaluation)).toMatchObject({
      id: evaluation,
      merchant,
      created_at: new Date(FROM).toISOString(),
      decision: 'allow',
      would_be: 'block',
      ip: '203.0.113.9',
      ip_prefix: '203.0.113.0/24',
      card: `fp_${'a'.repeat(43)}`,
      config_version: '5f2d0c7a9e1b4c3d8a6f0e9d7c5b3a19',
      reasons: [shadow],
      rules: counts,
      shadow: { would_be: 'block', reasons: [shadow] },
      risk,
      risk_score: 40,
      lease: 'le_1',
      timing: { read_seconds: 0.002, judge_seconds: 0.005, origin_seconds: 0.31 },
      origin_status: 402,
      outcome: { status: 'failed', decline_reason: 'expired', decline_code: '54', processor_payment_id: 'pi_1' },
      tries: [{ try: 'ch_2', status: 'succeeded', told_by: 'webhook' }],
      labels: [{ label: 'fraud_warning', labelled_at: new Date(FROM + 5_000).toISOString() }],
      challenges: [{ what: 'asked', method: 'turnstile', at: new Date(FROM + 6_000).toISOString() }],
      completion: 'settled',
    });
  });

  it('lacks what another release did not write', async () => {
    const merchant = await newMerchant();
    const { id } = plain(merchant, 0);
    await put(plain(merchant, 0));
    await env.RECORDS.prepare("UPDATE decisions SET detail = '{}' WHERE merchant = ? AND id = ?")
      .bind(merchant, id)
      .run();
    expect(await explained(merchant, id)).toMatchObject({ reasons: [], rules: [], risk: null, timing: null });
  });

  it('is nothing where there is nothing', async () => {
    const merchant = await newMerchant();
    for (const id of [idOf(shopOf(merchant), 0), 'ev_1', idOf(shopOf('other'), 0)]) {
      expect(await problemOf(await api('GET', `/merchants/${merchant}/decisions/${id}`))).toEqual([404, 'not_found']);
    }
  });
});

describe('whether the outcome came', () => {
  const row = { decision: 'allow', status: null, at: 1_000 } as const;
  it.each([
    ['refused', { ...row, decision: 'block' }, 1_001],
    ['refused', { ...row, decision: 'challenge' }, 9_999_999],
    ['in_flight', row, 60_999],
    ['expired', row, 61_000],
    ['in_flight', { ...row, decision: 'review' }, 1_001],
    ['waiting', { ...row, status: 'pending' }, 1_001],
    ['settled', { ...row, status: 'failed' }, 1_001],
    ['settled', { ...row, status: 'succeeded' }, 9_999_999],
    ['expired', { ...row, status: 'unknown' }, 1_001],
    ['settled', { ...row, decision: 'block', status: 'succeeded' }, 1_001],
  ] as const)('%s', (expected, told, now) => {
    expect(completionOf(told, { now, reservationMs: 60_000 })).toBe(expected);
  });
});

describe('GET evaluations/{id}', () => {
  beforeEach(() => {
    new StandInOrigin();
  });
  afterEach(() => vi.unstubAllGlobals());

  const told = async (id: string) => (await api('GET', `/evaluations/${id}`)).json();

  it('tells from the record what the gate does not know, in the same shape', async () => {
    const merchant = await newMerchant();
    const { id } = plain(merchant, 0);
    const reasons = [{ code: 'velocity', rule: 'card_ip', message: '4 failures, limit 4', mode: 'enforce' }] as const;
    await put(plain(merchant, 0, { decision: 'block', reasons }), outcomeOf(merchant, 0, { payment_id: 'pi_1' }));
    const answer = await told(id);
    expect(ANSWERS.ToldEvaluation?.safeParse(answer).error?.issues ?? []).toEqual([]);
    expect(answer).toMatchObject({ id, merchant, decision: 'block', reasons, reservation: null });
    expect(answer).toMatchObject({ outcome: { status: 'succeeded', processor_payment_id: 'pi_1' } });
  });

  it('tells the challenge that was asked for', async () => {
    const merchant = await newMerchant();
    const challenge = { url: 'https://shop.example/x', methods: ['proof_of_work'], expires_at: '2026-11-22T10:00:00Z' };
    await put(plain(merchant, 0, { decision: 'challenge', challenge }));
    const answer = await told(plain(merchant, 0).id);
    expect(ANSWERS.ToldEvaluation?.safeParse(answer).error?.issues ?? []).toEqual([]);
    expect(answer).toMatchObject({ decision: 'challenge', challenge });
  });

  it('tells that 3-D Secure was asked for', async () => {
    const merchant = await newMerchant();
    await put(plain(merchant, 0, { challenge: '3ds' }), plain(merchant, 1));
    const answer = await told(plain(merchant, 0).id);
    expect(ANSWERS.ToldEvaluation?.safeParse(answer).error?.issues ?? []).toEqual([]);
    expect(answer).toMatchObject({ decision: 'allow', request_3ds: true, challenge: null });
    expect(await told(plain(merchant, 1).id)).toMatchObject({ request_3ds: false, challenge: null });
  });

  it('asks the gate first', async () => {
    const merchant = await newMerchant();
    const { id } = await evaluated(merchant, attempt);
    await put({ ...plain(merchant, 0, { decision: 'block' }), id });
    expect(await told(id)).toMatchObject({ decision: 'allow', outcome: null });
    await tell(id, { status: 'failed' });
    expect(await told(id)).toMatchObject({ decision: 'allow', outcome: { status: 'failed' } });
  });

  it('tells of a refused attempt in front of the checkout', { timeout: 30_000 }, async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
    const shop = new StandInOrigin();
    shop.answer(answers.decline);
    const ip = '203.0.113.201';
    await pay({ ip });
    const refused = await pay({ ip });
    expect(refused.status).toBe(403);
    const id = refused.headers.get('cordon-evaluation') ?? '';
    await rowsOnceThere(1, 'SELECT id FROM decisions WHERE id = ?', id);
    expect(await told(id)).toMatchObject({ id, decision: 'block', reasons: [{ code: 'velocity', rule: 'card_ip' }] });
    const explanation = await explained('acme', id);
    expect(explanation).toMatchObject({ decision: 'block', completion: 'refused', ip, source: 'proxy', route: 'pay' });
    expect(JSON.stringify(explanation)).not.toContain(CARD);
  });

  it("tells nobody's of another merchant, and nothing without a key that may", async () => {
    const [mine, other] = [await newMerchant(), await newMerchant()];
    await put(plain(other, 0));
    const id = plain(other, 0).id;
    const { key } = await newKey(mine);
    expect((await api('GET', `/evaluations/${id}`, { key })).status).toBe(403);
    const { key: manages } = await newKey(other, { scopes: ['manage'] });
    expect((await api('GET', `/evaluations/${id}`, { key: manages })).status).toBe(403);
    const { key: reports } = await newKey(other, { scopes: ['report'] });
    expect((await api('GET', `/evaluations/${id}`, { key: reports })).status).toBe(200);
    const revived = id.slice(0, 35) + mine;
    expect((await api('GET', `/evaluations/${revived}`, { key })).status).toBe(404);
  });
});
