/**
 * The attempts of one request before the merchant's lists and after: what is asked about each, and how each stands once
 * the gate has said who is listed.
 */
import { findingsUnderLists, listingOf } from '../decision/listing.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { ListsInUse } from '../lists/item.ts';
import type { Judged } from './admitting.ts';

/** A merchant in shadow forwards whom the lists deny as whom anything refuses: nothing is counted of him. */
const IS_ENFORCED = true;

export function withListings(all: readonly Judged[], lists: ListsInUse): readonly Judged[] {
  return all.map((one) => {
    const { tried, early, clearing } = one;
    const { attempt, others } = tried;
    const listing = listingOf({ attempt, others, early, clearing }, lists, IS_ENFORCED);
    return listing === undefined ? one : { ...one, listing };
  });
}

/** Whether an item of the allow list may let it go on, whatever stands against it. */
export function isHelped({ listing }: Judged): boolean {
  return listing?.stake === 'passage';
}

/** `unheard`: the gate said nothing of lists, as one of the release before; nobody knows then who is denied. */
export function heardOf(one: Judged, admission: Admission | undefined): Judged | 'unheard' {
  const listed = admission !== undefined && 'listed' in admission ? admission.listed : undefined;
  if (listed === undefined) return 'unheard';
  const early = findingsUnderLists(one.early, listed, 'enforce');
  return { ...one, early, allowed: listed.allow };
}
