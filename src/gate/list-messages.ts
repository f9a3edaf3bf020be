/**
 * What Worker and gate say to each other about deny and allow lists. Shapes here only grow.
 */
import type { Item, ItemType, Listed, ListName, Name } from '../lists/item.ts';

/**
 * Which types of items the lists of a merchant hold, as of `at` (ms since the epoch; a later word counts). It changes
 * when the first item of a type comes and when the last one goes: most changes of a list change no word.
 */
export interface ListsWord {
  readonly at: number;
  readonly deny: readonly ItemType[];
  readonly allow: readonly ItemType[];
}

/** In the answer to whoever asked; a gate of the release before says nothing. */
export interface ListsTold {
  readonly listed?: Listed;
}

export type NewItem = Pick<Item, 'type' | 'value' | 'label' | 'reason' | 'expiresAt'>;

/** Items of one list by one hand. The same item again gets another reason and end. */
export interface Putting {
  readonly list: ListName;
  readonly actor: string;
  readonly items: readonly NewItem[];
}

/** `full`: nothing was put, for there is room for `room` more. */
export type Put =
  | { readonly kind: 'full'; readonly room: number }
  | { readonly kind: 'put'; readonly added: number; readonly updated: number; readonly word: ListsWord };

export interface ItemPage {
  readonly items: readonly Item[];
  /** Behind what to go on; null at the end. */
  readonly next: Name | null;
}

export interface ItemQuery {
  readonly list: ListName;
  /** Absent: every type. */
  readonly type?: ItemType;
  /** With `type`: this one alone. */
  readonly value?: string;
  readonly after: Name | null;
  readonly limit: number;
}

/** An item that was removed, and what the lists hold now. */
export interface Removed {
  readonly item: Item | null;
  readonly word: ListsWord | null;
}

/** Changes of items of the deny list that tell about addresses, in order, from behind `change`. */
export interface AddressChanges {
  readonly items: readonly (readonly [type: ItemType, value: string, expiresAt: number | null])[];
  readonly change: number;
  readonly isComplete: boolean;
}
