/**
 * Who has paid before: what earns a history, what ends with the merchant, and what a person may have erased.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptKind } from '../../src/attempt/attempt.ts';
import { CardNames } from '../../src/gate/card-names.ts';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { ProcessorWord, Settlement } from '../../src/gate/gate-messages.ts';
import { Histories } from '../../src/gate/histories.ts';
import { textsOf } from '../../src/gate/settlement-text.ts';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { ATTACK_MODE } from '../../src/velocity/watched-touch.ts';
import { asking, calls, type GateStub, newGate, outcome, rowsOf, START, touch } from './asking.ts';
import { ADMIN, hear, said } from './telling.ts';

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

/** Under other names of the card. */
function withCard(place: Touch, [card = '', ...former]: readonly string[]): Touch {
  const { watched: known } = place;
  const formerCards = former.map((name) => `card|${name}`);
  return known === undefined ? place : { ...place, watched: { ...known, card: `card|${card}`, formerCards } };
}

/** Paid, and gone from the ledger a week later. */
async function paid(gate: GateStub, evaluation: string, place: Touch, change: Partial<Settlement> = {}): Promise<void> {
  await calls(gate).admit(asking(evaluation, [place]));
  const settlement = outcome(evaluation, 'succeeded', [place], { paymentId: `pi_${evaluation}`, ...change });
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

const OLD = `fp_${'o'.repeat(43)}`;
const NEW = `fp_${'n'.repeat(43)}`;
const REFERENCE = `pf_${'r'.repeat(43)}`;

interface Known {
  readonly payments: number;
  readonly isSpoiled: boolean;
}

/** What is known under a name and those that it had before. */
function known(gate: GateStub, name: string, former: readonly string[] = []): Promise<Known | null> {
  return runInDurableObject(gate, (_, { storage }) => {
    const histories = new Histories(storage.sql, new CardNames(storage.sql));
    const history = histories.of(name, former);
    return history && { payments: history.payments, isSpoiled: history.isSpoiled };
  });
}

const told = (labels: readonly string[], change: Partial<ProcessorWord>) =>
  said({ word: null, labels, paymentIds: [], tryId: null, cards: [], ...change }, 'succeeded');

describe('what was paid and taken back', () => {
  it.each(['refund', 'dispute', 'fraud_warning'])('earns nothing: a %s while it is on record', async (label) => {
    const gate = newGate();
    const evaluation = newEvaluationId('acme', Date.now());
    await paid(gate, 'a', watched('cus_1'));
    await paid(gate, evaluation, watched('cus_1'));
    await hear(gate, told([label], { evaluation }));
    await aWeekLater(gate);
    expect(await known(gate, 'customer|cus_1')).toMatchObject({ isSpoiled: true });
  });

  it.each([
    ['the payment', { paymentIds: ['pi_a'] }],
    ['the charge that it is known by as well', { paymentIds: ['ch_a'] }],
  ])('spoils what it earned long after, by %s', async (_, about) => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1'), { tryId: 'ch_a' });
    await aWeekLater(gate);
    expect(await known(gate, 'customer|cus_1')).toEqual({ payments: 1, isSpoiled: false });
    await hear(gate, told(['refund'], about));
    expect(await known(gate, 'customer|cus_1')).toEqual({ payments: 1, isSpoiled: true });
    expect(await known(gate, 'card|fp_cus_1')).toEqual({ payments: 1, isSpoiled: true });
  });

  it('spoils it where it turns out a decline', async () => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1'));
    await calls(gate).settle(outcome('a', 'failed', [watched('cus_1')]));
    await aWeekLater(gate);
    expect(await known(gate, 'customer|cus_1')).toMatchObject({ isSpoiled: true });
  });
});

