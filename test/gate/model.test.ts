/**
 * Any order of admissions, outcomes, repetitions, evictions and waiting: the gate counts as the simple model does.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Settlement } from '../../src/gate/gate-messages.ts';
import { asking, calls, type GateStub, newGate, outcome, START, touch } from './asking.ts';
import { SimpleModel } from './simple-model.ts';

const LIFE = { windowSeconds: 1_200, maxBlockSeconds: 1_300 };
const TOUCHES = [
  touch('card_ip', { ...LIFE, limit: 2 }),
  touch('card', { ...LIFE, limit: 3 }),
  touch('ip', { ...LIFE, limit: 5 }),
  touch('shadowed', { ...LIFE, limit: 1, mode: 'shadow' }),
  touch('counting', { ...LIFE, limit: 1, part: 'count_only' }),
];
/** Either too short for anything to be written down, however often it comes, or long enough for all of it. */
const WAITS_MS = [1, 20, 10_000, 500_000, 900_000, 1_200_000];
const YOUNG_MS = 2_000;

type Step =
  | { readonly do: 'admit'; readonly touches: readonly number[]; readonly guest: boolean }
  | { readonly do: 'settle'; readonly which: number; readonly status: Settlement['status']; readonly times: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'evict' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('admit' as const),
      touches: fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
      guest: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(5),
      status: fc.constantFrom('failed', 'failed', 'succeeded', 'pending', 'unknown'),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(...WAITS_MS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('evict' as const) }) },
);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts and holds exactly what the model does', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      dropTimers(START);
      const gate = newGate();
      const model = new SimpleModel();
      for (const [index, one] of steps.entries()) await take(one, `e${index}`, { gate, model });
      await compareAll(gate, model);
    }),
    { numRuns: 100 },
  );
});

async function take(one: Step, evaluation: string, { gate, model }: { gate: GateStub; model: SimpleModel }) {
  const now = Date.now();
  switch (one.do) {
    case 'admit': {
      const touches = TOUCHES.filter((_, index) => one.touches.includes(index));
      return compare(gate, { evaluation, touches, guest: one.guest, model });
    }
    case 'settle': {
      // The newest first: most words come early, some late.
      const known = model.known.at(-1 - one.which);
      if (known === undefined) return;
      const { places, guest } = known;
      for (let i = 0; i < one.times; i++) {
        await calls(gate).settle(outcome(known.evaluation, one.status, places, { guest }));
      }
      return model.settle(known, one.status, now);
    }
    case 'wait':
      await runInDurableObject(gate, () => void vi.advanceTimersByTime(one.ms));
      await runDurableObjectAlarm(gate);
      return model.expire(Date.now());
    case 'evict':
      await runInDurableObject(gate, () => {}); // only what runs can be evicted
      dropTimers(now);
      await evictDurableObject(gate);
      return model.evict(now, YOUNG_MS);
  }
}

async function compare(
  gate: GateStub,
  {
    evaluation,
    touches,
    guest,
    model,
  }: Parameters<typeof asking>[2] & {
    evaluation: string;
    touches: typeof TOUCHES;
    guest: boolean;
    model: SimpleModel;
  },
): Promise<void> {
  const answer = await calls(gate).admit(asking(evaluation, touches, { guest }));
  const expected = model.admit(evaluation, touches, { guest, now: Date.now() });
  const verdicts = 'verdicts' in answer ? answer.verdicts : [];
  expect(verdicts.map(({ count, inFlight, state }) => ({ count, inFlight, open: state === 'open' }))).toEqual(expected);
  const isKnown = model.known.at(-1)?.evaluation === evaluation;
  expect(answer.kind).toBe(isKnown ? 'admitted' : 'refused');
}

/** An evicted object's timers are gone with it. (The fake clock's own reset turns back its time.) */
function dropTimers(now: number): void {
  vi.clearAllTimers();
  vi.setSystemTime(now);
}

/** Every counter at the end, seen by an attempt that none refuses. */
async function compareAll(gate: GateStub, model: SimpleModel): Promise<void> {
  const touches = TOUCHES.map((one): typeof one => ({ ...one, mode: 'shadow' }));
  await compare(gate, { evaluation: 'last', touches, guest: true, model });
}
