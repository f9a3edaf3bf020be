/**
 * A policy to replay under, and lines to replay, for tests.
 */
import '../../commands/bytes.ts';
import type { Policy } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/replay/policy-text.ts';
import { Replay, type Replayed } from '../../src/replay/replay.ts';
import { type ReplayLine, readReplayLine } from '../../src/replay/replay-line.ts';

export const START = Date.UTC(2026, 0, 5);

export async function newReplay(config: object = {}): Promise<Replay> {
  return new Replay(await policyOf(config));
}

export async function policyOf(config: object): Promise<Policy> {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(32), 'HKDF', false, ['deriveKey']);
  const read = await readPolicy(JSON.stringify({ id: 'acme', ...config }), key);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.policy;
}

export interface Said {
  /** Seconds since the start. */
  readonly at?: number;
  readonly attempt?: object;
  readonly status?: string;
  readonly passed?: unknown;
}

export function lineOf({ at = 0, attempt = {}, status = 'failed', passed = true }: Said = {}): ReplayLine {
  const whole = { ip: '203.0.113.9', card: { fingerprint: 'a card' }, ...attempt };
  const time = new Date(START + at * 1000).toISOString();
  const text = JSON.stringify({ at: time, attempt: whole, outcome: { status }, challenge_passed: passed });
  const read = readReplayLine(text);
  if (!read.ok) throw new Error(read.fault);
  return read.line;
}

export async function replayAll(config: object, all: readonly Said[]): Promise<readonly Replayed[]> {
  const replay = await newReplay(config);
  const replayed: Replayed[] = [];
  for (const said of all) replayed.push(await replay.next(lineOf(said)));
  return replayed;
}

/** The decisions alone. */
export async function decisionsOf(config: object, all: readonly Said[]): Promise<readonly string[]> {
  return (await replayAll(config, all)).map(({ evaluation }) => evaluation.decision);
}
