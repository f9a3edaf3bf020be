/**
 * What keeps the gate small: old places are written down, memory is bounded, what is over is swept, and the alarm
 * ends when nothing is left.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AttackDesk } from '../../src/gate/attack-desk.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { WRITE_DOWN_AGE_MS } from '../../src/gate/housekeeping.ts';
import { Ledger } from '../../src/gate/ledger.ts';
import { OUTCOME_KEPT_MS } from '../../src/gate/sweep.ts';
import {
  asking,
  calls,
  counts,
  fail,
  type GateStub,
  newGate,
  outcome,
  RESERVATION_MS,
  rowsIn,
  START,
  touch,
  WINDOW_SECONDS,
} from './asking.ts';

const WINDOW_MS = WINDOW_SECONDS * 1_000;
/** As in gate.ts. */
const OPEN_LIMIT = 4_096;
const SWEEP_STEP_ROWS = 500;
const SOON_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('writes a place down when it grows old, and still gives it up when the outcome comes', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 1 })];
  await calls(gate).admit(asking('slow', touches));
  expect(await rowsIn(gate, 'reservations')).toBe(0);
  await pass(gate, WRITE_DOWN_AGE_MS);
  expect(await rowsIn(gate, 'reservations')).toBe(1);
  expect((await calls(gate).admit(asking('b', touches))).kind).toBe('refused');
  await calls(gate).settle(outcome('slow', 'succeeded', touches));
  expect([await rowsIn(gate, 'reservations'), await rowsIn(gate, 'holds')]).toEqual([0, 0]);
  expect((await calls(gate).admit(asking('c', touches))).kind).toBe('admitted');
});

it('goes on with both where the watch cannot be written down', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 1 })];
  const keep = vi.spyOn(AttackDesk.prototype, 'keep').mockImplementation(() => {
    throw new Error('no room');
  });
  const log = vi.spyOn(console, 'error');
  await calls(gate).admit(asking('slow', touches));
  await pass(gate, WRITE_DOWN_AGE_MS);
  expect(await rowsIn(gate, 'reservations')).toBe(1);
  vi.setSystemTime(START + OUTCOME_KEPT_MS);
  expect(await runDurableObjectAlarm(gate)).toBe(true);
  expect(await rowsIn(gate, 'reservations')).toBe(0);
  expect(log.mock.calls.filter(([line]) => String(line).includes('attack_watch_not_kept')).length).toBe(2);
  keep.mockRestore();
  log.mockRestore();
});

it('counts nothing for a place whose outcome never comes, and opens it at the end of its time', async () => {
  const gate = newGate();
  const touches = [touch('card', { limit: 1 })];
  await calls(gate).admit(asking('lost', touches));
  await pass(gate, WRITE_DOWN_AGE_MS);
  vi.setSystemTime(START + RESERVATION_MS - 1);
  expect((await calls(gate).admit(asking('b', touches))).kind).toBe('refused');
  vi.setSystemTime(START + RESERVATION_MS);
  expect((await calls(gate).admit(asking('c', touches))).kind).toBe('admitted');
  expect(await counts(gate)).toEqual({});
});

it('holds every place of a crowd larger than memory may hold', async () => {
  const gate = newGate();
  const crowd = OPEN_LIMIT + 10;
  await runInDurableObject(gate, (instance: Gate) => {
    for (let i = 0; i < crowd; i++) instance.admit(asking(`e${i}`, [touch(`card-${i}`, { limit: 1 })]));
  });
  expect(await rowsIn(gate, 'reservations')).toBe(10);
  for (const i of [0, 9, 10, crowd - 1]) {
    expect((await calls(gate).admit(asking(`again-${i}`, [touch(`card-${i}`, { limit: 1 })]))).kind).toBe('refused');
  }
});

it('sweeps what is over, keeps what is not, and stops the alarm when nothing is left', async () => {
  const gate = newGate();
  await fail(gate, 'early', [touch('early')]);
  expect(await alarmOf(gate)).not.toBeNull();
  vi.setSystemTime(START + WINDOW_MS / 2);
  await fail(gate, 'late', [touch('late')]);
  await sweepAt(gate, START + WINDOW_MS);
  expect(await counts(gate)).toEqual({ late: 1 });
  expect(await rowsIn(gate, 'outcomes')).toBe(2);
  await sweepAt(gate, START + OUTCOME_KEPT_MS);
  expect([await rowsIn(gate, 'counters'), await rowsIn(gate, 'outcomes')]).toEqual([0, 1]);
  expect(await alarmOf(gate)).not.toBeNull();
  await sweepAt(gate, START + WINDOW_MS / 2 + OUTCOME_KEPT_MS);
  expect(await rowsIn(gate, 'outcomes')).toBe(0);
  expect(await alarmOf(gate)).toBeNull();
  expect(await runDurableObjectAlarm(gate)).toBe(false);
});

