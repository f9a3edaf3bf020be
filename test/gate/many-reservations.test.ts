/**
 * More evaluations in flight than the gate keeps in memory: none is forgotten or counted twice, through a restart too.
 */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { asking, calls, gateOf, outcome, rowsIn, touch } from './asking.ts';

const OPEN_LIMIT = 4_096;
const MORE = 100;
const PLACES = [touch('card', { limit: 10_000 })];
const RECORDING = { caller: { kind: 'admin' }, record: '{}', isRefused: false, idempotency: null } as const;

it('holds each place once', { timeout: 60_000 }, async () => {
  const name = 'many';
  await runInDurableObject(gateOf(name), (gate) => {
    for (let i = 0; i < OPEN_LIMIT + MORE; i++) {
      const evaluation = newEvaluationId(name, Date.now());
      (gate as unknown as Gate).evaluate({ ...asking(evaluation, PLACES), recording: RECORDING });
    }
  });
  expect(await rowsIn(gateOf(name), 'reservations')).toBe(MORE);
  expect(await inFlight(name, 'first')).toBe(OPEN_LIMIT + MORE);
  await abortAllDurableObjects();
  expect(await inFlight(name, 'second')).toBe(OPEN_LIMIT + MORE);
});

async function inFlight(name: string, evaluation: string): Promise<number | undefined> {
  const gate = calls(gateOf(name));
  const answer = await gate.admit(asking(evaluation, PLACES));
  await gate.settle(outcome(evaluation, 'unknown', PLACES));
  return 'verdicts' in answer ? answer.verdicts[0]?.inFlight : undefined;
}
