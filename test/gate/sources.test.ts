/**
 * One attempt, told of by the shop's answer, by the processor's webhooks, by the shop's backend and by the payer's return,
 * in every order, each more than once, with the gate losing its memory in between: one failure is counted, never none
 * and never two.
 */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { Heard, ProcessorWord, Word } from '../../src/gate/gate-messages.ts';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { asking, calls, counts, type GateStub, newGate, outcome, RESERVATION_MS, START, touch } from './asking.ts';

const FP = `fp_${'a'.repeat(43)}`;
const PF = `pf_${'b'.repeat(43)}`;
const key = (...parts: string[]) => JSON.stringify(parts);
const LIFE = { limit: 100, windowSeconds: 7_200 };
const byCard = (card: string) => touch(key('guest_card', card), { ...LIFE, rule: 'guest_card' });
const PLACES: readonly Touch[] = [
  touch(key('card_ip', FP, '203.0.113.9'), LIFE),
  byCard(FP),
  touch(key('guest_ip', '203.0.113.9'), { ...LIFE, rule: 'guest_ip' }),
];
const ADMIN = { kind: 'admin' } as const;

type Status = Word['status'];
/** `named return`: the client says whose payment it is. */
type Source = 'answer' | 'charge' | 'intent' | 'report' | 'return' | 'named return' | 'evict';

interface Case {
  readonly byApi: boolean;
  /** By what the webhooks can be told to be about this attempt. */
  readonly link: 'metadata' | 'payment id';
  readonly words: readonly { readonly source: Source; readonly status: Status }[];
}

const word = fc.record({
  source: fc.constantFrom<Source>('answer', 'charge', 'intent', 'report', 'return', 'named return', 'evict'),
  status: fc.constantFrom<Status>('failed', 'failed', 'succeeded', 'pending', 'unknown'),
});
const anyCase: fc.Arbitrary<Case> = fc.record({
  byApi: fc.boolean(),
  link: fc.constantFrom('metadata' as const, 'payment id' as const),
  words: fc.array(word, { minLength: 1, maxLength: 8 }),
});

let events = 0;

function said(change: Partial<ProcessorWord>, status: Status): ProcessorWord {
  return {
    event: `stripe|evt_${events++}`,
    word: { status, declineReason: status === 'failed' ? 'do_not_honor' : null, paymentId: 'pi_1' },
    labels: [],
    evaluation: null,
    paymentIds: ['pi_1'],
    tryId: 'ch_1',
    cards: [PF],
    occurredAt: Date.now(),
    stranger: {
      evaluation: newEvaluationId('acme', Date.now()),
      places: [byCard(PF)],
      guest: true,
      reservationMs: RESERVATION_MS,
      cards: [PF],
    },
    ...change,
  };
}

async function begin(gate: GateStub, byApi: boolean, at = Date.now()): Promise<string> {
  const evaluation = newEvaluationId('acme', at);
  const request = asking(evaluation, PLACES, { cards: [FP] });
  const recording = { caller: ADMIN, record: '{}', isRefused: false, idempotency: null };
  await (byApi ? calls(gate).evaluate({ ...request, recording }) : calls(gate).admit(request));
  return evaluation;
}

function answer(gate: GateStub, evaluation: string, status: Status) {
  const kept = { cards: [FP], record: '{}' };
  const keptText = JSON.stringify({ places: PLACES, guest: true, reservationMs: RESERVATION_MS, ...kept });
  const told = { paymentId: 'pi_1', links: ['pi_1'] };
  return calls(gate).settle(outcome(evaluation, status, PLACES, { ...kept, ...told, keptText }));
}

function report(gate: GateStub, evaluation: string, status: Status) {
  return calls(gate).report({ evaluation, status, paymentId: 'pi_1', links: ['pi_1'], caller: ADMIN });
}

/** What a return tells: no try, no card, no time. Of a payment that a client named it must be the address's own. */
function returned(status: Status, from?: string): ProcessorWord {
  const nobody = { ...said({}, status).stranger, places: [], cards: [] };
  const known = { tryId: null, cards: [], occurredAt: null, stranger: nobody };
  return said({ ...known, ...(from === undefined ? { isKept: true } : { onlyFrom: from }) }, status);
}

const hear = async (gate: GateStub, one: ProcessorWord): Promise<Heard | undefined> =>
  (await calls(gate).hear([one]))[0];

