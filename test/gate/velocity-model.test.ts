/**
 * Random interleavings of attempts in a real gate under counters of several kinds at once, against a plain model that
 * keeps every attempt and looks through all of them each time: the same admissions, the same counts.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weightOf } from '../../src/velocity/happening.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { asking, calls, newGate, outcome, touch } from './asking.ts';

const REASONS = ['incorrect_cvc', 'do_not_honor', 'authentication_failed', 'processing_error'];
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('admit' as const),
      card: fc.integer({ min: 0, max: 6 }),
      email: fc.integer({ min: 0, max: 2 }),
      cleared: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat({ max: 30 }),
      status: fc.constantFrom('succeeded' as const, 'failed' as const, 'failed' as const),
      reason: fc.constantFrom(...REASONS),
    }),
  ),
  { minLength: 10, maxLength: 60 },
);

const cardName = (card: number) => `fp_${String(card).repeat(43)}`;

/** By address: four cards, exactly; six of weight, exactly. By e-mail: two cards, then a challenge. By network: attempts, for review. */
function touchesOf({ card, email }: { card: number; email: number }): readonly Touch[] {
  const cards = { count: 'distinct_cards', items: [cardName(card)] } as const;
  return [
    touch('["c:distinct_cards:ip","192.0.2.1"]', { rule: 'c', limit: 4, ...cards }),
    touch('["w:weighted_failures:ip","192.0.2.1"]', { rule: 'w', limit: 9, count: 'weighted_failures' }),
    touch(`["e:distinct_cards:email","em_${email}"]`, {
      rule: 'e',
      limit: 2,
      then: 'challenge',
      inFlight: 'ignore',
      ...cards,
    }),
    touch('["a:attempts:asn","as:1136"]', {
      rule: 'a',
      limit: 5,
      count: 'attempts',
      then: 'review',
      inFlight: 'ignore',
    }),
  ];
}

interface Known {
  readonly id: string;
  readonly card: number;
  readonly email: number;
  /** Null while it is in flight. */
  weight: number | null;
}

function expected(
  known: readonly Known[],
  { card, email, cleared }: { card: number; email: number; cleared: boolean },
) {
  const failed = known.filter(({ weight }) => weight !== null && weight > 0);
  const flying = known.filter(({ weight }) => weight === null);
  const counted = new Set(failed.map((one) => one.card));
  const candidates = new Set([...counted, ...flying.map((one) => one.card)]);
  const cardsOpen = counted.size < 4 && (candidates.has(card) || candidates.size < 4);
  const weight = failed.reduce((sum, one) => sum + (one.weight ?? 0), 0);
  const weightOpen = weight + 2 * flying.length < 9;
  const mailed = new Set(failed.filter((one) => one.email === email).map((one) => one.card));
  return cardsOpen && weightOpen && (mailed.size < 2 || cleared);
}

it('lets in just whom the model does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const gate = newGate();
      const known: Known[] = [];
      for (const [index, step] of history.entries()) {
        if (step.kind === 'admit') {
          const touches = touchesOf(step);
          const id = `ev-${index}`;
          const request = asking(id, touches, step.cleared ? { cleared: 1 } : {});
          const admission = await calls(gate).admit(request);
          expect(admission.kind === 'admitted', `${index}`).toBe(expected(known, step));
          if (admission.kind === 'admitted') known.push({ id, card: step.card, email: step.email, weight: null });
          continue;
        }
        const flying = known.filter(({ weight }) => weight === null);
        const one = flying[step.which % Math.max(1, flying.length)];
        if (one === undefined) continue;
        const declineReason = step.status === 'failed' ? step.reason : null;
        await calls(gate).settle(outcome(one.id, step.status, touchesOf(one), { declineReason }));
        one.weight = step.status === 'failed' ? weightOf(step.reason) : 0;
      }
    }),
    { numRuns: 60 },
  );
});
