/**
 * A storage that fails in the middle of a call: what the call writes stands in full, or not at all.
 */
import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import { asking, calls, fail, type GateStub, newGate, outcome, touch } from './asking.ts';

const TABLES = ['counters', 'outcomes', 'reservations', 'holds'];
const PLACES = ['a', 'b', 'c'].map((key) => touch(key, { limit: 5 }));
/** Counters under two keys each, that a lower limit shuts when they are next looked at. */
const SHUT = ['a', 'b'].map((key) => touch(key, { limit: 1, formerKeys: [`${key}, before`] }));

const CALLS: readonly {
  name: string;
  writes: number;
  before: (gate: GateStub) => Promise<unknown>;
  call: (gate: Gate) => unknown;
}[] = [
  {
    name: 'a decline',
    writes: 2,
    before: (gate) => calls(gate).admit(asking('e', PLACES)),
    call: (gate) => gate.settle(outcome('e', 'failed', PLACES)),
  },
  {
    name: 'a pending payment',
    writes: 5,
    before: (gate) => calls(gate).admit(asking('e', PLACES)),
    call: (gate) => gate.settle(outcome('e', 'pending', PLACES)),
  },
  {
    name: 'a success after a pending payment',
    writes: 6,
    before: (gate) => calls(gate).settle(outcome('e', 'pending', PLACES)),
    call: (gate) => gate.settle(outcome('e', 'succeeded', PLACES)),
  },
  {
    name: 'a late failure',
    writes: 3,
    before: (gate) => calls(gate).settle(outcome('e', 'succeeded', PLACES)),
    call: (gate) => gate.settle(outcome('e', 'failed', PLACES)),
  },
  {
    name: 'a refusal that finds two keys shut by a lower limit',
    writes: 4,
    before: (gate) => fail(gate, 'earlier', PLACES),
    call: (gate) => gate.admit(asking('e', SHUT)),
  },
  {
    name: 'an admission that is asked for again after its place was written down',
    writes: 4,
    before: (gate) => calls(gate).settle(outcome('e', 'pending', PLACES)),
    call: (gate) => gate.admit(asking('e', PLACES)),
  },
];

it.for(CALLS)('$name is whole, wherever it breaks', async ({ writes, before, call }) => {
  for (let at = 1; at <= writes; at++) {
    const gate = newGate();
    await before(gate);
    await runInDurableObject(gate, (instance: Gate, { storage: { sql } }) => {
      const rows = rowsOf(sql);
      const restore = breakAt(sql, at);
      expect(() => call(instance)).toThrow('no more');
      restore();
      expect(rowsOf(sql)).toEqual(rows);
      call(instance);
      expect(rowsOf(sql)).not.toEqual(rows);
    });
  }
});

function rowsOf(sql: SqlStorage): unknown {
  return TABLES.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray());
}

/** The write of this number and all after it fail. */
function breakAt(sql: SqlStorage, at: number): () => void {
  const exec = sql.exec.bind(sql);
  let writes = 0;
  const breaking: typeof sql.exec = (query, ...bindings) => {
    if (!/^\s*SELECT/.test(query) && ++writes >= at) throw new Error('no more');
    return exec(query, ...bindings) as ReturnType<typeof sql.exec<never>>;
  };
  sql.exec = breaking;
  return () => {
    sql.exec = exec;
  };
}
