/**
 * An admission as it travels: a text, and shorter than the object (text-calls.ts).
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Admission, AdmitRequest } from './gate-messages.ts';

/** What the caller knows is left out: open verdicts where nothing is counted, and all its places. */
export function textOfAdmission(admission: Admission, asked: AdmitRequest): string {
  if (!('verdicts' in admission)) return JSON.stringify(admission);
  const verdicts = admission.verdicts.filter(({ state }) => state !== 'open');
  const counted = countedIn(admission.verdicts);
  if (admission.kind === 'refused') return JSON.stringify({ ...admission, verdicts, counted });
  const isAll = admission.places.length === asked.touches.length;
  const isAsAsked = isAll && admission.places.every((place, index) => isSame(place, asked.touches[index]));
  const places = isAsAsked ? undefined : admission.places;
  return JSON.stringify({ ...admission, verdicts, places, counted });
}

/** Failures and attempts in flight of each counter, a pair each; undefined where those that are open have none. */
function countedIn(verdicts: readonly Verdict[]): readonly number[] | undefined {
  const isNone = verdicts.every(({ state, count, inFlight }) => state !== 'open' || count + inFlight === 0);
  return isNone ? undefined : verdicts.flatMap(({ count, inFlight }) => [count, inFlight]);
}

function isSame({ key, formerKeys }: Touch, asked: Touch | undefined): boolean {
  return key === asked?.key && formerKeys.length === asked.formerKeys.length;
}