describe('a card', () => {
  it('goes on under another fingerprint key, and so does what spoils it', async () => {
    const gate = newGate();
    await paid(gate, 'a', withCard(watched('cus_1'), [OLD]));
    await aWeekLater(gate);
    expect(await known(gate, `card|${NEW}`, [`card|${OLD}`])).toMatchObject({ payments: 1 });
    await paid(gate, 'b', withCard(watched('cus_1'), [NEW, OLD]));
    await aWeekLater(gate);
    expect(await known(gate, `card|${NEW}`)).toEqual({ payments: 2, isSpoiled: false });
    await hear(gate, told(['dispute'], { paymentIds: ['pi_a'] }));
    expect(await known(gate, `card|${NEW}`)).toEqual({ payments: 2, isSpoiled: true });
  });

  it('has one history under all its names', async () => {
    const gate = newGate();
    await paid(gate, 'a', withCard(watched('cus_1'), [REFERENCE]));
    await paid(gate, 'b', withCard(watched('cus_1'), [NEW]));
    await aWeekLater(gate);
    await calls(gate).close({ settlements: [], joins: [[NEW, REFERENCE]] });
    expect(await known(gate, `card|${NEW}`)).toEqual({ payments: 2, isSpoiled: false });
    await paid(gate, 'c', withCard(watched('cus_1'), [REFERENCE]));
    await aWeekLater(gate);
    expect(await known(gate, `card|${NEW}`)).toEqual({ payments: 3, isSpoiled: false });
    expect(await known(gate, `card|${REFERENCE}`)).toEqual({ payments: 3, isSpoiled: false });
  });

  it('earns nothing by what another card paid at a further try', async () => {
    const gate = newGate();
    const evaluation = newEvaluationId('acme', Date.now());
    const place = withCard(watched('cus_1'), [OLD]);
    await calls(gate).admit(asking(evaluation, [place], { cards: [OLD] }));
    await hear(gate, said({ evaluation, tryId: 'ch_1', cards: [] }, 'failed'));
    const kind = (await hear(gate, said({ evaluation, tryId: 'ch_2', cards: [NEW] }, 'succeeded')))?.kind;
    expect(kind).toBe('recorded');
    await aWeekLater(gate);
    expect(await names(gate)).toEqual([`card|${NEW}`, 'customer|cus_1']);
  });
});

it('an outcome of a backend that comes late earns what it deserves', async () => {
  const gate = newGate();
  const evaluation = newEvaluationId('acme', Date.now());
  const recording = { caller: ADMIN, record: '{}', isRefused: false, idempotency: null };
  await calls(gate).evaluate({ ...asking(evaluation, [watched('cus_1')]), recording });
  vi.setSystemTime(Date.now() + 2 * 86_400_000);
  await calls(gate).report({ evaluation, status: 'succeeded', paymentId: 'pi_1', links: [], caller: ADMIN });
  vi.setSystemTime(Date.now() - 2 * 86_400_000);
  await aWeekLater(gate);
  expect(await rowsOf(gate, 'SELECT evaluation FROM evaluations')).toEqual([]);
  expect(await names(gate)).toEqual([]);
  vi.setSystemTime(Date.now() + 2 * 86_400_000);
  await aWeekLater(gate);
  expect(await names(gate)).toEqual(['card|fp_cus_1', 'customer|cus_1']);
});

describe('what is on record of somebody who was erased', () => {
  it('earns nothing any more, and he begins anew', async () => {
    const gate = newGate();
    for (const name of ['a', 'b']) await paid(gate, name, watched('cus_1'));
    await aWeekLater(gate);
    await paid(gate, 'c', watched('cus_1'));
    vi.setSystemTime(Date.now() + HOUR_MS);
    expect(await calls(gate).forgetHistories(['customer|cus_1', 'card|fp_cus_1'])).toBe(2);
    await hear(gate, told(['refund'], { paymentIds: ['pi_a'] }));
    await aWeekLater(gate);
    expect(await names(gate)).toEqual([]);
    expect(await rowsOf(gate, 'SELECT payment FROM paid')).toEqual([]);
    await paid(gate, 'd', watched('cus_1'));
    await aWeekLater(gate);
    expect(await known(gate, 'customer|cus_1')).toEqual({ payments: 1, isSpoiled: false });
    await aWeekLater(gate);
    expect(await rowsOf(gate, 'SELECT name FROM forgotten')).toEqual([]);
  });

  it('nor does what a deleted merchant has on record, at a later one of the same name', async () => {
    const gate = newGate();
    await paid(gate, 'a', watched('cus_1'));
    await calls(gate).offerConfig({ hash: '', writtenAt: Date.now(), json: null }, 0);
    vi.setSystemTime(Date.now() + HOUR_MS);
    await paid(gate, 'b', watched('cus_2'));
    await aWeekLater(gate);
    expect(await names(gate)).toEqual(['card|fp_cus_2', 'customer|cus_2']);
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
