/**
 * What is told of an evaluation later: as it was answered, with its outcome, under its own id alone, for its time.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import { DECLINE_REASONS } from '../../src/outcome/outcome.ts';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import { api, evaluated, newMerchant, problemOf, tell } from './backend.ts';

afterEach(() => {
  vi.useRealTimers();
});

const guard = () => newMerchant({ card_testing_guard_config: rule('guest_user_card', 9) });
const told = async (id: string) => (await (await api('GET', `/evaluations/${id}`)).json()) as ToldEvaluation;
const passSeconds = (seconds: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
};

describe('what is told of it', () => {
  it('is the answer that was given, and its outcome', async () => {
    const evaluation = await evaluated(await guard());
    expect(await told(evaluation.id)).toStrictEqual({ ...evaluation, outcome: null, labels: [] });
    await tell(evaluation.id, { status: 'failed', decline_reason: 'incorrect_cvc', processor_payment_id: 'pi_1' });
    expect(await told(evaluation.id)).toStrictEqual({
      ...evaluation,
      outcome: {
        status: 'failed',
        decline_reason: 'incorrect_cvc',
        decline_code: null,
        processor_payment_id: 'pi_1',
        contradicted: false,
        settled_at: expect.stringMatching(/Z$/),
      },
      labels: [],
    });
  });

  it.each([
    ...DECLINE_REASONS.map((word) => [word, word] as const),
    ['card_velocity_exceeded', 'other'],
    ['INCORRECT_CVC', 'other'],
    ['__proto__', 'other'],
  ] as const)('names the decline %s as %s', async (word, reason) => {
    const { id } = await evaluated(await guard());
    await tell(id, { status: 'failed', decline_reason: word });
    expect((await told(id)).outcome?.decline_reason).toBe(reason);
  });

  it('keeps the processor’s id when a pending payment expires', async () => {
    const { id } = await evaluated(await guard());
    await tell(id, { status: 'pending', processor_payment_id: 'pi_1' });
    passSeconds(901);
    await tell(id, { status: 'unknown' });
    expect((await told(id)).outcome).toMatchObject({ status: 'unknown', processor_payment_id: 'pi_1' });
  });

  it('is there for a day, and gone once the gate forgets', async () => {
    const merchant = await guard();
    const { id } = await evaluated(merchant);
    passSeconds(86_399);
    expect((await told(id)).id).toBe(id);
    passSeconds(OUTCOME_KEPT_MS / 1000);
    for (let step = 0; step < 8; step++) await runDurableObjectAlarm(gateOf(merchant));
    expect((await api('GET', `/evaluations/${id}`)).status).toBe(404);
  });
});

describe('an id that nobody gave', () => {
  it.each([
    ['another of this merchant', (id: string) => id.replace(/^ev_.{32}/, `ev_${'0'.repeat(32)}`)],
    ['of no merchant', (id: string) => id.replace(/^(ev_.{32}).*/, '$1nobody')],
    ['without a merchant', (id: string) => id.slice(0, 35)],
    ['in capitals', (id: string) => id.toUpperCase()],
    ['cut short', (id: string) => id.slice(0, 20)],
    ['a word', () => 'nonsense'],
    ['a name of objects', () => '__proto__'],
    ['not ASCII', () => 'ev_ünïcode💳'],
    ['five thousand long', (id: string) => `${id}${'x'.repeat(5_000)}`],
    ['with a path in it', (id: string) => `${id}%2F..%2F${id}`],
    ['with a zero byte', (id: string) => `${id}%00`],
  ])('%s is 404', async (_, change) => {
    const { id } = await evaluated(await guard());
    const other = change(id);
    expect(await problemOf(await api('GET', `/evaluations/${other}`))).toEqual([404, 'not_found']);
    expect(await problemOf(await tell(other, { status: 'failed' }))).toEqual([404, 'not_found']);
    expect((await told(id)).outcome).toBeNull();
  });
});
