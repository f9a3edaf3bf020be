/**
 * Who has paid before: what earns a history, what ends with the merchant, and what a person may have erased.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptKind } from '../../src/attempt/attempt.ts';
import { textsOf } from '../../src/gate/settlement-text.ts';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { ATTACK_MODE } from '../../src/velocity/watched-touch.ts';
import { asking, calls, type GateStub, newGate, outcome, rowsOf, START, touch } from './asking.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(customer: string, kind: AttemptKind = 'payment'): Touch {
  return touch(`["${ATTACK_MODE}"]`, {
    rule: ATTACK_MODE,
    count: 'attempts',
    then: 'challenge',
    inFlight: 'ignore',
    watched: {
      attacks: true,
      cleanHistory: { minPayments: 2, minAgeMs: 0 },
      traits: {
        kind,
        route: null,
        bin: '424242',
        country: 'NL',
        asn: 64_500,
        network: 'ordinary',
        hasSession: null,
        amountMinor: 1999,
        isAbroad: null,
      },
      payer: customer,
      customer: `customer|${customer}`,
      card: `card|fp_${customer}`,
    },
  });
}

/** Paid, and gone from the ledger a week later. */
async function paid(gate: GateStub, evaluation: string, place: Touch): Promise<void> {
  await calls(gate).admit(asking(evaluation, [place]));
  const settlement = outcome(evaluation, 'succeeded', [place], { paymentId: `pi_${evaluation}` });
  await calls(gate).settle({ ...settlement, keptText: textsOf(settlement).kept });
}

async function aWeekLater(gate: GateStub): Promise<void> {
  vi.setSystemTime(Date.now() + OUTCOME_KEPT_MS + HOUR_MS);
  for (let step = 0; step < 30; step++) if (!(await runDurableObjectAlarm(gate))) break;
}

const names = async (gate: GateStub) =>
  (await rowsOf<{ name: string }>(gate, 'SELECT name FROM histories ORDER BY name')).map(({ name }) => name);

describe('a history', () => {
  it('is earned by a payment, by its customer and its card', async () => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1'));
    expect(await names(gate)).toEqual([]);
    await aWeekLater(gate);
    expect(await names(gate)).toEqual(['card|fp_cus_1', 'customer|cus_1']);
  });

  it('is not earned by a card that is only stored: it costs nobody anything, and nobody disputes it', async () => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1', 'setup'));
    await paid(gate, 'b', watched('cus_1', 'setup'));
    await aWeekLater(gate);
    expect(await names(gate)).toEqual([]);
  });
});

describe('a merchant that is deleted', () => {
  it('leaves no histories and no watch to a later one of the same name', async () => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1'));
    await aWeekLater(gate);
    await paid(gate, 'b', watched('cus_2'));
    await aWeekLater(gate);
    expect((await names(gate)).length).toBe(4);
    expect(await rowsOf(gate, 'SELECT id FROM attack_watch')).toHaveLength(1);
    await calls(gate).offerConfig({ hash: '', writtenAt: Date.now(), json: null }, 0);
    expect(await names(gate)).toEqual([]);
    expect(await rowsOf(gate, 'SELECT payment FROM paid')).toEqual([]);
    expect(await rowsOf(gate, 'SELECT id FROM attack_watch')).toEqual([]);
    expect(await calls(gate).attackState()).toMatchObject({ level: 'normal', attacked: [] });
  });
});