/** What is counted for the card, by whatever name, and for the address. */
async function counted(gate: GateStub): Promise<{ card: number; cardAndAddress: number; address: number }> {
  const sum = (all: Record<string, number>, rule: string) =>
    Object.entries(all).reduce((total, [name, count]) => total + (name.startsWith(`["${rule}"`) ? count : 0), 0);
  const all = await counts(gate);
  return { card: sum(all, 'guest_card'), cardAndAddress: sum(all, 'card_ip'), address: sum(all, 'guest_ip') };
}

/** The gate loses its memory; it must be there to lose any. */
async function forget(gate: GateStub): Promise<void> {
  await counts(gate);
  await evictDurableObject(gate);
}

const times = (count: number) => ({ card: count, cardAndAddress: count, address: count });

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts one failure, whoever tells of it first, last or twice', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ byApi, link, words }) => {
      const gate = newGate();
      let named = 0;
      const evaluation = await begin(gate, byApi);
      const metadata = link === 'metadata' ? { evaluation } : {};
      // A checkout's attempt whose answer never comes is known by its metadata alone, which no return has.
      const isKnown = link === 'metadata' && words.every(({ source }) => source !== 'return');
      const isTold = byApi || isKnown ? words : [...words, { source: 'answer', status: 'unknown' } as const];
      for (const { source, status } of [
        ...isTold,
        ...(byApi ? [{ source: 'report', status: 'unknown' } as const] : []),
      ]) {
        vi.setSystemTime(Date.now() + 700);
        if (source === 'evict' && byApi) await forget(gate);
        if (source === 'charge') await hear(gate, said({ ...metadata, paymentIds: ['ch_1', 'pi_1'] }, status));
        if (source === 'intent') await hear(gate, said(metadata, status));
        if (source === 'return') await hear(gate, returned(status));
        if (source === 'named return') {
          expect((await hear(gate, returned(status, '198.51.100.7')))?.kind).toBe('ignored');
          const heard = await hear(gate, returned(status, '203.0.113.9'));
          if (heard?.kind !== 'ignored' && status === 'failed') named++;
        }
        if (source === 'report' || (source === 'answer' && byApi)) await report(gate, evaluation, status);
        if (source === 'answer' && !byApi) await answer(gate, evaluation, status);
      }
      const tells = ({ source, status }: Case['words'][number]) =>
        status === 'failed' && source !== 'evict' && source !== 'named return';
      const hasFailed = named > 0 || words.some(tells);
      const heard = hasFailed ? await hear(gate, said({ ...metadata, word: null }, 'unknown')) : null;
      expect(await counted(gate)).toEqual(times(hasFailed ? 1 : 0));
      expect(heard?.failures ?? 0).toBe(hasFailed && heard !== null ? 1 : 0);
    }),
    { numRuns: 1_000 },
  );
});

describe('a payment that is tried again', () => {
  it('counts each try that the webhooks tell of under the payer who made it', async () => {
    const gate = newGate();
    const evaluation = await begin(gate, false);
    await answer(gate, evaluation, 'pending');
    for (const tryId of ['ch_1', 'ch_2', 'ch_1', 'ch_3', 'ch_2']) {
      vi.setSystemTime(Date.now() + 2_000);
      await hear(gate, said({ tryId }, 'failed'));
    }
    expect((await counted(gate)).address).toBe(3);
    expect((await hear(gate, said({ tryId: 'ch_4' }, 'failed')))?.failures).toBe(4);
  });

  it('finds for each event the attempt that was under way, in whatever order they come', async () => {
    const permutations = [
      ['ch_1', 'ch_2'],
      ['ch_2', 'ch_1'],
      ['ch_1', 'ch_2', 'ch_1', 'ch_2'],
    ];
    for (const order of permutations) {
      const gate = newGate();
      const [first, second] = [await begin(gate, false, START + 10_000), await begin(gate, false, START + 20_000)];
      await answer(gate, first, 'failed');
      await answer(gate, second, 'pending');
      const at: Record<string, number> = { ch_1: START + 11_000, ch_2: START + 21_000 };
      for (const tryId of order) await hear(gate, said({ tryId, occurredAt: at[tryId] ?? null }, 'failed'));
      expect(await counted(gate)).toEqual(times(2));
    }
  });
});

