/**
 * One attempt, told of by the shop's answer, by the processor's webhooks, by the shop's backend and by the payer's return,
 * in every order, each more than once, with the gate losing its memory in between: one failure is counted, never none
 * and never two.
 */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import { calls, counts, newGate, START } from './asking.ts';
import {
  ADMIN,
  answer,
  begin,
  chargeless,
  counted,
  FP,
  forget,
  hear,
  PF,
  report,
  returned,
  type Status,
  said,
  times,
} from './telling.ts';

/** `named return`: the client says whose payment it is. */
type Source = 'answer' | 'charge' | 'intent' | 'report' | 'return' | 'named return' | 'evict';

interface Case {
  readonly byApi: boolean;
  /** Failed before there was a charge: its webhooks name the try in a way of their own, and nothing but failures do. */
  readonly isChargeless: boolean;
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
  isChargeless: fc.boolean(),
  link: fc.constantFrom('metadata' as const, 'payment id' as const),
  words: fc.array(word, { minLength: 1, maxLength: 8 }),
});

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts one failure, whoever tells of it first, last or twice', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ byApi, isChargeless, link, words }) => {
      const webhook = isChargeless ? chargeless : said;
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
        if (source === 'charge' && !isChargeless)
          await hear(gate, said({ ...metadata, paymentIds: ['ch_1', 'pi_1'] }, status));
        if (source === 'intent' || (source === 'charge' && isChargeless)) await hear(gate, webhook(metadata, status));
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
      const heard = hasFailed ? await hear(gate, webhook({ ...metadata, word: null }, 'unknown')) : null;
      expect(await counted(gate)).toEqual(times(hasFailed ? 1 : 0));
      expect(heard?.failures ?? 0).toBe(hasFailed && heard !== null ? 1 : 0);
    }),
    { numRuns: 1_000 },
  );
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
  const labels = [{ label: 'dispute' }, { label: 'fraud_warning' }];
  expect(await calls(gate).tell(evaluation, ADMIN)).toMatchObject({ stored: { labels } });
  expect(await counts(gate)).toEqual({});
  await evictDurableObject(gate);
  expect(await calls(gate).tell(evaluation, ADMIN)).toMatchObject({ stored: { labels } });
});
