// What a replay is given beside configurations and attempts: out of files, or fetched from a Cordon.

import { join } from 'node:path';
import { LISTS } from '../../src/lists/item.ts';
import type { Given } from '../../src/replay/given.ts';
import { ReplayLists } from '../../src/replay/replay-lists.ts';
import { openTarget } from '../cordon/target.ts';
import type { Beside } from './arguments.ts';
import { tablesIn } from './file-tables.ts';
import { textOf } from './files.ts';
import { itemsIn, leaseOf, leasesIn, putItems } from './listed.ts';

const itemsAtOnce = 1_000;

/** Throws for a file that cannot be read, and where Cordon does not answer. */
export async function givenBeside(beside: Beside): Promise<Given> {
  const tables = tablesIn(beside);
  const kinds = (['networks', 'bins'] as const).filter((kind) => beside[kind] !== null);
  const told = beside.merchant === null ? outOfFiles(beside) : await fetched(beside.merchant);
  return { tables, kinds, ...told };
}

type Told = Pick<Given, 'lists' | 'leases' | 'areAllLeases'>;

function outOfFiles({ deny, allow, leases }: Beside): Told {
  const told =
    leases === null
      ? { leases: [], areAllLeases: false }
      : { leases: leasesIn(textOf(leases), leases), areAllLeases: true };
  if (deny === null && allow === null) return { ...told, lists: null };
  const lists = new ReplayLists();
  for (const [list, file] of [['deny', deny] as const, ['allow', allow] as const]) {
    if (file !== null) putItems(list, itemsIn(textOf(file), file), lists);
  }
  return { ...told, lists };
}

/** Those that are over nobody tells. */
async function fetched(merchant: string): Promise<Told> {
  const devVarsPath = join(import.meta.dirname, '../../.dev.vars');
  const cordon = openTarget({ url: undefined, keyFile: undefined }, { environment: process.env, devVarsPath });
  const lists = new ReplayLists();
  for (const list of LISTS) {
    let cursor: string | null = null;
    do {
      const page = await cordon.lists.items(merchant, list, { cursor, limit: itemsAtOnce });
      putItems(list, page.items, lists);
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
  const { leases } = await cordon.leases.list(merchant, { limit: itemsAtOnce });
  return { lists, leases: leases.map(leaseOf), areAllLeases: false };
}
