/**
 * A payer on the lists: by which items he stands there, for whoever unblocks him or erases him. An item that holds many,
 * a prefix, a network, a BIN or a domain, is told and left alone.
 */
import { domainsAbove, readEmail } from '../attempt/email-address.ts';
import { emailIdentity } from '../attempt/email-identity.ts';
import { parseIp } from '../attempt/ip-address.ts';
import type { Policy } from '../config/policy.ts';
import { askGate, askGateOnce, type Gates } from '../gate/gate-client.ts';
import { type Item, LISTS, type ListName, type Name } from '../lists/item.ts';
import { cardsOf } from './identities.ts';
import { maskedEmail } from './list-items.ts';
import type { ApiCard } from './schemas.ts';

/** What is known of him. */
export interface PayerWords {
  readonly card?: ApiCard | undefined;
  readonly ip?: string | undefined;
  readonly customer_id?: string | undefined;
  readonly email?: string | undefined;
}

/** By which names he alone stands there, and by which others besides. */
export interface PayerNames {
  readonly own: readonly Name[];
  readonly shared: readonly Name[];
}

export async function payerNames({ card, ip, customer_id, email }: PayerWords, policy: Policy): Promise<PayerNames> {
  const cards = card === undefined ? [] : await cardsOf(card, policy);
  const fingerprints = cards.flatMap(({ fingerprint, formerFingerprints }) => [fingerprint, ...formerFingerprints]);
  const address = ip === undefined ? null : (parseIp(ip)?.text ?? null);
  const mailbox = email === undefined ? null : await emailIdentity(email, policy.digestKey);
  const bins = cards.flatMap(({ bin, issuer }) => [bin?.slice(0, 6), issuer]).filter((bin) => bin !== undefined);
  return {
    own: [
      ...fingerprints.map((value): Name => ['card_fingerprint', value]),
      ...(address === null ? [] : [['ip', address] as const]),
      ...(mailbox === null ? [] : [['email', mailbox.digest] as const]),
      ...(customer_id === undefined ? [] : [['customer_id', customer_id] as const]),
    ],
    shared: [
      ...(address === null ? [] : [['cidr', address] as const]),
      ...bins.map((value): Name => ['card_bin', value]),
      ...(mailbox === null ? [] : domainsAbove(mailbox.domain).map((value): Name => ['email_domain', value])),
    ],
  };
}

/** The items of the deny list that name him; null when the gate does not answer. */
export async function deniedItems({ own, shared }: PayerNames, policy: Policy, gates: Gates): Promise<Item[] | null> {
  const denied = await askGate(gates, policy, (gate) => gate.deniedNames([...own, ...shared]));
  if (denied.kind === 'unavailable') return null;
  const items: Item[] = [];
  for (const [type, value] of denied.value) {
    const page = await askGate(gates, policy, (gate) =>
      gate.listItems({ list: 'deny', type, value, after: null, limit: 1 }),
    );
    if (page.kind === 'unavailable') return null;
    items.push(...page.value.items);
  }
  return items;
}

/** Takes what names him alone off these lists; null when the gate does not answer: asking again takes the rest. */
export async function removeOwn(
  { own }: PayerNames,
  policy: Policy,
  { gates, lists = LISTS }: { readonly gates: Gates; readonly lists?: readonly ListName[] },
): Promise<Item[] | null> {
  const removed: Item[] = [];
  for (const list of lists) {
    for (const name of own) {
      const answer = await askGateOnce(gates, policy, (gate) => gate.removeListItem(list, name));
      if (answer.kind === 'unavailable') return null;
      if (answer.value.item !== null) removed.push(answer.value.item);
    }
  }
  return removed;
}

/** How his items stand in the log of changes: type and value as they are shown. */
export function shownValues({ own }: PayerNames, email: string | undefined): readonly Name[] {
  const masked = email === undefined || readEmail(email) === null ? null : maskedEmail(email);
  return own.flatMap(([type, value]): Name[] => {
    if (type !== 'email') return [[type, value]];
    return masked === null ? [] : [[type, masked]];
  });
}
