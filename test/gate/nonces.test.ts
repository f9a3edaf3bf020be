/**
 * The nonce of a signed request is used once: by whom, for how long, through whatever happens to the object.
 */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gate } from '../../src/gate/gate.ts';
import type { Nonce } from '../../src/gate/nonce-messages.ts';
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

const WINDOW_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const nonce = (key: string, change: Partial<Nonce> = {}): Nonce => {
  return { key, until: START + WINDOW_MS, isEnforced: true, ...change };
};

let asked = 0;
/** An attempt of its own that brings the nonce: what became of it. */
async function attempt(gate: GateStub, brought: Nonce | undefined, evaluation = `ev_${asked++}`): Promise<string> {
  const request = asking(evaluation, [touch('card')], brought === undefined ? {} : { nonce: brought });
  const [admission] = answerOf(await texts.admit(gatesOf(gate), HERE, [request]));
  if (admission === undefined || !('verdicts' in admission)) return admission?.kind ?? 'nothing';
  return [admission.kind, admission.nonce].join(' ').trim();
}

describe('a nonce', () => {
  it('is good once, and for another request never again', async () => {
    const gate = newGate();
    expect(await attempt(gate, nonce('n'))).toBe('admitted unused');
    expect(await attempt(gate, nonce('n'))).toBe('refused used');
    expect(await attempt(gate, nonce('m'))).toBe('admitted unused');
  });

  it('is nothing where none is brought', async () => {
    const gate = newGate();
    expect(await attempt(gate, undefined)).toBe('admitted');
    expect(await rowsIn(gate, 'nonces')).toBe(0);
  });

  it('is the same for its own request, whose reply may have been lost', async () => {
    const gate = newGate();
    expect(await attempt(gate, nonce('n'), 'ev_same')).toBe('admitted unused');
    expect(await attempt(gate, nonce('n'), 'ev_same')).toBe('admitted unused');
    expect(await attempt(gate, nonce('n'), 'ev_other')).toBe('refused used');
  });

  it('lets one of many through that come together', async () => {
    const gate = newGate();
    const all = await Promise.all(Array.from({ length: 50 }, () => attempt(gate, nonce('n'))));
    expect(all.filter((one) => one === 'admitted unused')).toHaveLength(1);
    expect(all.filter((one) => one === 'refused used')).toHaveLength(49);
  });

  it.each([
    ['evicted', evictDurableObject],
    ['aborted', () => abortAllDurableObjects()],
  ])('is remembered by an object that was %s', async (how, lose) => {
    const name = `nonces-${how}`;
    await attempt(gateOf(name), nonce('n'));
    await lose(gateOf(name));
    expect(await attempt(gateOf(name), nonce('n'))).toBe('refused used');
  });

  it('takes no place when it was used', async () => {
    const gate = newGate();
    const once = (evaluation: string, touches: ReturnType<typeof touch>[]) =>
      calls(gate).admit(asking(evaluation, touches, { nonce: nonce('n') }));
    await once('a', [touch('other')]);
    await once('b', [touch('card', { limit: 1 })]);
    expect((await calls(gate).admit(asking('c', [touch('card', { limit: 1 })]))).kind).toBe('admitted');
  });

  it('is used up by an attempt that a counter refuses', async () => {
    const gate = newGate();
    await fail(gate, 'first', [touch('card', { limit: 1 })]);
    const shut = (evaluation: string) =>
      calls(gate).admit(asking(evaluation, [touch('card', { limit: 1 })], { nonce: nonce('n') }));
    expect(await shut('a')).toMatchObject({ kind: 'refused', nonce: 'unused', verdicts: [{ state: 'shut' }] });
    expect(await shut('b')).toEqual({ kind: 'refused', nonce: 'used', verdicts: [] });
  });

  it('is not looked at under a configuration that is not the newest', async () => {
    const gate = newGate();
    await calls(gate).offerConfig({ hash: 'newer', writtenAt: START, json: '{}' }, 5_000);
    expect(await attempt(gate, nonce('n'))).toBe('stale_config');
    expect(await rowsIn(gate, 'nonces')).toBe(0);
  });
});

