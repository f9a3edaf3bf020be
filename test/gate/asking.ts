/**
 * A gate of one's own for each test, and the words to ask it with: a valid baseline, changed where a test needs it.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Gate } from '../../src/gate/gate.ts';
import type { GateAnswer, GateCalls, Gates } from '../../src/gate/gate-client.ts';
import type { AdmitRequest, Settlement } from '../../src/gate/gate-messages.ts';
import type { Touch } from '../../src/velocity/touch.ts';

/** Where tests that stop the clock begin: far ahead, so that no alarm set there fires by itself. */
export const START = Date.UTC(2090, 0, 15, 12);
export const CONFIG = { hash: 'c1', writtenAt: 0, staleForMs: 5_000 };
export const WINDOW_SECONDS = 3_600;
export const MAX_BLOCK_SECONDS = 86_400;
export const RESERVATION_MS = 900_000;

export type GateStub = DurableObjectStub<Gate>;

let made = 0;

/** A gate that no other test has touched. */
export function newGate(): GateStub {
  return gateOf(`gate-${made++}`);
}

export function gateOf(merchant: string): GateStub {
  return env.GATE.getByName(merchant) as unknown as GateStub;
}

/** The gate's calls, as the Worker makes them. */
export function calls(gate: GateStub): GateCalls {
  return gate as unknown as GateCalls;
}

/** The same, as a request of its own reaches them. */
export function gatesOf(gate: GateStub): Gates {
  return { namespace: { getByName: () => gate } as unknown as Gates['namespace'], haveJurisdictions: false };
}

/** Somewhere, where there is one gate only. */
export const HERE = { merchant: 'merchant', gate: {} };

export function answerOf<T>(answer: GateAnswer<T>): T {
  if (answer.kind !== 'answered') throw new Error('the gate did not answer');
  return answer.value;
}

export function touch(key: string, change: Partial<Touch> = {}): Touch {
  return {
    rule: 'card_ip',
    key,
    formerKeys: [],
    limit: 3,
    windowSeconds: WINDOW_SECONDS,
    maxBlockSeconds: MAX_BLOCK_SECONDS,
    part: 'check',
    mode: 'enforce',
    ...change,
  };
}

export function asking(
  evaluation: string,
  touches: readonly Touch[],
  change: Partial<AdmitRequest> = {},
): AdmitRequest {
  return { evaluation, touches, guest: true, reservationMs: RESERVATION_MS, config: CONFIG, ...change };
}

export function outcome(
  evaluation: string,
  status: Settlement['status'],
  places: readonly Touch[],
  change: Partial<Settlement> = {},
): Settlement {
  return { evaluation, status, places, guest: true, reservationMs: RESERVATION_MS, ...change };
}

/** Admits an attempt and records its failure. */
export async function fail(gate: GateStub, evaluation: string, touches: readonly Touch[]): Promise<void> {
  await calls(gate).admit(asking(evaluation, touches));
  await calls(gate).settle(outcome(evaluation, 'failed', touches));
}

/** The count that the gate holds for each of its counters, over or not. */
export function counts(gate: GateStub): Promise<Record<string, number>> {
  return runInDurableObject(gate, (_, { storage }) => {
    const rows = storage.sql.exec<{ key: string; count: number }>('SELECT key, count FROM counters').toArray();
    return Object.fromEntries(rows.map(({ key, count }) => [key, count]));
  });
}

/** How many rows a table of the gate has. */
export function rowsIn(
  gate: GateStub,
  table: 'counters' | 'outcomes' | 'reservations' | 'holds' | 'nonces' | 'config_texts' | 'config_versions',
): Promise<number> {
  return runInDurableObject(gate, (_, { storage }) => {
    return storage.sql.exec<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`).one().rows;
  });
}

export function rowsOf<Row extends Record<string, SqlStorageValue>>(gate: GateStub, sql: string): Promise<Row[]> {
  return runInDurableObject(gate, (_, { storage }) => storage.sql.exec<Row>(sql).toArray());
}
