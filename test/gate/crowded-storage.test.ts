/**
 * A flood that would fill the object's storage within its records' lives: what is kept longest goes first, and what
 * counts stays.
 */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import { Histories } from '../../src/gate/histories.ts';
import { Ledger } from '../../src/gate/ledger.ts';
import { Sweep } from '../../src/gate/sweep.ts';
import { calls, counts, newGate, outcome, rowsIn, touch } from './asking.ts';

const HOUR_MS = 3_600_000;
const GB = 1e9;

it.each([
  ['plenty of room', 1 * GB, 3],
  ['half of it taken', 6 * GB, 2],
  ['hardly any left', 9 * GB, 1],
])('outcomes are kept as long as there is room: %s', async (_, usedBytes, kept) => {
  const gate = newGate();
  const now = Date.now();
  const places = [touch('card', { windowSeconds: 30 * 24 * 3_600, maxBlockSeconds: 30 * 24 * 3_600 })];
  for (const ageMs of [48 * HOUR_MS, 12 * HOUR_MS, 0]) {
    const evaluation = newEvaluationId('acme', now - ageMs);
    await calls(gate).settle(outcome(evaluation, 'failed', places));
    await runInDurableObject(gate, (_, { storage }) => {
      storage.sql.exec('UPDATE outcomes SET settled_at = ? WHERE evaluation = ?', now - ageMs, evaluation);
    });
  }
  await runInDurableObject(gate, (_, { storage }) => {
    const sweep = new Sweep(new Ledger(storage.sql), new Histories(storage.sql));
    while (!sweep.step(now, usedBytes));
  });
  expect(await rowsIn(gate, 'outcomes')).toBe(kept);
  expect(await counts(gate)).toEqual({ card: 3 });
});
