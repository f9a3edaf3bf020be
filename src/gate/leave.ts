/**
 * Whether requests may be judged at all: denied to none of them by the merchant's list, and given where something
 * stands against one that only a lease of his address or an item of the allow list sets aside.
 */
import type { CardNames } from './card-names.ts';
import type { AdmitRequest } from './gate-messages.ts';
import type { LeaseTold } from './lease-messages.ts';
import type { Leases } from './leases.ts';
import type { ListsTold } from './list-messages.ts';
import { isEnough, type Lists } from './lists.ts';

interface Rooms {
  readonly leases: Leases;
  readonly lists: Lists;
  readonly names: CardNames;
}

/** What is told of each request, whatever the word. */
export interface Leave {
  readonly kind: 'given' | 'denied' | 'unleased';
  readonly told: readonly (LeaseTold & ListsTold)[];
}

/** The lease is asked about with the first, for all of them. */
export function leaveOf(requests: readonly AdmitRequest[], { leases, lists, names }: Rooms, now: number): Leave {
  const question = requests[0]?.lease;
  const lease = leases.tell(question, now);
  const listed = requests.map((request) => lists.tell(underAllNames(request, names), request.cards ?? [], now));
  const told = listed.map((one) => ({ ...lease, ...one }));
  const isDenied = requests.some((one, at) => one.lists?.isEnforced === true && isNamed(listed[at]?.listed?.deny));
  if (isDenied) return { kind: 'denied', told };
  const isLeased = lease?.lease !== undefined;
  const mayGoOn = requests.every(({ lists: asked }, at) => {
    if (isLeased && question?.isNeeded === true) return true;
    if (asked?.enough === undefined) return lease !== null;
    const { enough, enoughIfLeased = enough } = asked;
    return isEnough(isLeased ? [...enough, ...enoughIfLeased] : enough, listed[at]?.listed);
  });
  return { kind: mayGoOn ? 'given' : 'unleased', told };
}

function isNamed(hits: readonly unknown[] = []): boolean {
  return hits.length > 0;
}

/** A card stands on a list by whichever of its names somebody knew. */
function underAllNames({ lists: question }: AdmitRequest, names: CardNames): AdmitRequest['lists'] {
  if (question === undefined || !names.areAny) return question;
  const [cards, others] = [true, false].map((isCard) =>
    question.names.filter(([type]) => (type === 'card_fingerprint') === isCard),
  );
  if (cards === undefined || others === undefined || cards.length === 0) return question;
  const known = names.of(cards.map(([, value]) => value));
  return { ...question, names: [...others, ...known.map((value) => ['card_fingerprint', value] as const)] };
}
