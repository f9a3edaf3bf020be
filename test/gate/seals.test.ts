/**
 * The id of a sealed body is used up by the attempt that is let in with it: by whom, for how long, whatever happens to the
 * object. Who is refused, or gives it back, has it still.
 */
import { abortAllDurableObjects, evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Seal } from '../../src/gate/nonce-messages.ts';
import * as texts from '../../src/gate/text-calls.ts';
import {
  answerOf,
  asking,
  calls,
  fail,
  type GateStub,
  gateOf,
  gatesOf,
  HERE,
  newGate,
  rowsIn,
  START,
  touch,
} from './asking.ts';

const LIFE_MS = 240_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const seal = (key: string): Seal => ({ key, until: START + LIFE_MS });
let asked = 0;
/** An attempt of its own that came sealed: what became of it. */
async function attempt(gate: GateStub, brought: Seal, evaluation = `ev_${asked++}`, touches = [touch('card')]) {
  const [admission] = answerOf(
    await texts.admit(gatesOf(gate), HERE, [asking(evaluation, touches, { seal: brought })]),
  );
  if (admission === undefined || !('verdicts' in admission)) return admission?.kind ?? 'nothing';
  return [admission.kind, admission.seal].join(' ');
}

it('is good once, for whoever is let in', async () => {
  const gate = newGate();
  expect(await attempt(gate, seal('a'))).toBe('admitted unused');
  expect(await attempt(gate, seal('a'))).toBe('refused used');
  expect(await attempt(gate, seal('b'))).toBe('admitted unused');
});

it('is good once where nothing is counted', async () => {
  const gate = newGate();
  expect(await attempt(gate, seal('a'), 'ev_x', [])).toBe('admitted unused');
  expect(await attempt(gate, seal('a'), 'ev_y', [])).toBe('refused used');
});

it('is the same for its own request, whose reply may have been lost', async () => {
  const gate = newGate();
  expect(await attempt(gate, seal('a'), 'ev_same')).toBe('admitted unused');
  expect(await attempt(gate, seal('a'), 'ev_same')).toBe('admitted unused');
});

it('is not used up by who is refused', async () => {
  const gate = newGate();
  await fail(gate, 'ev_first', [touch('card')]);
  const [kind] = (await attempt(gate, seal('a'), 'ev_shut', [touch('card', { limit: 1 })])).split(' ');
  expect(kind).toBe('refused');
  expect(await rowsIn(gate, 'nonces')).toBe(0);
  expect(await attempt(gate, seal('a'), 'ev_other', [touch('other')])).toBe('admitted unused');
});

it('lets one of a thousand through that come together', async () => {
  const gate = newGate();
  const all = await Promise.all(Array.from({ length: 1_000 }, () => attempt(gate, seal('a'), undefined, [])));
  expect(all.filter((one) => one === 'admitted unused')).toHaveLength(1);
});

it('outlives the object', async () => {
  const gate = gateOf('sealed');
  await attempt(gate, seal('a'));
  await evictDurableObject(gate);
  expect(await attempt(gate, seal('a'))).toBe('refused used');
  await abortAllDurableObjects();
  expect(await attempt(gateOf('sealed'), seal('a'))).toBe('refused used');
});

it('is as good as used once its time is over', async () => {
  const gate = newGate();
  vi.setSystemTime(START + LIFE_MS);
  expect(await attempt(gate, seal('a'))).toBe('refused used');
});

it('is given back by the request that has it, and by no other', async () => {
  const gate = newGate();
  await attempt(gate, seal('a'), 'ev_mine');
  await calls(gate).freeNonce('a', 'ev_another');
  expect(await attempt(gate, seal('a'))).toBe('refused used');
  await calls(gate).freeNonce('a', 'ev_mine');
  expect(await attempt(gate, seal('a'))).toBe('admitted unused');
});
