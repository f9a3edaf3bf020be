/**
 * Nonces against a model that forgets nothing: whatever comes in whatever order, through evictions and sweeps, no nonce
 * is good for two requests while a signature with it could be taken, and none that was never used is refused in time.
 */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { calls, newGate, START } from './asking.ts';

const STEP_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

type Step =
  | { readonly kind: 'use'; readonly nonce: number; readonly request: number; readonly lifeSteps: number }
  | { readonly kind: 'pass'; readonly steps: number }
  | { readonly kind: 'evict' | 'sweep' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('use' as const),
      nonce: fc.nat({ max: 3 }),
      request: fc.nat({ max: 4 }),
      lifeSteps: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), steps: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('evict' as const, 'sweep' as const) }) },
);

/** Who holds a nonce until when. */
class Model {
  readonly #held = new Map<number, { readonly request: number; readonly until: number }>();

  use(nonce: number, { request, until }: { request: number; until: number }, now: number): 'unused' | 'used' {
    if (until <= now) return 'used';
    const holder = this.#held.get(nonce);
    if (holder !== undefined && holder.until > now) return holder.request === request ? 'unused' : 'used';
    this.#held.set(nonce, { request, until });
    return 'unused';
  }
}

it('says what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const gate = newGate();
      const model = new Model();
      let now = START;
      vi.setSystemTime(now);
      for (const one of steps) {
        switch (one.kind) {
          case 'use': {
            const until = now + one.lifeSteps * STEP_MS;
            const said = await calls(gate).useNonce(
              { key: `n${one.nonce}`, until, isEnforced: true },
              `ev_${one.request}`,
            );
            expect(said).toBe(model.use(one.nonce, { request: one.request, until }, now));
            break;
          }
          case 'pass':
            now += one.steps * STEP_MS;
            vi.setSystemTime(now);
            break;
          case 'evict':
            // Only what is awake can be evicted.
            await calls(gate).lastGoodConfig();
            await evictDurableObject(gate);
            break;
          case 'sweep':
            await runDurableObjectAlarm(gate);
            break;
        }
      }
    }),
    { numRuns: 60 },
  );
});