describe('a return', () => {
  it('before anybody knew whose payment it is counts once it is known, and only then', async () => {
    const gate = newGate();
    expect((await hear(gate, returned('failed')))?.kind).toBe('stranger');
    expect((await hear(gate, returned('failed')))?.kind).toBe('exists');
    expect(await counts(gate)).toEqual({});
    await answer(gate, await begin(gate, false), 'pending');
    expect(await counted(gate)).toEqual(times(1));
  });

  it('keeps no webhook from being counted by its card', async () => {
    const gate = newGate();
    await hear(gate, returned('failed'));
    expect((await hear(gate, said({}, 'failed')))?.kind).toBe('stranger');
    expect((await counted(gate)).card).toBe(1);
    await answer(gate, await begin(gate, false), 'failed');
    expect(await counted(gate)).toEqual(times(1));
  });

  it('of a payment that a client named leaves nothing behind', async () => {
    const gate = newGate();
    expect((await hear(gate, returned('failed', '203.0.113.9')))?.kind).toBe('ignored');
    await answer(gate, await begin(gate, false), 'unknown');
    expect((await hear(gate, returned('failed', '203.0.113.9')))?.kind).toBe('ignored');
    expect(await counts(gate)).toEqual({});
  });
});

describe('a failure of nobody’s attempt', () => {
  it('counts once for its card, however often it is told', async () => {
    const gate = newGate();
    expect((await hear(gate, said({}, 'failed')))?.kind).toBe('stranger');
    expect((await hear(gate, said({ paymentIds: ['ch_1'] }, 'failed')))?.kind).toBe('exists');
    expect(await counted(gate)).toEqual({ card: 1, cardAndAddress: 0, address: 0 });
  });

  it('counts again for another try of the same payment', async () => {
    const gate = newGate();
    await hear(gate, said({}, 'failed'));
    expect((await hear(gate, said({ tryId: 'ch_2' }, 'failed')))?.kind).toBe('stranger');
    expect((await counted(gate)).card).toBe(2);
  });

  it('becomes the tries of the attempt that turns out to be its own', async () => {
    const gate = newGate();
    await hear(gate, said({}, 'failed'));
    await hear(gate, said({ tryId: 'ch_2' }, 'failed'));
    await answer(gate, await begin(gate, false), 'failed');
    expect(await counted(gate)).toEqual(times(2));
    expect((await hear(gate, said({ tryId: 'ch_2' }, 'failed')))?.kind).toBe('exists');
    expect(await counted(gate)).toEqual(times(2));
  });

  it('that carries nothing to count under changes nothing', async () => {
    const gate = newGate();
    const nothing = { ...said({}, 'failed').stranger, places: [], cards: [] };
    expect((await hear(gate, said({ cards: [], stranger: nothing }, 'failed')))?.kind).toBe('ignored');
    expect(await counts(gate)).toEqual({});
  });

  it('is nothing to count once it is older than what is remembered of it', async () => {
    const gate = newGate();
    const word = said({}, 'failed');
    expect((await hear(gate, word))?.kind).toBe('stranger');
    vi.setSystemTime(START + OUTCOME_KEPT_MS);
    while (await runDurableObjectAlarm(gate));
    vi.setSystemTime(START + OUTCOME_KEPT_MS + 1_000);
    expect((await hear(gate, word))?.kind).toBe('ignored');
    expect(await counts(gate)).toEqual({});
  });

  it('that succeeded is nothing to count', async () => {
    expect((await hear(newGate(), said({}, 'succeeded')))?.kind).toBe('ignored');
  });
});

it('finds an attempt in flight by a fingerprint that is known to be its card', async () => {
  const gate = newGate();
  await calls(gate).close({ settlements: [], joins: [[FP, PF]] });
  const evaluation = await begin(gate, false);
  const heard = await hear(gate, said({ paymentIds: [], tryId: null }, 'failed'));
  expect(heard).toMatchObject({ kind: 'recorded', evaluation });
  await answer(gate, evaluation, 'failed');
  expect(await counted(gate)).toEqual(times(1));
});

it('keeps what else is said of an attempt', async () => {
  const gate = newGate();
  const evaluation = await begin(gate, true);
  const heard = await hear(gate, said({ evaluation, word: null, labels: ['dispute', 'fraud_warning'] }, 'failed'));
  expect(heard).toMatchObject({ kind: 'labelled', evaluation });
  const told = await calls(gate).tell(evaluation, ADMIN);
  expect(told).toMatchObject({ stored: { labels: [{ label: 'dispute' }, { label: 'fraud_warning' }] } });
  expect(await counts(gate)).toEqual({});
});
