/**
 * The deny list on the paths where nothing is paid: a copy of the items that tell about an address, in the isolate, for
 * no page may cost a call of the gate. Asked after once a second while pages come; bounded over all merchants together.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { askGate, type Gates } from '../gate/gate-client.ts';
import type { AddressChanges } from '../gate/list-messages.ts';
import type { Afterwards } from '../journal/journal.ts';
import { ADDRESS_TYPES, type Name } from '../lists/item.ts';
import { namesOf, type PrefixLengths, prefixesOf } from '../lists/names.ts';

const FRESH_MS = 1_000;
/** Well before the gate forgets what has gone (gate/lists.ts): whoever comes back later begins anew. */
const FORGOTTEN_AFTER_MS = 1_800_000;
/** Some 150 bytes each. A merchant with more is answered by the gate, address by address. */
export const COPY_LIMIT = 50_000;
const AT_ONCE = 2_000;
const ANSWERS_LIMIT = 5_000;
const NO_BODY = { cards: [], bins: [], customer: null, email: null } as const;

interface Copy {
  /** Type and value → when it ends, ms since the epoch. */
  readonly items: Map<string, number>;
  readonly lengths: { ipv4: number[]; ipv6: number[] };
  change: number;
  isWhole: boolean;
  isTooLarge: boolean;
  /** When its last refresh was begun, ms since the epoch. */
  askedAt: number;
}

interface Asking {
  readonly policy: Policy;
  readonly gates: Gates;
  readonly afterwards: Afterwards;
  readonly now: number;
}

export class DeniedAddresses {
  readonly #copies = new Map<string, Copy>();
  readonly #answers = new Map<string, { readonly isDenied: boolean; readonly until: number }>();

  /** At a merchant whose deny list holds addresses. Without the gate the last copy stands; without one a page is let through. */
  async has(whence: Whence, asking: Asking): Promise<boolean> {
    const copy = this.#copyOf(asking);
    if (asking.now - copy.askedAt >= FRESH_MS) {
      copy.askedAt = asking.now;
      const refreshing = this.#refresh(copy, asking);
      if (copy.isWhole) await refreshing;
      else asking.afterwards(refreshing);
    }
    return copy.isWhole ? holds(copy, whence, asking.now) : this.#ask(whence, asking);
  }

  #copyOf({ policy, now }: Asking): Copy {
    const known = this.#copies.get(policy.merchant);
    if (known !== undefined && now - known.askedAt < FORGOTTEN_AFTER_MS) return known;
    const empty = { items: new Map(), lengths: { ipv4: [], ipv6: [] }, change: 0 };
    const copy = { ...empty, isWhole: false, isTooLarge: false, askedAt: Number.NEGATIVE_INFINITY };
    this.#copies.delete(policy.merchant);
    this.#copies.set(policy.merchant, copy);
    return copy;
  }

  async #refresh(copy: Copy, { policy, gates, now }: Asking): Promise<void> {
    for (let isComplete = copy.isTooLarge; !isComplete; ) {
      const { change } = copy;
      const answer = await askGate(gates, policy, (gate) => gate.addressChanges(change, AT_ONCE));
      if (answer.kind === 'unavailable') return;
      take(copy, answer.value, now);
      isComplete = answer.value.isComplete;
      copy.isWhole ||= isComplete;
      this.#makeRoom(policy.merchant, copy);
      if (copy.isTooLarge) return;
    }
  }

  /** The oldest copies of others go first; one that is too large alone goes itself. */
  #makeRoom(merchant: string, copy: Copy): void {
    let size = [...this.#copies.values()].reduce((sum, { items }) => sum + items.size, 0);
    for (const [other, { items }] of this.#copies) {
      if (size <= COPY_LIMIT) return;
      if (other === merchant) continue;
      this.#copies.delete(other);
      size -= items.size;
    }
    if (size <= COPY_LIMIT) return;
    copy.items.clear();
    copy.isTooLarge = true;
    copy.isWhole = false;
  }

  async #ask(whence: Whence, { policy, gates, now }: Asking): Promise<boolean> {
    const names = namesIn(whence);
    const key = `${policy.merchant}|${JSON.stringify(names)}`;
    const known = this.#answers.get(key);
    if (known !== undefined && known.until > now) return known.isDenied;
    const answer = await askGate(gates, policy, (gate) => gate.deniedNames(names));
    const isDenied = answer.kind === 'answered' && answer.value.length > 0;
    if (this.#answers.size >= ANSWERS_LIMIT) this.#answers.clear();
    this.#answers.set(key, { isDenied, until: now + FRESH_MS });
    return isDenied;
  }
}

function namesIn({ ip, country, asn }: Whence): readonly Name[] {
  return namesOf({ ...NO_BODY, ip: ip.text, country, asn }, new Set(ADDRESS_TYPES));
}

function take(copy: Copy, { items, change }: AddressChanges, now: number): void {
  copy.change = change;
  for (const [type, value, expiresAt] of items) {
    const ends = expiresAt ?? Number.POSITIVE_INFINITY;
    if (ends > now) copy.items.set(`${type} ${value}`, ends);
    else copy.items.delete(`${type} ${value}`);
    if (type === 'cidr' && ends > now) addLength(copy.lengths, value);
  }
}

function addLength({ ipv4, ipv6 }: Copy['lengths'], prefix: string): void {
  const lengths = prefix.includes(':') ? ipv6 : ipv4;
  const length = Number(prefix.split('/')[1]);
  if (!lengths.includes(length)) lengths.push(length);
}

function holds({ items, lengths }: Copy, whence: Whence, now: number): boolean {
  return namesIn(whence).some(([type, value]) => {
    const values = type === 'cidr' ? prefixesOf(value, lengths satisfies PrefixLengths) : [value];
    return values.some((one) => (items.get(`${type} ${one}`) ?? 0) > now);
  });
}
