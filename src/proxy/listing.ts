/**
 * The attempts of one request before the merchant's lists and after: what is asked about each, and how each stands once
 * the gate has said who is listed.
 */
import { findingsUnderLists, listingOf } from '../decision/listing.ts';
import { type Prospect, prospectOf } from '../decision/prospect.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { ListsInUse } from '../lists/item.ts';
import type { Judged } from './admitting.ts';
import type { Guarding } from './guarding.ts';
import { liftedFindings } from './leasing.ts';

/** A merchant in shadow forwards whom the lists deny as whom anything refuses: nothing is counted of him. */
const IS_ENFORCED = true;

export function withListings(guarding: Guarding, all: readonly Judged[], lists: ListsInUse): readonly Judged[] {
  return all.map((one) => {
    const { tried, early, clearing, stake } = one;
    const { attempt, others } = tried;
    const leased = stake === 'nothing' ? undefined : liftedFindings(guarding, early);
    const listing = listingOf({ attempt, others, early, clearing, leased }, lists, IS_ENFORCED);
    return listing === undefined ? one : { ...one, listing };
  });
}

/** How far a lease of its address, or an item of the allow list, may bring it. */
export function prospectIn({ early, clearing, stake, listing }: Judged): Prospect {
  return early.length === 0 ? 'passage' : prospectOf(early, clearing, [stake, listing?.stake ?? 'nothing']);
}

/** Who may come as far as a challenge, and no further, touches nothing: he is looked up, and comes again with his pass. */
export function onlyLookedUp(one: Judged): Judged {
  if (prospectIn(one) !== 'challenge') return one;
  const { facts: _, visit: __, ...alone } = one;
  return { ...alone, touches: [] };
}

/** `unheard`: the gate said nothing of lists, as one of the release before; nobody knows then who is denied. */
export function heardOf(one: Judged, admission: Admission | undefined): Judged | 'unheard' {
  const listed = admission !== undefined && 'listed' in admission ? admission.listed : undefined;
  if (listed === undefined) return 'unheard';
  const early = findingsUnderLists(one.early, listed, 'enforce');
  return { ...one, early, allowed: listed.allow };
}
