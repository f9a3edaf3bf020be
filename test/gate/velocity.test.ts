/**
 * Counters of every kind in a real gate: exact whatever the parallelism, durable, one row each, and found by whoever
 * lifts them.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Touch } from '../../src/velocity/touch.ts';
import { asking, calls, type GateStub, newGate, outcome, RESERVATION_MS, rowsOf, START, touch } from './asking.ts';

const card = (index: number) => `fp_${String(index).padStart(4, '0').repeat(11).slice(0, 43)}`;
const cards = (index: number, change: Partial<Touch> = {}): Touch =>
  touch('["cards_per_ip:distinct_cards:ip","203.0.113.9"]', {
    rule: 'cards_per_ip',
    count: 'distinct_cards',
    items: [card(index)],
    ...change,
  });

async function settled(
  gate: GateStub,
  id: string,
  places: readonly Touch[],
  status: 'failed' | 'succeeded' | 'pending',
) {
  await calls(gate).settle(outcome(id, status, places, { declineReason: status === 'failed' ? 'do_not_honor' : null }));
}

async function tried(gate: GateStub, id: string, places: readonly Touch[], status: 'failed' | 'succeeded' = 'failed') {
  const { kind } = await calls(gate).admit(asking(id, places));
  if (kind === 'admitted') await settled(gate, id, places, status);
  return kind;
}

const rows = (gate: GateStub) =>
  rowsOf<{ key: string; count: number; parts: string | null }>(gate, 'SELECT key, count, parts FROM counters');

describe('distinct cards under a narrow key', () => {
  it('of a thousand at once no more fail than the limit', async () => {
    const gate = newGate();
    const admitted = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const places = [cards(index)];
        const { kind } = await calls(gate).admit(asking(`ev-${index}`, places));
        return { kind, places, id: `ev-${index}` };
      }),
    );
    const through = admitted.filter(({ kind }) => kind === 'admitted');
    expect(through).toHaveLength(3);
    for (const { id, places } of through) await settled(gate, id, places, 'failed');
    expect(await tried(gate, 'late', [cards(9_999)])).toBe('refused');
    expect(await rows(gate)).toMatchObject([{ count: 3 }]);
  });

  it('the same card a hundred times at once is one', async () => {
    const gate = newGate();
    const kinds = await Promise.all(
      Array.from(
        { length: 100 },
        async (_, index) => (await calls(gate).admit(asking(`ev-${index}`, [cards(1)]))).kind,
      ),
    );
    expect(new Set(kinds)).toEqual(new Set(['admitted']));
    expect((await calls(gate).admit(asking('a', [cards(2)]))).kind).toBe('admitted');
    expect((await calls(gate).admit(asking('b', [cards(3)]))).kind).toBe('admitted');
    expect(await calls(gate).admit(asking('c', [cards(4)]))).toMatchObject({
      kind: 'refused',
      verdicts: [{ state: 'busy', count: 0, inFlight: 3 }],
    });
    expect((await calls(gate).admit(asking('d', [cards(3)]))).kind).toBe('admitted');
  });

  it('those that are written down, and pending, still count as candidates', async () => {
    const gate = newGate();
    for (const index of [1, 2, 3]) {
      await calls(gate).admit(asking(`ev-${index}`, [cards(index)]));
      await settled(gate, `ev-${index}`, [cards(index)], 'pending');
    }
    await evictDurableObject(gate);
    expect(await calls(gate).admit(asking('other', [cards(4)]))).toMatchObject({ kind: 'refused' });
    expect((await calls(gate).admit(asking('same', [cards(2)]))).kind).toBe('admitted');
  });

  it('of a wide key those under way refuse nobody, and take no row', async () => {
    const gate = newGate();
    const wide = (index: number) => cards(index, { inFlight: 'ignore' });
    for (let index = 0; index < 60; index++) {
      await calls(gate).admit(asking(`ev-${index}`, [wide(index)]));
      await settled(gate, `ev-${index}`, [wide(index)], 'pending');
    }
    expect((await calls(gate).admit(asking('next', [wide(99)]))).kind).toBe('admitted');
    expect(await rowsOf(gate, 'SELECT key FROM holds')).toEqual([]);
  });

  it('a card that turns out to be known by two names is one', async () => {
    const gate = newGate();
    const processors = `pf_${'p'.repeat(43)}`;
    const admitted = asking('first', [cards(0, { items: [processors] })], { cards: [processors] });
    await calls(gate).admit(admitted);
    await settled(gate, 'first', admitted.touches, 'failed');
    await calls(gate).admit(asking('second', [cards(1)], { cards: [card(1)], alsoKnownAs: [processors] }));
    await settled(gate, 'second', [cards(1)], 'failed');
    expect(await rows(gate)).toMatchObject([{ count: 1 }]);
  });

  it('a card under the former fingerprint key is the same card', async () => {
    const gate = newGate();
    await tried(gate, 'before', [cards(1)]);
    await tried(gate, 'after', [cards(7, { items: [card(7), card(1)] })]);
    expect(await rows(gate)).toMatchObject([{ count: 1, parts: JSON.stringify([[card(7).slice(0, 15), 0]]) }]);
  });

  it('keeps its count over a row that a release before the parts has written', async () => {
    const gate = newGate();
    for (const index of [1, 2]) await tried(gate, `ev-${index}`, [cards(index)]);
    await runInDurableObject(gate, (_, { storage }) => storage.sql.exec('UPDATE counters SET parts = NULL'));
    expect(await tried(gate, 'third', [cards(3)])).toBe('admitted');
    expect(await tried(gate, 'fourth', [cards(4)])).toBe('refused');
  });
});

it('a decline in parallel with weights never lets more through than one after the other could', async () => {
  const gate = newGate();
  const places = [touch('["w:weighted_failures:ip","203.0.113.9"]', { count: 'weighted_failures', limit: 6 })];
  const kinds = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => (await calls(gate).admit(asking(`ev-${i}`, places))).kind),
  );
  expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(3);
});

it.each([
  ['incorrect_cvc', 2],
  ['do_not_honor', 1],
  ['authentication_failed', 0.5],
  ['processing_error', undefined],
] as const)('%s weighs %s', async (declineReason, count) => {
  const gate = newGate();
  const places = [touch('["w:weighted_failures:ip","203.0.113.9"]', { count: 'weighted_failures', limit: 9 })];
  await calls(gate).admit(asking('ev', places));
  await calls(gate).settle(outcome('ev', 'failed', places, { declineReason }));
  expect((await rows(gate))[0]?.count).toBe(count);
});

it('counts the declines of some reasons alone', async () => {
  const gate = newGate();
  const places = [touch('["cvc:failures:card","fp_1"]', { declineReasons: ['incorrect_cvc'], limit: 2 })];
  for (const [index, declineReason] of ['do_not_honor', 'incorrect_cvc', 'expired', 'incorrect_cvc'].entries()) {
    expect((await calls(gate).admit(asking(`ev-${index}`, places))).kind).toBe('admitted');
    await calls(gate).settle(outcome(`ev-${index}`, 'failed', places, { declineReason }));
  }
  expect((await calls(gate).admit(asking('last', places))).kind).toBe('refused');
});

describe('attempts', () => {
  const places = [touch('["a:attempts:ip","203.0.113.9"]', { count: 'attempts', limit: 2 })];

  it.each(['succeeded', 'failed', 'pending', 'unknown'] as const)(
    'are counted when they are %s, once',
    async (status) => {
      const gate = newGate();
      await calls(gate).admit(asking('ev', places));
      await calls(gate).settle(outcome('ev', status, places));
      await calls(gate).settle(outcome('ev', status, places));
      await calls(gate).settle(outcome('ev', 'failed', places));
      expect(await rows(gate)).toMatchObject([{ count: 1 }]);
    },
  );

  it('are counted as text comes, where the caller says that it counts', async () => {
    const gate = newGate();
    await calls(gate).admit(asking('ev', places));
    const word = JSON.stringify({ evaluation: 'ev', status: 'succeeded', countsAttempts: true });
    await calls(gate).settleText(word, JSON.stringify({ places, guest: true, reservationMs: RESERVATION_MS }));
    expect(await rows(gate)).toMatchObject([{ count: 1 }]);
  });

  describe('of which nobody ever says a word', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'] });
      vi.setSystemTime(START);
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('are counted when their time is over', async () => {
      const gate = newGate();
      await calls(gate).admit(asking('silent', places));
      vi.setSystemTime(START + RESERVATION_MS + 1);
      await calls(gate).admit(asking('next', places));
      expect(await rows(gate)).toMatchObject([{ count: 1 }]);
      await calls(gate).settle(outcome('silent', 'failed', places));
      expect(await rows(gate)).toMatchObject([{ count: 1 }]);
    });

    it('are counted by the alarm where they were written down', async () => {
      const gate = newGate();
      await calls(gate).admit(asking('parked', places));
      await calls(gate).settle(outcome('parked', 'pending', places));
      vi.setSystemTime(START + RESERVATION_MS + 1);
      await runDurableObjectAlarm(gate);
      expect(await rows(gate)).toMatchObject([{ count: 1 }]);
    });
  });
});

describe('a challenge', () => {
  const places = [touch('["c:failures:email","em_1"]', { then: 'challenge', limit: 1, inFlight: 'ignore' })];

  it('stops whoever has not passed it, takes no place and counts nothing', async () => {
    const gate = newGate();
    await tried(gate, 'first', places);
    expect((await calls(gate).admit(asking('second', places))).kind).toBe('refused');
    expect(await rows(gate)).toMatchObject([{ count: 1 }]);
  });

  it.each([
    [undefined, 0, 'refused'],
    [undefined, 1, 'admitted'],
    [3, 2, 'refused'],
    [3, 3, 'admitted'],
  ] as const)('that demands %s is met by a pass of strength %s: %s', async (strength, cleared, kind) => {
    const gate = newGate();
    const demanding = places.map((one) => (strength === undefined ? one : { ...one, strength }));
    await tried(gate, 'first', demanding);
    expect((await calls(gate).admit(asking('second', demanding, { cleared }))).kind).toBe(kind);
  });

  it('counts whoever goes on with his pass', async () => {
    const gate = newGate();
    await tried(gate, 'first', places);
    const admission = await calls(gate).admit(asking('second', places, { cleared: 1 }));
    expect(admission).toMatchObject({ kind: 'admitted', places });
    await settled(gate, 'second', places, 'failed');
    expect(await rows(gate)).toMatchObject([{ count: 2 }]);
  });
});

it('one row a counter and one more, however large the set of cards is', async () => {
  const gate = newGate();
  for (let index = 0; index < 200; index++) await tried(gate, `ev-${index}`, [cards(index, { limit: 256 })]);
  const [row] = await rows(gate);
  expect(row?.count).toBe(200);
  expect(row?.parts?.length).toBeLessThan(200 * 24);
  expect(row?.parts).not.toContain(card(7));
});
