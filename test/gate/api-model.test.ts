/**
 * A thousand random interleavings of attempts from the API and from a checkout in front of one gate, with words that
 * come twice, late, and against each other: the gate counts and holds exactly what the simple model does.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { Settlement } from '../../src/gate/gate-messages.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { asking, calls, type GateStub, newGate, outcome, START, touch } from './asking.ts';
import { type Known, SimpleModel } from './simple-model.ts';

const LIFE = { windowSeconds: 1_200, maxBlockSeconds: 1_300 };
/** One card, from two addresses, by guests and by a customer. */
const TOUCHES = [
  touch('card_ip 1', { ...LIFE, limit: 2 }),
  touch('card_ip 2', { ...LIFE, limit: 2 }),
  touch('card', { ...LIFE, limit: 4 }),
  touch('ip 1', { ...LIFE, limit: 3 }),
  touch('customer', { ...LIFE, limit: 1, mode: 'shadow' }),
];
const SOURCES = [
  { places: [0, 2, 3], guest: true },
  { places: [1, 2], guest: true },
  { places: [0, 2, 4], guest: false },
] as const;
const WAITS_MS = [1, 20, 10_000, 500_000, 900_000, 1_200_000];
const YOUNG_MS = 2_000;
const ADMIN = { kind: 'admin' } as const;

type Step =
  | { readonly do: 'ask'; readonly source: number; readonly byApi: boolean; readonly times: number }
  | { readonly do: 'word'; readonly which: number; readonly status: Settlement['status']; readonly times: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'evict' };

const times = fc.integer({ min: 1, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('ask' as const), source: fc.nat(2), byApi: fc.boolean(), times }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('word' as const),
      which: fc.nat(5),
      status: fc.constantFrom('failed', 'failed', 'succeeded', 'pending', 'unknown'),
      times,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(...WAITS_MS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('evict' as const) }) },
);

interface World {
  readonly gate: GateStub;
  readonly model: SimpleModel;
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts and holds exactly what the model does', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
      dropTimers(START);
      const world = { gate: newGate(), model: new SimpleModel() };
      for (const [index, one] of steps.entries()) await take(one, index, world);
      const touches = TOUCHES.map((one): Touch => ({ ...one, mode: 'shadow' }));
      await ask({ touches, guest: true, byApi: false, times: 1, index: steps.length }, world);
      for (const known of world.model.known) if (known.isDurable) await compareTold(known, world);
    }),
    { numRuns: 1_000 },
  );
});

async function take(one: Step, index: number, world: World): Promise<void> {
  const { gate, model } = world;
  switch (one.do) {
    case 'ask': {
      const { places, guest } = SOURCES[one.source] ?? SOURCES[0];
      const touches = TOUCHES.filter((_, at) => (places as readonly number[]).includes(at));
      return ask({ touches, guest, byApi: one.byApi, times: one.times, index }, world);
    }
    case 'word': {
      const known = model.known.at(-1 - one.which);
      if (known === undefined || isUntold(known, one.status)) return;
      for (let i = 0; i < one.times; i++) await say(known, one.status, gate);
      return model.settle(known, one.status, Date.now());
    }
    case 'wait':
      await runInDurableObject(gate, () => void vi.advanceTimersByTime(one.ms));
      await runDurableObjectAlarm(gate);
      return model.expire(Date.now());
    case 'evict': {
      const now = Date.now();
      await runInDurableObject(gate, () => {}); // only what runs can be evicted
      dropTimers(now);
      await evictDurableObject(gate);
      return model.evict(now, YOUNG_MS);
    }
  }
}

/** Whether `pending` may renew a place that nobody spoke for in time: see test/api/survival. */
function isUntold({ isDurable, heldUntil, status }: Known, word: Settlement['status']): boolean {
  return isDurable && heldUntil === null && status === 'unknown' && word === 'pending';
}

interface Asking {
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly byApi: boolean;
  /** The same idempotency key so many times. */
  readonly times: number;
  readonly index: number;
}

async function ask({ touches, guest, byApi, times: tries, index }: Asking, { gate, model }: World): Promise<void> {
  const now = Date.now();
  const evaluation = newEvaluationId('model', now);
  const answers = [];
  for (let i = 0; i < (byApi ? tries : 1); i++) {
    const id = i === 0 ? evaluation : newEvaluationId('model', now);
    answers.push(
      byApi ? await evaluate(id, { touches, guest, index }, gate) : await admit(id, { touches, guest }, gate),
    );
  }
  const expected = model.admit(evaluation, touches, { guest, now, isDurable: byApi });
  const isAdmitted = model.known.at(-1)?.evaluation === evaluation;
  for (const answer of answers) expect(answer).toEqual({ isAdmitted, looks: expected });
}

type Verdicts = readonly { count: number; inFlight: number; state: string }[];
const looksOf = (verdicts: Verdicts) =>
  verdicts.map(({ count, inFlight, state }) => ({ count, inFlight, open: state === 'open' }));

async function admit(id: string, { touches, guest }: Pick<Asking, 'touches' | 'guest'>, gate: GateStub) {
  const answer = await calls(gate).admit(asking(id, touches, { guest }));
  return {
    isAdmitted: answer.kind === 'admitted',
    looks: looksOf('verdicts' in answer ? answer.verdicts : []),
  };
}

async function evaluate(
  id: string,
  { touches, guest, index }: Pick<Asking, 'touches' | 'guest' | 'index'>,
  gate: GateStub,
) {
  const idempotency = { key: `k${index}`, payload: 'p', keptMs: 86_400_000 };
  const recording = { caller: ADMIN, record: '{}', isRefused: false, idempotency };
  const answer = await calls(gate).evaluate({ ...asking(id, touches, { guest }), recording });
  if (answer.kind !== 'evaluated') throw new Error(answer.kind);
  return { isAdmitted: answer.stored.reservedUntil !== null, looks: looksOf(answer.stored.verdicts) };
}

async function say({ evaluation, places, guest, isDurable }: Known, status: Settlement['status'], gate: GateStub) {
  if (isDurable) return calls(gate).report({ evaluation, status, declineReason: null, paymentId: null, caller: ADMIN });
  return calls(gate).settle(outcome(evaluation, status, places, { guest }));
}

async function compareTold({ evaluation, status }: Known, { gate }: World): Promise<void> {
  const told = await calls(gate).tell(evaluation, ADMIN);
  const said = told.kind === 'told' ? (told.stored.outcome?.status ?? null) : 'nothing on record';
  if (status !== 'unknown' || said !== null) expect(said).toBe(status);
}

/** An evicted object's timers are gone with it. (The fake clock's own reset turns back its time.) */
function dropTimers(now: number): void {
  vi.clearAllTimers();
  vi.setSystemTime(now);
}
