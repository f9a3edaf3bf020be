/**
 * Whether an attempt of a replay may be judged by counters at all, by the merchant's lists and leases: what the gate says
 * before it counts (gate/leave.ts). Pure.
 */
import type { Policy } from '../config/policy.ts';
import { isStopped } from '../decision/evaluation.ts';
import { leaseStake, liftByLease } from '../decision/lease-lifting.ts';
import { findingsUnderLists, listingOf } from '../decision/listing.ts';
import type { Finding } from '../decision/reason.ts';
import type { Clearing } from '../decision/step-up.ts';
import { type Hit, type Listed, type ListQuestion, powerOf, speaksForPayer } from '../lists/item.ts';
import { findLease } from '../network/lease.ts';
import type { Case } from './case.ts';
import type { Given } from './given.ts';

export interface Leave {
  readonly isGiven: boolean;
  /** What was found before, under what lists and leases say. */
  readonly early: readonly Finding[];
  /** Items that speak for the payer. */
  readonly allow: readonly Hit[];
  /** Whether what asks him for a challenge by who he is is set aside. */
  readonly isSpokenFor: boolean;
}

const NO_ROUTE = { opensRoute: false };

export function leaveOf(asked: Case, clearing: Clearing, { policy, given }: Ruled): Leave {
  const { early } = asked;
  const lease = leaseFor(asked, clearing, { policy, given });
  const question = policy.lists === null ? undefined : questionOf(asked, clearing, policy);
  if (lease === 'not_asked' && question === undefined)
    return { isGiven: !isStopped(early, clearing), early, allow: [], isSpokenFor: false };
  const listed = question === undefined ? NOT_LISTED : (given.lists?.tell(question, asked.now) ?? NOT_LISTED);
  const isDenied = question?.isEnforced === true && listed.deny.length > 0;
  const isLeased = lease === 'held' && !isDenied && !isSettled(question, listed);
  const left = isLeased ? liftByLease(early, NO_ROUTE) : early;
  const under =
    question === undefined ? left : findingsUnderLists(left, listed, policy.mode === 'off' ? 'shadow' : policy.mode);
  const isSpokenFor = listed.allow.some(({ type }) => speaksForPayer(powerOf(type)));
  return { isGiven: !isDenied && !isStopped(under, clearing), early: under, allow: listed.allow, isSpokenFor };
}

interface Ruled {
  readonly policy: Policy;
  readonly given: Given;
}

const NOT_LISTED: Listed = { deny: [], allow: [] };

function leaseFor(
  { attempt, early, now }: Case,
  clearing: Clearing,
  { policy, given }: Ruled,
): 'not_asked' | 'held' | 'none' {
  const { whence } = attempt;
  if (policy.leases === null || whence === null || early.length === 0) return 'not_asked';
  if (leaseStake(early, { ...clearing, ...NO_ROUTE }) === 'nothing') return 'not_asked';
  const made = given.leases.filter(({ createdAt }) => createdAt <= now);
  return findLease(made, whence.ip.text, now) === null ? 'none' : 'held';
}

function questionOf({ attempt, early }: Case, clearing: Clearing, { lists, mode }: Policy): ListQuestion | undefined {
  if (lists === null || mode === 'off') return undefined;
  return listingOf({ attempt, others: [], early, clearing }, lists, mode === 'enforce')?.question;
}

/** Whether items are enough for an attempt that something else would stop. */
function isSettled(question: ListQuestion | undefined, { allow }: Listed): boolean {
  const found = new Set(allow.map(({ type }) => powerOf(type)));
  return question?.enough?.some((powers) => powers.every((power) => found.has(power))) === true;
}
