/**
 * An admission as it travels: a text, and shorter than the object (gate-client.ts).
 */
import type { Touch } from '../velocity/touch.ts';
import type { Admission, AdmitRequest } from './gate-messages.ts';

/** What the caller knows is left out: open verdicts, and all its places. */
export function textOfAdmission(admission: Admission, asked: AdmitRequest): string {
  if (!('verdicts' in admission)) return JSON.stringify(admission);
  const verdicts = admission.verdicts.filter(({ state }) => state !== 'open');
  if (admission.kind === 'refused') return JSON.stringify({ ...admission, verdicts });
  const isAll = admission.places.length === asked.touches.length;
  const isAsAsked = isAll && admission.places.every((place, index) => isSame(place, asked.touches[index]));
  const places = isAsAsked ? undefined : admission.places;
  return JSON.stringify({ ...admission, verdicts, places });
}

function isSame({ key, formerKeys }: Touch, asked: Touch | undefined): boolean {
  return key === asked?.key && formerKeys.length === asked.formerKeys.length;
}
