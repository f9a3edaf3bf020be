/**
 * The price of an attempt: rows written are what a Durable Object is billed by, and what bounds its throughput.
 */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it, vi } from 'vitest';
import { WRITE_DOWN_AGE_MS } from '../../src/gate/housekeeping.ts';
import { asking, calls, fail, type GateStub, newGate, outcome, touch } from './asking.ts';

const KEYS = ['card_ip', 'guest_card', 'guest_ip'];
const PLACES = KEYS.map((key) => touch(key, { limit: 1_000 }));

it('writes no row for a refusal, and one for an approval', async () => {
  const gate = newGate();
  await fail(gate, 'first', [touch('shut', { limit: 1 })]);
  expect(await rowsWritten(gate, () => calls(gate).admit(asking('refused', [touch('shut', { limit: 1 })])))).toBe(0);
  expect(await rowsWritten(gate, () => attempt(gate, 'paid', 'succeeded'))).toBe(1);
  expect(await rowsWritten(gate, () => attempt(gate, 'no word', 'unknown'))).toBe(1);
});

it('writes one row a key and one more for a decline, the first and every other', async () => {
  const gate = newGate();
  for (let i = 0; i < 3; i++) {
    expect(await rowsWritten(gate, () => attempt(gate, `declined-${i}`, 'failed'))).toBe(KEYS.length + 1);
  }
});

it('writes nothing for an outcome that is said again', async () => {
  const gate = newGate();
  await attempt(gate, 'a', 'failed');
  expect(await rowsWritten(gate, () => calls(gate).settle(outcome('a', 'failed', PLACES)))).toBe(0);
});

it('writes a pending attempt down with one row a key and two more', async () => {
  const gate = newGate();
  expect(await rowsWritten(gate, () => attempt(gate, 'parked', 'pending'))).toBe(KEYS.length + 2);
});

it('writes one row more for a payment that is to be found again, and for going on with it its places again', async () => {
  const gate = newGate();
  const places = KEYS.map((key) => touch(JSON.stringify([key, '203.0.113.9'])));
  const links = { links: ['pay_1'], paymentId: 'pay_1' };
  const park = async () => {
    await calls(gate).admit(asking('parked', places));
    await calls(gate).settle(outcome('parked', 'pending', places, links));
  };
  expect(await rowsWritten(gate, park)).toBe(KEYS.length + 3);
  const goOn = () => calls(gate).admit(asking('next', places, { continues: 'pay_1' }));
  expect(await rowsWritten(gate, goOn)).toBe(KEYS.length + 1);
  const over = () => calls(gate).settle(outcome('parked', 'succeeded', places, { takenBy: 'next', ...links }));
  expect(await rowsWritten(gate, over)).toBe(KEYS.length + 2);
});

it('writes no reservation down that is over before it grew old', async () => {
  vi.useFakeTimers();
  try {
    const gate = newGate();
    const written = await rowsWritten(gate, async () => {
      await attempt(gate, 'quick', 'succeeded');
      await runInDurableObject(gate, () => void vi.advanceTimersByTime(3 * WRITE_DOWN_AGE_MS));
    });
    expect(written).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

async function attempt(
  gate: GateStub,
  evaluation: string,
  status: 'succeeded' | 'failed' | 'pending' | 'unknown',
): Promise<void> {
  await calls(gate).admit(asking(evaluation, PLACES));
  await calls(gate).settle(outcome(evaluation, status, PLACES));
}

/** Rows that the gate's statements write meanwhile, as SQLite's own cursors count them (deletes and indexes too). */
async function rowsWritten(gate: GateStub, work: () => Promise<unknown>): Promise<number> {
  let written = 0;
  const restore = await runInDurableObject(gate, (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql);
    const counting: typeof sql.exec = (query, ...bindings) => {
      const cursor = exec(query, ...bindings);
      written += cursor.rowsWritten;
      return cursor as ReturnType<typeof sql.exec<never>>;
    };
    sql.exec = counting;
    return () => {
      sql.exec = exec;
    };
  });
  await work();
  await runInDurableObject(gate, restore);
  return written;
}
