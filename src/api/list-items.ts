/**
 * Items of a merchant's lists between the API and the gate: from what people write to what is looked up, and back to
 * what may be shown. An e-mail address is kept as a digest and shown by its first letter and its domain.
 */
import { readEmail } from '../attempt/email-address.ts';
import { emailIdentity } from '../attempt/email-identity.ts';
import type { Policy } from '../config/policy.ts';
import type { NewItem } from '../gate/list-messages.ts';
import { ITEM_TYPES, type Item, type ItemType, type ListName, type Name } from '../lists/item.ts';
import { readValue } from '../lists/item-value.ts';
import { cardOfFingerprint } from './identities.ts';

/** An item as the API tells it. */
export interface ToldItem {
  readonly id: string;
  readonly list: ListName;
  readonly type: ItemType;
  /** Canonical; of an e-mail its first letter and its domain, of a card its fingerprint. */
  readonly value: string;
  readonly reason: string;
  /** `admin`, or `key:` and the id of a key: who wrote it last. */
  readonly actor: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly expires_at: string | null;
}

export type KeptValue =
  | { readonly ok: true; readonly value: string; readonly label: string | null }
  | { readonly ok: false; readonly message: string };

/** What is kept of a value as it was written, or why it cannot be. */
export async function keptValue(type: ItemType, text: string, list: ListName, policy: Policy): Promise<KeptValue> {
  const read = readValue(type, text, list);
  if (!read.ok) return read;
  const { value } = read;
  if (type === 'email') {
    const email = await emailIdentity(value, policy.digestKey);
    return email === null
      ? { ok: false, message: 'must be a plain e-mail address' }
      : { ok: true, value: email.digest, label: maskedEmail(value) };
  }
  if (type === 'card_fingerprint') {
    return { ok: true, value: (await cardOfFingerprint(value, null, policy)).fingerprint, label: null };
  }
  return { ok: true, value, label: null };
}

/** `a…@example.com` */
export function maskedEmail(address: string): string | null {
  const email = readEmail(address);
  if (email === null) return null;
  const [first = ''] = email.address;
  return `${first}…@${email.domain}`;
}

/** `list`: not null where what is on record of an item alone is told. */
export function toldOf(list: ListName, item: Item): ToldItem {
  const time = (ms: number) => new Date(ms).toISOString();
  const { type, value, label, reason, actor, createdAt, updatedAt, expiresAt } = item;
  return {
    id: idOf([type, value]),
    list,
    type,
    value: label ?? value,
    reason,
    actor,
    created_at: time(createdAt),
    updated_at: time(updatedAt),
    expires_at: expiresAt === null ? null : time(expiresAt),
  };
}

/** For the record: without the id, which names the payer where nobody would look for him. */
export function auditedItem(list: ListName, { type, value, label, reason, expiresAt }: NewItem | Item) {
  const expires_at = expiresAt === null ? null : new Date(expiresAt).toISOString();
  return { list, type, value: label ?? value, reason, expires_at };
}

const PREFIX = 'li_';

export function idOf(name: Name): string {
  const bytes = new TextEncoder().encode(JSON.stringify(name));
  return `${PREFIX}${bytes.toBase64({ alphabet: 'base64url', omitPadding: true })}`;
}

/** Null for what is no id. */
export function nameIn(id: string): Name | null {
  if (!id.startsWith(PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromBase64(id.slice(PREFIX.length), { alphabet: 'base64url' });
    const [type, value] = JSON.parse(new TextDecoder().decode(bytes)) as unknown[];
    const known = ITEM_TYPES.find((one) => one === type);
    return known === undefined || typeof value !== 'string' ? null : [known, value];
  } catch {
    return null;
  }
}
