/**
 * What of a configuration a replay cannot judge, for lack of what live traffic has: told in the summary, so that nobody
 * takes its silence for a result. Pure.
 */
import type { Policy } from '../config/policy.ts';
import { type Given, missingFeeds } from './given.ts';

/** What was seen of the attempts. */
export interface Seen {
  readonly emails: boolean;
  readonly devices: boolean;
}

/** `feed:NAME` a feed without a table. */
export type LeftOut =
  | 'lists'
  | 'list_emails'
  | 'leases'
  | 'providers'
  | 'shared'
  | 'networks'
  | 'bins'
  | 'sessions'
  | 'routes'
  | 'emails'
  | 'devices'
  | `feed:${string}`;

export function leftOut(policy: Policy, { tables, kinds, lists, areAllLeases }: Given, seen: Seen): readonly LeftOut[] {
  const { reputation, identities, session, asks } = policy;
  const needed = policy.tables?.kinds.filter((kind) => !kinds.includes(kind)) ?? [];
  const { deny = [], allow = [] } = lists?.word ?? {};
  const isNamed = [...deny, ...allow].some((type) => type === 'email' || type === 'email_domain');
  const all: readonly (readonly [LeftOut, boolean])[] = [
    ['lists', lists?.isWhole !== true],
    ['list_emails', lists?.lacksEmails === true || (isNamed && !seen.emails)],
    ['leases', policy.leases !== null && !areAllLeases],
    ...missingFeeds(policy, tables).map((name) => [`feed:${name}`, true] as const),
    ...needed.map((kind) => [kind, true] as const),
    ['providers', (reputation?.providers.length ?? 0) > 0],
    ['shared', reputation?.shared === true],
    ['sessions', session !== null],
    ['routes', asks?.has('attempt.route') === true],
    ['emails', identities?.email === true && !seen.emails],
    ['devices', identities?.device === true && !seen.devices],
  ];
  return policy.mode === 'off' ? [] : all.filter(([, isOut]) => isOut).map(([word]) => word);
}
