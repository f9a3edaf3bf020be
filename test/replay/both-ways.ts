/**
 * Attempts through the Worker and its gate, asked by the API and told of their outcomes, and through the replay: what of
 * each answer is compared.
 */
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { lineOf, type Try } from '../../commands/simulate/try.ts';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { type Given, NOTHING_GIVEN } from '../../src/replay/given.ts';
import { readPolicy } from '../../src/replay/policy-text.ts';
import { Replay } from '../../src/replay/replay.ts';
import { readReplayLine } from '../../src/replay/replay-line.ts';
import { api, tell } from '../api/backend.ts';
import { answer, solved } from '../support/challenges.ts';

/** What is compared of an answer. */
export interface Seen {
  readonly decision: string;
  readonly reasons: readonly unknown[];
  readonly score: number;
  readonly methods: readonly string[];
}

/** One in nine waits for 3-D Secure, and one in seven passes no challenge. */
export function hardened(one: Try, index: number): Try {
  const outcome = index % 9 === 0 ? ({ status: 'pending' } as const) : one.outcome;
  return { ...one, outcome, passed: { ...one.passed, proof_of_work: index % 7 !== 0 } };
}

/** Asks as a backend does, passes the challenge where this payer can, and tells what became of it. */
export async function pay(merchant: string, { at, attempt, outcome, passed }: Try): Promise<readonly Seen[]> {
  vi.setSystemTime(at);
  const asked = await evaluated({ merchant, attempt });
  const seen = seenIn(asked);
  if (asked.decision !== 'challenge' || !passed.proof_of_work) {
    await report(asked, outcome);
    return [seen];
  }
  expect(asked.challenge, JSON.stringify(asked.reasons)).not.toBeNull();
  const url = asked.challenge?.url ?? '';
  const { pass } = (await (await answer(url, await solved(url))).json()) as { readonly pass: string };
  const again = await evaluated({ merchant, attempt, pass });
  await report(again, outcome);
  return [seen, seenIn(again)];
}

async function evaluated(body: unknown): Promise<ToldEvaluation> {
  const told = await api('POST', '/evaluations', { body });
  expect(told.status, await told.clone().text()).toBe(200);
  return told.json();
}

async function report({ id, reservation }: ToldEvaluation, outcome: Try['outcome']): Promise<void> {
  if (reservation !== null) expect((await tell(id, outcome)).status).toBe(200);
}

function seenIn({ decision, reasons, risk_score: score, challenge }: ToldEvaluation): Seen {
  return { decision, reasons, score, methods: challenge?.methods ?? [] };
}

/** Under the names that the Worker gives. */
export async function replay(
  config: object,
  tries: readonly Try[],
  given: Given = NOTHING_GIVEN,
): Promise<readonly Seen[]> {
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const read = await readPolicy(JSON.stringify(config), key);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const replay = new Replay(read.policy, given);
  const seen: Seen[] = [];
  for (const one of tries) {
    const line = readReplayLine(lineOf(one));
    if (!line.ok) throw new Error(line.fault);
    const { evaluation, methods, afterChallenge } = await replay.next(line.line);
    seen.push({ ...seenIn({ ...evaluation, challenge: null } as ToldEvaluation), methods });
    if (afterChallenge !== null) seen.push(seenIn({ ...afterChallenge, challenge: null } as ToldEvaluation));
  }
  return seen;
}
