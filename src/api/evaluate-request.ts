/**
 * What the gate is asked about an attempt that a backend asks about: its counters, the lists, a lease of its address and
 * the pass that it came with, each as far as something hangs on it; and what is put on record by what the gate finds.
 */
import { type Card, namesOf, type Whence } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { withoutDeadEnds } from '../decision/dead-end.ts';
import { isStopped, type Occasion } from '../decision/evaluation.ts';
import { leaseStake, liftByLease } from '../decision/lease-lifting.ts';
import { type Listing, listingOf } from '../decision/listing.ts';
import { type Prospect, prospectOf, type Stake } from '../decision/prospect.ts';
import type { Clearing } from '../decision/step-up.ts';
import type { EvaluateRequest, Recording } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import type { Risk } from '../network/risk.ts';
import type { Touch } from '../velocity/touch.ts';
import { type Cleared, clearQuestion, type Question } from './clearing.ts';
import { clearedOf, NO_ROUTE, recordsIfCleared, recordsIfLeased } from './conditional-records.ts';
import { occasionOf } from './judging.ts';

/** What is known of it by then. */
export interface Known extends Pick<Recording, 'caller' | 'idempotency'> {
  readonly question: Question;
  readonly touched: readonly Touch[];
  /** Further names of its card, and those that are believed to be the same card. */
  readonly others: readonly Card[];
  readonly alsoKnownAs: readonly string[];
  readonly risk: Risk | undefined;
  readonly staleForMs: number;
}

export interface Prepared {
  readonly request: EvaluateRequest;
  /** The counters as they are judged. */
  readonly touches: readonly Touch[];
  readonly cleared: Cleared;
  /** As it stands without lease and pass. */
  readonly occasion: Occasion;
}

export async function prepareRequest(known: Known, policy: Policy): Promise<Prepared> {
  const { question, touched, alsoKnownAs, risk, caller, idempotency, staleForMs } = known;
  const { evaluation, attempt, early, now } = question;
  const cleared = await clearQuestion(question, policy);
  const passing = passingIn(known, cleared, policy);
  const { clearing, prospect, lease, listing } = passing ?? standingUnder(cleared.clearing, known, policy);
  const touches = withoutDeadEnds(touched, policy.velocity, clearing);
  const plain = { ...occasionOf(policy, evaluation, now), risk };
  const occasion = { ...plain, ...cleared.clearing };
  const request: EvaluateRequest = {
    evaluation,
    touches: prospect === 'passage' ? touches : [],
    guest: attempt.payer.kind === 'guest',
    cards: namesOf(attempt),
    alsoKnownAs,
    reservationMs: policy.reservationMs,
    config: { ...policy.version, staleForMs },
    ...(lease === undefined ? {} : { lease }),
    ...(listing === undefined ? {} : { lists: listing.question }),
    ...(passing === null || cleared.pass === undefined ? {} : { pass: cleared.pass }),
    ...clearedOf(touches, clearing),
    recording: {
      caller,
      record: JSON.stringify({ early, occasion }),
      isRefused: isStopped(early, cleared.clearing),
      asksAgain: true,
      ...recordsIfLeased(lease, { early, occasion, passed: passing?.clearing }),
      ...recordsIfCleared(cleared, { early, occasion: plain }),
      idempotency,
    },
  };
  return { request, touches, cleared, occasion };
}

/** How an attempt stands before the gate is asked, and what hangs on that. */
interface Standing {
  readonly clearing: Clearing;
  readonly prospect: Prospect;
  readonly lease: LeaseQuestion | undefined;
  readonly listing: Listing | undefined;
}

/** With its pass; null where it has none, or one that does not bring it any further. */
function passingIn(known: Known, { ifPassed }: Cleared, policy: Policy): Standing | null {
  const standing = ifPassed === undefined ? null : standingUnder(ifPassed, known, policy);
  return standing?.prospect === 'passage' ? standing : null;
}

function standingUnder(clearing: Clearing, { question, others }: Known, policy: Policy): Standing {
  const { attempt, early } = question;
  const stake = stakeOf(question, clearing, policy);
  const leased = stake === 'nothing' ? undefined : liftByLease(early, NO_ROUTE);
  const { lists, mode } = policy;
  // A merchant in shadow is told what they would have done.
  const isAsked = lists !== null && mode !== 'off';
  const asking = { attempt, others, early, clearing, leased };
  const listing = isAsked ? listingOf(asking, lists, mode === 'enforce') : undefined;
  const prospect = prospectOf(early, clearing, [stake, listing?.stake ?? 'nothing']);
  return { clearing, prospect, lease: leaseQuestion(attempt.whence, stake), listing };
}

/** What hangs on a lease of the payer's address: nothing where the merchant has none. */
function stakeOf({ attempt, early }: Question, clearing: Clearing, { leases }: Policy): Stake {
  const isAsked = leases !== null && attempt.whence !== null && early.length > 0;
  return isAsked ? leaseStake(early, { ...clearing, ...NO_ROUTE }) : 'nothing';
}

function leaseQuestion(whence: Whence | null, stake: Stake): LeaseQuestion | undefined {
  return whence === null || stake === 'nothing' ? undefined : { of: whence.ip.text, isNeeded: stake === 'passage' };
}
