/**
 * What a backtest is given beside the record: the merchant's lists and leases as they are now, and this deployment's
 * tables. Times are ms since the epoch.
 */
import type { Policy } from '../config/policy.ts';
import { askGate, type GateAnswer, type Gates } from '../gate/gate-client.ts';
import type { ItemPage, ItemQuery } from '../gate/list-messages.ts';
import { LISTS, type ListName, type Name } from '../lists/item.ts';
import type { Tables } from '../network/tables.ts';
import type { Given, ReplayLease } from '../replay/given.ts';
import { ReplayLists } from '../replay/replay-lists.ts';

/** Some 150 bytes each, beside the tables of an isolate's 128 MB. */
export const ITEMS_LOOKED_AT = 100_000;
/** The gate takes some milliseconds for as many, and payments wait for it meanwhile. */
const ITEMS_AT_ONCE = 5_000;
const LEASES_LIMIT = 1_000;

interface Asking {
  /** The one in force: the one that is tried may say that its gate lives elsewhere. */
  readonly policy: Policy;
  readonly gates: Gates;
}

/** Null when the gate does not answer. */
export async function givenTo({ leases: rule }: Policy, asking: Asking, tables: Tables): Promise<Given | null> {
  const lists = new ReplayLists();
  for (const list of LISTS) if (!(await read(list, lists, asking))) return null;
  const leases = rule === null ? [] : await leasesOf(asking);
  return leases === null ? null : { tables, kinds: ['networks', 'bins'], lists, leases, areAllLeases: false };
}

async function read(list: ListName, lists: ReplayLists, { policy, gates }: Asking): Promise<boolean> {
  let after: Name | null = null;
  do {
    const query: ItemQuery = { list, after, limit: Math.min(ITEMS_AT_ONCE, ITEMS_LOOKED_AT - lists.size) };
    if (query.limit <= 0) {
      lists.isWhole = false;
      return true;
    }
    const page: GateAnswer<ItemPage> = await askGate(gates, policy, (gate) => gate.listItems(query));
    if (page.kind === 'unavailable') return false;
    for (const item of page.value.items) lists.put(list, item);
    after = page.value.next;
  } while (after !== null);
  return true;
}

/** A merchant has no more of them than one answer tells (config/network-schema.ts). */
async function leasesOf({ policy, gates }: Asking): Promise<readonly ReplayLease[] | null> {
  const page = { after: '', limit: LEASES_LIMIT };
  const listed = await askGate(gates, policy, (gate) => gate.listLeases(page));
  return listed.kind === 'answered' ? listed.value.leases : null;
}
