/**
 * Gives back the places of attempts that are turned away although the gate may have let them in.
 */
import type { Judged } from './admitting.ts';
import { type Guarding, gatesOf, isRefused, type Judgement } from './guarding.ts';
import { settle } from './settle.ts';

/** Where a rule has stopped one of several only now, the others hold places: none goes on. */
export function allOrNone(
  guarding: Guarding,
  judgements: readonly Judgement[],
  judged: readonly Judged[],
): readonly Judgement[] {
  const mayBeLate = judgements.length > 1 && guarding.inForce.policy.rules !== null;
  if (!mayBeLate || !judgements.some(({ evaluation }) => isRefused(evaluation))) return judgements;
  judgements.forEach(({ places }, index) => {
    const one = judged[index];
    if (one !== undefined && places.length > 0) giveBack(guarding, one);
  });
  return judgements.map((one) => ({ ...one, places: [] }));
}

/** An admission whose answer came too late, or never, may hold a place for an attempt that was turned away. */
export function giveBack(guarding: Guarding, { id, tried, touches, guest }: Judged): void {
  const { inForce, afterwards } = guarding;
  const { policy } = inForce;
  const { reservationMs } = policy;
  const nobodyKnows = { evaluation: id, status: 'unknown', places: touches, guest, reservationMs } as const;
  const { continues } = tried;
  const settlement = { ...nobodyKnows, ...(continues === undefined ? {} : { continues }) };
  afterwards(settle({ settlements: [settlement], joins: [] }, { gates: gatesOf(guarding), policy, afterwards }));
}
