/**
 * What a replay is given beside a configuration and attempts, because neither says it: imported tables, the merchant's
 * deny and allow lists, leases.
 */

import { parseIp } from '../attempt/ip-address.ts';
import { underLists } from '../config/bypassing.ts';
import type { Policy } from '../config/policy.ts';
import type { Lease } from '../network/lease.ts';
import { type Need, NO_TABLES, type Tables } from '../network/tables.ts';
import type { ReplayLists } from './replay-lists.ts';

/** A lease holds from when it was made to its end: a replay is mostly of days when it was not there. */
export type ReplayLease = Pick<Lease, 'prefix' | 'createdAt' | 'expiresAt'>;

export interface Given {
  readonly tables: Tables;
  /** Of which kinds there are all tables that live traffic has. */
  readonly kinds: Need['kinds'];
  /** Null: nobody knows what is on them. */
  readonly lists: ReplayLists | null;
  readonly leases: readonly ReplayLease[];
  /** False where there may have been others. */
  readonly areAllLeases: boolean;
}

export const NOTHING_GIVEN: Given = { tables: NO_TABLES, kinds: [], lists: null, leases: [], areAllLeases: false };

/** What is there of it is there: a replay waits for nobody. */
export function atHand(tables: Tables): Tables {
  return {
    prepare: () => null,
    consult: (feeds, whence, now) => tables.consult(feeds, whence, now),
    classOf: (asn) => tables.classOf(asn),
    issuerCountry: (bin) => tables.issuerCountry(bin),
  };
}

/** What only the deployment knows is not asked: providers, other merchants, feeds without a table. Their silence would be nobody's. */
export function replayable(written: Policy, { tables, lists }: Given): Policy {
  const { policy } = underLists({ policy: { ...written, lists: null } }, lists?.word ?? null);
  const { reputation } = policy;
  if (reputation === null) return policy;
  const missing = missingFeeds(policy, tables);
  const feeds = reputation.feeds.filter(({ name }) => !missing.includes(name));
  return { ...policy, reputation: { ...reputation, feeds, providers: [], shared: false } };
}

/** By name. */
export function missingFeeds({ reputation }: Policy, tables: Tables): readonly string[] {
  const nobody = parseIp('192.0.2.1');
  if (reputation === null || reputation.feeds.length === 0 || nobody === null) return [];
  const { silent } = tables.consult(reputation.feeds, { ip: nobody, country: null, asn: null }, 0);
  const missing = silent.filter(({ reason }) => reason === 'missing').map(({ source }) => source);
  return reputation.feeds.map(({ name }) => name).filter((name) => missing.includes(`feed:${name}`));
}
