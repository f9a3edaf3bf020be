/**
 * One payment that is tried thousands of times, and thousands of payments that wait: what one word costs must not grow
 * with either, or a tester's cart keeps everybody else from paying.
 */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { Gate } from '../../src/gate/gate.ts';
import type { ProcessorWord } from '../../src/gate/gate-messages.ts';
import { asking, calls, counts, type GateStub, newGate, outcome, RESERVATION_MS, touch } from './asking.ts';

const CROWD = 3_000;
const PF = `pf_${'b'.repeat(43)}`;
const ADDRESS = touch('["guest_ip","203.0.113.9"]', { rule: 'guest_ip', limit: 100_000 });
const BY_CARD = touch(JSON.stringify(['guest_card', PF]), { rule: 'guest_card', limit: 100_000 });

function failure(tryId: string, change: Partial<ProcessorWord> = {}): ProcessorWord {
  return {
    event: `stripe|${tryId}`,
    word: { status: 'failed', paymentId: 'pi_1' },
    labels: [],
    evaluation: null,
    paymentIds: ['pi_1', tryId],
    tryId,
    cards: [],
    occurredAt: Date.now() + 5_000,
    stranger: {
      evaluation: newEvaluationId('acme', Date.now()),
      places: [],
      guest: true,
      reservationMs: RESERVATION_MS,
    },
    ...change,
  };
}

/** The rows that the gate's statements read meanwhile. */
async function rowsRead(gate: GateStub, work: (instance: Gate) => unknown): Promise<number> {
  return runInDurableObject(gate, (instance: Gate, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql);
    const cursors: { rowsRead: number }[] = [];
    const counting: typeof sql.exec = (query, ...bindings) => {
      const cursor = exec(query, ...bindings);
      cursors.push(cursor);
      return cursor as ReturnType<typeof sql.exec<never>>;
    };
    sql.exec = counting;
    work(instance);
    sql.exec = exec;
    return cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
  });
}

const begun = async (gate: GateStub, evaluation: string, links: readonly string[]) => {
  const kept = { links, keptText: JSON.stringify({ places: [ADDRESS], guest: true, reservationMs: RESERVATION_MS }) };
  await calls(gate).settle(outcome(evaluation, 'failed', [ADDRESS], kept));
};

it('every try of a payment that is tried without end is counted, and none costs more for those before', {
  timeout: 120_000,
}, async () => {
  const gate = newGate();
  await begun(gate, newEvaluationId('acme', Date.now()), ['pi_1']);
  const words = Array.from({ length: CROWD }, (_, i) => failure(`ch_${i}`));
  for (let at = 0; at < CROWD; at += 50) await calls(gate).hear(words.slice(at, at + 50));
  expect(await counts(gate)).toEqual({ [ADDRESS.key]: CROWD });
  for (const word of [failure('ch_0'), failure('ch_1500'), failure('ch_new')]) {
    expect(await rowsRead(gate, (instance) => instance.hear([word]))).toBeLessThan(3_000);
  }
  expect(await counts(gate)).toEqual({ [ADDRESS.key]: CROWD + 1 });
});

it('an id that stands for every payment of a cart costs no settlement more', { timeout: 120_000 }, async () => {
  const gate = newGate();
  for (let i = 0; i < 1_000; i++) await begun(gate, newEvaluationId('acme', Date.now() + i), ['cart_1']);
  const next = newEvaluationId('acme', Date.now() + CROWD);
  const settlement = outcome(next, 'failed', [ADDRESS], { links: ['cart_1'] });
  expect(await rowsRead(gate, (instance) => instance.settle(settlement))).toBeLessThan(200);
});

it('payments that wait in their thousands are not read one by one for a word about somebody else', async () => {
  const gate = newGate();
  await runInDurableObject(gate, (instance: Gate) => {
    for (let i = 0; i < CROWD; i++) {
      const card = `pf_${String(i).padStart(43, '0')}`;
      instance.settle(outcome(`e${i}`, 'pending', [touch(JSON.stringify(['guest_card', card]))], { cards: [card] }));
    }
  });
  const places = [BY_CARD];
  const stranger = { ...failure('x').stranger, places, cards: [PF] };
  const word = failure('ch_s', { cards: [PF], stranger });
  expect(await rowsRead(gate, (instance) => instance.hear([word]))).toBeLessThan(200);
  expect(await counts(gate)).toEqual({ [BY_CARD.key]: 1 });
});

it('a payment that waits is found by its card, under whichever rule it holds a place', async () => {
  const gate = newGate();
  const places = [touch(JSON.stringify(['card_ip', PF, '203.0.113.9']))];
  const id = newEvaluationId('acme', Date.now());
  await calls(gate).admit(asking(id, places, { cards: [PF] }));
  await calls(gate).settle(outcome(id, 'pending', places, { cards: [PF] }));
  const stranger = { ...failure('x').stranger, places: [BY_CARD], cards: [PF] };
  const [heard] = await calls(gate).hear([failure('ch_s', { cards: [PF], stranger })]);
  expect(heard).toMatchObject({ kind: 'recorded', evaluation: id });
});
