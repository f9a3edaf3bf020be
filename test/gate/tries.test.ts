/**
 * One payment that is tried again and again: each try that fails counts once, whoever tells of it and however often.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newGate, START } from './asking.ts';
import { answer, begin, chargeless, counted, hear, said, times } from './telling.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
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

  it('counts each try that failed before a charge, and none twice', async () => {
    const gate = newGate();
    const evaluation = await begin(gate, false);
    await answer(gate, evaluation, 'failed');
    for (const request of ['req_1', 'req_2', 'req_1', 'req_3', 'req_2']) {
      vi.setSystemTime(Date.now() + 2_000);
      await hear(gate, chargeless({ tryId: `pi_1:${request}` }, 'failed'));
    }
    expect((await counted(gate)).address).toBe(3);
    await answer(gate, evaluation, 'failed');
    expect((await hear(gate, said({ tryId: 'ch_4' }, 'failed')))?.failures).toBe(4);
  });

  it('counts a failed try once where the payment was paid by a later one, in whatever order they are told', async () => {
    const words = [
      said({ tryId: 'ch_2' }, 'succeeded'),
      chargeless({}, 'failed'),
      said({ tryId: 'ch_2' }, 'succeeded'),
    ];
    for (const order of [words, words.toReversed(), words.slice(1)]) {
      const gate = newGate();
      await answer(gate, await begin(gate, false), 'failed');
      for (const one of order) await hear(gate, one);
      expect(await counted(gate)).toEqual(times(1));
    }
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
