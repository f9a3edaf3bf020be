/**
 * What stands on a merchant's deny and allow lists: items of one type each, with a reason, whoever put them there, and
 * an end or none. Pure. Times are ms since the epoch.
 */
export const LISTS = ['deny', 'allow'] as const;
export type ListName = (typeof LISTS)[number];

export const ITEM_TYPES = [
  'ip',
  'cidr',
  'asn',
  'country',
  'card_fingerprint',
  'card_bin',
  'email',
  'email_domain',
  'customer_id',
] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

/** What tells about an address alone: of the deny list these are in force on every path of a shop. */
export const ADDRESS_TYPES = ['ip', 'cidr', 'asn', 'country'] as const satisfies readonly ItemType[];

/** Both lists of a merchant together. A row takes some 300 bytes. */
export const ITEMS_LIMIT = 200_000;

/** By what an attempt is looked up: a type and the value as it is kept. */
export type Name = readonly [type: ItemType, value: string];

export interface Item {
  readonly type: ItemType;
  /** As it is looked up: canonical; of an e-mail a keyed digest, of a card its fingerprint. */
  readonly value: string;
  /** What is shown instead of a digest; null where the value may be shown. */
  readonly label: string | null;
  readonly reason: string;
  /** `admin`, or `key:` and the id of a key: who wrote it last. */
  readonly actor: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The first moment at which it is none any more; null: never. */
  readonly expiresAt: number | null;
}

/** An item that an attempt was found by. */
export type Hit = Pick<Item, 'type' | 'reason'>;

/** What the gate found of an attempt. Of the allow list only what counts for this payer. */
export interface Listed {
  readonly deny: readonly Hit[];
  readonly allow: readonly Hit[];
}

/** What an item of the allow list can do: those of one power do the same. */
export type Power = 'address' | 'network' | 'country' | 'payer';

const POWERS: Readonly<Record<ItemType, Power>> = {
  ip: 'address',
  cidr: 'address',
  asn: 'network',
  country: 'country',
  card_fingerprint: 'payer',
  card_bin: 'payer',
  email: 'payer',
  email_domain: 'payer',
  customer_id: 'payer',
};

export function powerOf(type: ItemType): Power {
  return POWERS[type];
}

/** A whole network or country is no word for one payer: what asks him for a challenge by who he is stays. */
const SPEAK_FOR_PAYERS: readonly Power[] = ['address', 'payer'];

/** Whether an item of the allow list of that power sets aside a challenge that is asked for by who the payer is. */
export function speaksForPayer(power: Power): boolean {
  return SPEAK_FOR_PAYERS.includes(power);
}

/** Whether a stranger can type it: what speaks for him then is nothing, unless the merchant vouches for who he is. */
export function isTypable(type: ItemType): boolean {
  return POWERS[type] === 'payer';
}

/** What is to be looked up of an attempt. */
export interface ListQuestion {
  readonly names: readonly Name[];
  /** Of which types an item of the allow list counts for this payer. */
  readonly allow: readonly ItemType[];
  /** Whether who is denied is refused, or only on record. */
  readonly isEnforced: boolean;
  /** Without items of all powers of one of these nothing is admitted; absent: nothing hangs on it. */
  readonly enough?: readonly (readonly Power[])[];
  /** The same where a lease holds the address as well that is not enough by itself. */
  readonly enoughIfLeased?: readonly (readonly Power[])[];
}

/** What of a merchant's lists there is to be looked up. */
export interface ListsInUse {
  readonly deny: ReadonlySet<ItemType>;
  readonly allow: ReadonlySet<ItemType>;
  /** Those of both. */
  readonly types: ReadonlySet<ItemType>;
  /** Whether the deny list tells about addresses: then it is asked on every path. */
  readonly deniesAddresses: boolean;
}
