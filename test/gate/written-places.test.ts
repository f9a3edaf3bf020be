/**
 * Whether any place is written down: while one is, each attempt looks for it, and once none is, nobody does.
 */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, expect, it, vi } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import { asking, type GateStub, newGate, outcome, RESERVATION_MS, touch } from './asking.ts';

afterEach(() => void vi.restoreAllMocks());

const PLACE = touch('card', { limit: 1 });

function inGate<T>(gate: GateStub, work: (gate: Gate, storage: DurableObjectStorage) => T): Promise<T> {
  return runInDurableObject(gate, (instance, { storage }) => work(instance as unknown as Gate, storage));
}

/** An attempt that waits for its payer: its place is a row. */
function leaveWaiting(gate: Gate): void {
  gate.admit(asking('waiting', [PLACE]));
  gate.settle(outcome('waiting', 'pending', [PLACE]));
}

it('is known again as soon as the last of them has gone: an approval is one statement then', async () => {
  await inGate(newGate(), (gate, { sql }) => {
    leaveWaiting(gate);
    gate.settle(outcome('waiting', 'succeeded', [PLACE]));
    const statements = vi.spyOn(sql, 'exec');
    gate.admit(asking('next', [PLACE]));
    const told = { status: 'succeeded', evaluation: 'next' };
    const kept = { places: [PLACE], guest: true, reservationMs: RESERVATION_MS };
    expect(gate.settleText(JSON.stringify(told), JSON.stringify(kept))).toBe('recorded');
    // The counters of the admission, and the outcome.
    expect(statements).toHaveBeenCalledTimes(2);
  });
});

it('is not forgotten where a settlement is rolled back', async () => {
  await inGate(newGate(), (gate, { sql }) => {
    leaveWaiting(gate);
    const exec = sql.exec.bind(sql);
    const broken = vi.spyOn(sql, 'exec').mockImplementation(((statement: string, ...values: unknown[]) => {
      if (statement.includes('INTO payments')) throw new Error('the disk is full');
      return exec(statement, ...values);
    }) as never);
    const paid = outcome('waiting', 'succeeded', [PLACE], { links: ['pay_1'] });
    expect(() => gate.settle(paid)).toThrow('the disk is full');
    broken.mockRestore();
    expect(gate.admit(asking('next', [PLACE])).kind).toBe('refused');
    gate.settle(outcome('another', 'succeeded', [touch('another card')]));
    expect(gate.admit(asking('next', [PLACE])).kind).toBe('refused');
    gate.settle(outcome('waiting', 'succeeded', [PLACE]));
    expect(gate.admit(asking('next', [PLACE])).kind).toBe('admitted');
  });
});