describe('of several attempts of one request', () => {
  const both = (gate: GateStub, name: string) =>
    calls(gate).admitAll([
      asking(`${name}_1`, [touch('one')], { nonce: nonce('n') }),
      asking(`${name}_2`, [touch('two')]),
    ]);

  it('the first brings it for all', async () => {
    const gate = newGate();
    expect(await both(gate, 'a')).toMatchObject([
      { kind: 'admitted', nonce: 'unused' },
      { kind: 'admitted', nonce: 'unused' },
    ]);
    expect(await both(gate, 'b')).toEqual([{ kind: 'refused', nonce: 'used', verdicts: [] }]);
  });
});

describe('in shadow', () => {
  const recorded = nonce('n', { isEnforced: false });

  it('a used one is told, and the attempt judged all the same', async () => {
    const gate = newGate();
    expect(await attempt(gate, recorded)).toBe('admitted unused');
    expect(await attempt(gate, recorded)).toBe('admitted used');
  });
});

describe('by itself', () => {
  it('is used once too, and is the same nonce as with an admission', async () => {
    const gate = newGate();
    expect(await calls(gate).useNonce(nonce('n'), 'a')).toBe('unused');
    expect(await calls(gate).useNonce(nonce('n'), 'a')).toBe('unused');
    expect(await calls(gate).useNonce(nonce('n'), 'b')).toBe('used');
    expect(await attempt(gate, nonce('n'))).toBe('refused used');
    await attempt(gate, nonce('m'));
    expect(await calls(gate).useNonce(nonce('m'), 'b')).toBe('used');
  });
});

describe('in time', () => {
  it('is as good as used from the moment on at which it could be forgotten', async () => {
    const gate = newGate();
    vi.setSystemTime(START + WINDOW_MS - 1);
    expect(await attempt(gate, nonce('n'))).toBe('admitted unused');
    vi.setSystemTime(START + WINDOW_MS);
    expect(await attempt(gate, nonce('n'))).toBe('refused used');
    expect(await attempt(gate, nonce('m'))).toBe('refused used');
  });

  it('may come again once its time is over: what was signed then is another request', async () => {
    const gate = newGate();
    await attempt(gate, nonce('n'));
    vi.setSystemTime(START + WINDOW_MS - 1);
    expect(await attempt(gate, nonce('n', { until: START + 2 * WINDOW_MS }))).toBe('refused used');
    vi.setSystemTime(START + WINDOW_MS);
    expect(await attempt(gate, nonce('n', { until: START + 2 * WINDOW_MS }))).toBe('admitted unused');
    expect(await attempt(gate, nonce('n', { until: START + 2 * WINDOW_MS }))).toBe('refused used');
  });

  it('is swept when it is over, a stretch at a time, and not before', async () => {
    const gate = newGate();
    await runInDurableObject(gate, (instance: Gate) => {
      for (let i = 0; i < 1_200; i++) instance.useNonce(nonce(`n${i}`), `ev_${i}`);
      instance.useNonce(nonce('late', { until: START + 2 * WINDOW_MS }), 'ev_late');
    });
    vi.setSystemTime(START + WINDOW_MS - 1);
    await sweep(gate);
    expect(await rowsIn(gate, 'nonces')).toBe(1_201);
    vi.setSystemTime(START + WINDOW_MS);
    const left = await sweep(gate);
    expect(left.at(-1)).toBe(1);
    const steps = left.map((rows, index) => (left[index - 1] ?? 1_201) - rows);
    expect(Math.max(...steps)).toBeLessThanOrEqual(500);
    expect(await calls(gate).useNonce(nonce('late', { until: START + 2 * WINDOW_MS }), 'other')).toBe('used');
    vi.setSystemTime(START + 2 * WINDOW_MS);
    await sweep(gate);
    expect(await runDurableObjectAlarm(gate)).toBe(false);
  });

  it('is swept though nothing else was ever written', async () => {
    const gate = newGate();
    await attempt(gate, nonce('n'));
    const alarm = await runInDurableObject(gate, (_, { storage }) => storage.getAlarm());
    expect(alarm).not.toBeNull();
  });
});

/** One round through all tables: how many nonces were left after each step. */
async function sweep(gate: GateStub): Promise<number[]> {
  const left: number[] = [];
  for (let step = 0; step < 40; step++) {
    if (!(await runDurableObjectAlarm(gate))) break;
    left.push(await rowsIn(gate, 'nonces'));
  }
  return left;
}
