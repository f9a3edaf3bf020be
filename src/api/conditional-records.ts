/**
 * What the gate is given to put on record, by what it finds: a lease, a good pass, a counter that wants a challenge.
 */
import { liftByLease } from '../decision/lease-lifting.ts';
import { type Clearing, clearedStrength } from '../decision/step-up.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import { mayDemand, type Touch } from '../velocity/touch.ts';
import type { Cleared } from './clearing.ts';
import type { Recorded } from './stored-evaluations.ts';

const NO_ROUTE = { opensRoute: false };

/** What a challenge means that the gate finds. */
export function clearedOf(touches: readonly Touch[], clearing: Clearing | undefined): { readonly cleared?: number } {
  const cleared = mayDemand(touches) === 0 || clearing === undefined ? 0 : clearedStrength(clearing);
  return cleared === 0 ? {} : { cleared };
}

export function clearedUnpassed(touches: readonly Touch[], { pass, clearing }: Cleared) {
  const { cleared = 0 } = pass?.isLate === true ? clearedOf(touches, clearing) : {};
  return cleared === 0 ? {} : { clearedUnpassed: cleared };
}

export function recordIfLeased(lease: LeaseQuestion | undefined, { early, occasion }: Recorded) {
  if (lease === undefined) return {};
  return { recordIfLeased: JSON.stringify({ early: liftByLease(early, NO_ROUTE), occasion }) };
}

export function recordsIfCleared({ ifPassed, ifShut, challenge }: Cleared, { early, occasion }: Recorded) {
  const recorded = (clearing: Clearing) => JSON.stringify({ early, occasion: { ...occasion, ...clearing } });
  return {
    ...(ifPassed === undefined ? {} : { recordIfPassed: recorded(ifPassed) }),
    ...(ifShut === undefined ? {} : { recordIfShut: recorded(ifShut) }),
    ...(challenge === undefined ? {} : { challenge }),
  };
}

/** What is to be said of the pass that came. */
export function passIn({ occasion: { passed } }: Recorded, { ifPassed, fault }: Cleared) {
  if (ifPassed === undefined) return { passFault: fault };
  return passed === undefined ? { passFault: 'used' } : { passed: passed.method };
}