it('sets the alarm again for the first row after the tables were empty', async () => {
  const gate = newGate();
  await fail(gate, 'a', [touch('card')]);
  await sweepAt(gate, START + OUTCOME_KEPT_MS);
  expect(await alarmOf(gate)).toBeNull();
  await fail(gate, 'b', [touch('card')]);
  expect(await alarmOf(gate)).not.toBeNull();
});

it('sweeps large tables a stretch at a time', async () => {
  const gate = newGate();
  const rows = 2 * SWEEP_STEP_ROWS + 10;
  await runInDurableObject(gate, (instance: Gate) => {
    for (let i = 0; i < rows; i++) instance.settle(outcome(`e${i}`, 'failed', [touch(`card-${i}`)]));
  });
  vi.setSystemTime(START + OUTCOME_KEPT_MS);
  const left: number[] = [];
  while (await runDurableObjectAlarm(gate)) {
    left.push((await rowsIn(gate, 'counters')) + (await rowsIn(gate, 'outcomes')));
  }
  const steps = left.map((now, step) => (left[step - 1] ?? 2 * rows) - now);
  expect(Math.max(...steps)).toBeLessThanOrEqual(SWEEP_STEP_ROWS);
  expect(left.at(-1)).toBe(0);
});

it('keeps an alarm over an eviction, and sets none where there is nothing', async () => {
  const gate = newGate();
  await calls(gate).lastGoodConfig();
  expect(await alarmOf(gate)).toBeNull();
  await fail(gate, 'a', [touch('card')]);
  await evictDurableObject(gate);
  await sweepAt(gate, START + OUTCOME_KEPT_MS);
  expect([await rowsIn(gate, 'counters'), await rowsIn(gate, 'outcomes')]).toEqual([0, 0]);
});

it('can make its tables again over rows that are there', async () => {
  const gate = newGate();
  await fail(gate, 'a', [touch('card')]);
  await runInDurableObject(gate, (_, { storage }) => {
    for (let i = 0; i < 2; i++) new Ledger(storage.sql);
  });
  expect(await counts(gate)).toEqual({ card: 1 });
});

it('runs on the tables of a later release, which have a column more', async () => {
  const gate = newGate();
  await calls(gate).lastGoodConfig();
  await runInDurableObject(gate, (_, { storage: { sql } }) => {
    const tables = sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    );
    for (const { name } of [...tables]) sql.exec(`ALTER TABLE ${name} ADD COLUMN of_a_later_release TEXT`);
  });
  await evictDurableObject(gate);
  const touches = [touch('["guest_card","of a later release"]')];
  const links = { links: ['pi_1'], alsoKnownAs: [`tk_${'t'.repeat(43)}`], cards: [`fp_${'f'.repeat(43)}`] };
  await calls(gate).offerConfig({ hash: 'c1', writtenAt: 0, json: '{}' }, 0);
  await calls(gate).evaluate({
    ...asking('ev_of_the_api', touches),
    recording: {
      caller: { kind: 'admin' },
      record: '{}',
      isRefused: false,
      idempotency: { key: 'k', payload: 'p', keptMs: 1 },
    },
  });
  await calls(gate).settle(outcome('parked', 'pending', touches, links));
  await calls(gate).settle(outcome('parked', 'failed', touches, links));
  expect(Object.values(await counts(gate))).toEqual([1]);
});

/** Time as the gate's own timers see it. */
async function pass(gate: GateStub, ms: number): Promise<void> {
  await runInDurableObject(gate, () => void vi.advanceTimersByTime(ms));
}

/** A whole round of the sweep: its steps follow each other closely until it is through. */
async function sweepAt(gate: GateStub, time: number): Promise<void> {
  vi.setSystemTime(time);
  do expect(await runDurableObjectAlarm(gate)).toBe(true);
  while (((await alarmOf(gate)) ?? Number.POSITIVE_INFINITY) - time < SOON_MS);
}

function alarmOf(gate: GateStub): Promise<number | null> {
  return runInDurableObject(gate, (_, { storage }) => storage.getAlarm());
}
