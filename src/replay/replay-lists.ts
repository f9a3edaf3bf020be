/**
 * Deny and allow lists of a replay, in memory: what the gate keeps in rows (gate/lists.ts), looked up in the same way. An
 * item holds until its own end, whenever it was put there. Times are ms since the epoch.
 */
import {
  type Hit,
  ITEM_TYPES,
  type Item,
  type ItemType,
  type Listed,
  type ListName,
  type ListQuestion,
} from '../lists/item.ts';
import { prefixesOf } from '../lists/names.ts';

/** An item as it is looked up. */
export type ReplayItem = Pick<Item, 'type' | 'value' | 'reason' | 'expiresAt'>;

export class ReplayLists {
  readonly #items = { deny: new Map<string, ReplayItem>(), allow: new Map<string, ReplayItem>() };
  readonly #types = { deny: new Set<ItemType>(), allow: new Set<ItemType>() };
  readonly #lengths = { ipv4: new Set<number>(), ipv6: new Set<number>() };

  /** False where there are more items than these. */
  isWhole = true;
  /** Whether there are e-mail addresses among them that nobody tells. */
  lacksEmails = false;

  get size(): number {
    return this.#items.deny.size + this.#items.allow.size;
  }

  /** Which types of items there are, as the gate says it; null where there is nothing. */
  get word(): { readonly at: number; readonly deny: readonly ItemType[]; readonly allow: readonly ItemType[] } | null {
    if (this.size === 0) return null;
    const inOrder = (list: ListName) => ITEM_TYPES.filter((type) => this.#types[list].has(type));
    return { at: 1, deny: inOrder('deny'), allow: inOrder('allow') };
  }

  put(list: ListName, item: ReplayItem): void {
    const { type, value } = item;
    this.#items[list].set(keyOf(type, value), item);
    this.#types[list].add(type);
    if (type === 'cidr')
      (value.includes(':') ? this.#lengths.ipv6 : this.#lengths.ipv4).add(Number(value.split('/')[1]));
  }

  tell({ names, allow: allowed }: ListQuestion, now: number): Listed {
    const lengths = { ipv4: [...this.#lengths.ipv4], ipv6: [...this.#lengths.ipv6] };
    const keys = names.flatMap(([type, value]) =>
      type === 'cidr' ? prefixesOf(value, lengths).map((prefix) => keyOf(type, prefix)) : [keyOf(type, value)],
    );
    const found = (list: ListName): readonly Hit[] =>
      keys.flatMap((key) => {
        const item = this.#items[list].get(key);
        const isInForce = item !== undefined && (item.expiresAt === null || item.expiresAt > now);
        return isInForce ? [{ type: item.type, reason: item.reason }] : [];
      });
    return { deny: found('deny'), allow: found('allow').filter(({ type }) => allowed.includes(type)) };
  }
}

function keyOf(type: ItemType, value: string): string {
  return `${type} ${value}`;
}
