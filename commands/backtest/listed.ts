// Deny and allow lists and leases for a replay: out of files, or as Cordon tells them.

import { linesOf, readHeader, readRow } from '../../src/api/list-csv.ts';
import { readEmail } from '../../src/attempt/email-address.ts';
import { parsePrefix } from '../../src/attempt/ip-prefix.ts';
import { isCardName } from '../../src/gate/card-names.ts';
import { ITEM_TYPES, type ItemType, type ListName } from '../../src/lists/item.ts';
import { readValue } from '../../src/lists/item-value.ts';
import type { ReplayLease } from '../../src/replay/given.ts';
import type { ReplayItem, ReplayLists } from '../../src/replay/replay-lists.ts';
import { cardName, shortName } from '../../src/replay/short-name.ts';

/** An item as it is written. */
export interface WrittenItem {
  readonly type: string;
  readonly value: string;
  readonly reason?: string | undefined;
  readonly expires_at?: string | null | undefined;
}

export interface WrittenLease {
  readonly cidr: string;
  readonly created_at: string;
  readonly expires_at: string;
}

/** Of an e-mail as Cordon tells it, for it keeps no more: `j…@example.com`. */
const masked = /^.…@/u;

/** Throws for what is no item. */
export function putItems(list: ListName, items: readonly WrittenItem[], lists: ReplayLists): void {
  for (const [index, item] of items.entries()) {
    if (item.type === 'email' && masked.test(item.value)) lists.lacksEmails = true;
    else lists.put(list, itemOf(item, list, `item ${index + 1} of the ${list} list`));
  }
}

/** CSV as an import takes it, or JSON as the command line tells a list. */
export function itemsIn(text: string, file: string): readonly WrittenItem[] {
  return /^\s*\{/.test(text) ? itemsInJson(text, file) : itemsInCsv(text, file);
}

export function leasesIn(text: string, file: string): readonly ReplayLease[] {
  const leases = parsed(text, file).leases;
  if (!Array.isArray(leases)) throw new Error(`${file} holds no leases`);
  return (leases as readonly WrittenLease[]).map(leaseOf);
}

export function leaseOf({ cidr, created_at, expires_at }: WrittenLease): ReplayLease {
  const read = parsePrefix(String(cidr));
  const [createdAt, expiresAt] = [Date.parse(created_at), Date.parse(expires_at)];
  if (read.kind !== 'prefix' || Number.isNaN(createdAt + expiresAt)) {
    throw new Error('a lease has cidr, created_at and expires_at');
  }
  return { prefix: read.prefix, createdAt, expiresAt };
}

function itemOf(
  { type: typed, value: written, reason, expires_at }: WrittenItem,
  list: ListName,
  where: string,
): ReplayItem {
  const type = ITEM_TYPES.find((one) => one === typed);
  if (type === undefined) throw new Error(`${where}: its type must be one of ${ITEM_TYPES.join(', ')}`);
  const read = readValue(type, String(written), list);
  if (!read.ok) throw new Error(`${where}: its value ${read.message}`);
  const expiresAt =
    expires_at === undefined || expires_at === null || expires_at === '' ? null : Date.parse(expires_at);
  if (Number.isNaN(expiresAt)) throw new Error(`${where}: its expires_at is no time`);
  return { type, value: nameOf(type, read.value), reason: reason || 'listed', expiresAt };
}

/** As the replay calls it. */
function nameOf(type: ItemType, value: string): string {
  if (type === 'email') return shortName('em', readEmail(value)?.address ?? value);
  return type === 'card_fingerprint' && !isCardName(value) ? cardName('pf', value) : value;
}

function itemsInJson(text: string, file: string): readonly WrittenItem[] {
  const { items } = parsed(text, file);
  if (!Array.isArray(items)) throw new Error(`${file} holds no items`);
  return items as readonly WrittenItem[];
}

function itemsInCsv(text: string, file: string): readonly WrittenItem[] {
  const [first = '', ...lines] = linesOf(text);
  const header = readHeader(first);
  if (!header.ok) throw new Error(`${file}: ${header.message}`);
  return lines.flatMap((line, index) => {
    const row = readRow(line, index + 2, header);
    if (row === null) return [];
    if (!row.ok) throw new Error(`${file}, line ${row.line}: ${row.message}`);
    const { type = '', value = '', reason, expires_at } = row.cells;
    return [{ type, value, reason, expires_at }];
  });
}

function parsed(text: string, file: string): { readonly items?: unknown; readonly leases?: unknown } {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error(`${file} is no JSON`);
  }
}
