/**
 * What a merchant's lists hold, as it stands in KV beside the gate's own row: an isolate that cannot ask the gate must
 * know that there is something to ask. Never the items.
 */
import * as z from 'zod';
import { readJson } from '../attempt/json-body.ts';
import type { ListsWord } from '../gate/list-messages.ts';
import { ADDRESS_TYPES, ITEM_TYPES, type ListsInUse } from '../lists/item.ts';

const types = z.array(z.enum(ITEM_TYPES)).max(ITEM_TYPES.length);
const wordSchema = z.strictObject({ at: z.int().min(1), deny: types, allow: types });

/** Null for what is none. */
export function readListsWord(text: string): ListsWord | null {
  const json = readJson(text);
  const read = wordSchema.safeParse(json.ok ? json.value : null);
  return read.success ? read.data : null;
}

export function textOfListsWord({ at, deny, allow }: ListsWord): string {
  return JSON.stringify({ at, deny, allow });
}

/** Null where nothing is on them. */
export function listsInUse({ deny, allow }: ListsWord): ListsInUse | null {
  if (deny.length + allow.length === 0) return null;
  const deniesAddresses = ADDRESS_TYPES.some((type) => deny.includes(type));
  return { deny: new Set(deny), allow: new Set(allow), types: new Set([...deny, ...allow]), deniesAddresses };
}
