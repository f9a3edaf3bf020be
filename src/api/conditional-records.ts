/**
 * What the gate is given to put on record, by what it finds: a lease, a good pass, a counter that wants a challenge.
 */
import { liftByLease } from '../decision/lease-lifting.ts';
import { type Clearing, clearedStrength } from '../decision/step-up.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import type { PassFault } from '../step-up/shown-pass.ts';
import { mayDemand, type Touch } from '../velocity/touch.ts';
import type { Cleared } from './clearing.ts';
import type { Recorded } from './stored-evaluations.ts';

/** The API asks about no route that a lease could open. */
export const NO_ROUTE = { opensRoute: false };

/** What a challenge means that the gate finds. */
export function clearedOf(touches: readonly Touch[], clearing: Clearing | undefined): { readonly cleared?: number } {
  const cleared = mayDemand(touches) === 0 || clearing === undefined ? 0 : clearedStrength(clearing);
  return cleared === 0 ? {} : { cleared };
}

/** `passed`: what holds with the pass that it comes with. */
export function recordsIfLeased(
  lease: LeaseQuestion | undefined,
  { early, occasion, passed }: Recorded & { readonly passed: Clearing | undefined },
) {
  if (lease === undefined) return {};
  const recorded = (clearing: object) =>
    JSON.stringify({ early: liftByLease(early, NO_ROUTE), occasion: { ...occasion, ...clearing } });
  const leased = { recordIfLeased: recorded({}) };
  return passed === undefined ? leased : { ...leased, recordIfLeasedAndPassed: recorded(passed) };
}

export function recordsIfCleared({ ifPassed, ifShut, challenge }: Cleared, { early, occasion }: Recorded) {
  const recorded = (clearing: Clearing) => JSON.stringify({ early, occasion: { ...occasion, ...clearing } });
  return {
    ...(ifPassed === undefined ? {} : { recordIfPassed: recorded(ifPassed) }),
    ...(ifShut === undefined ? {} : { recordIfShut: recorded(ifShut) }),
    ...(challenge === undefined ? {} : { challenge }),
  };
}

/** What is to be said of the pass that came; nothing of one that was not looked at. */
export function passIn({ occasion: { passed } }: Recorded, fault: PassFault | undefined) {
  return passed === undefined ? { passFault: fault } : { passed: passed.method };
}
