/**
 * What the gate is asked about an attempt that a backend asks about: its counters, the lists, a lease of its address and
 * the pass that it came with, each as far as something hangs on it; and what is put on record by what the gate finds.
 */
import { type Card, namesOf, type Whence } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { withoutDeadEnds } from '../decision/dead-end.ts';
import { isStopped, type Occasion } from '../decision/evaluation.ts';
import { leaseStake } from '../decision/lease-lifting.ts';
import { type Asking, type Listing, listingOf } from '../decision/listing.ts';
import type { Finding } from '../decision/reason.ts';
import type { Clearing } from '../decision/step-up.ts';
import type { EvaluateRequest, Recording } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import type { Risk } from '../network/risk.ts';
import type { Touch } from '../velocity/touch.ts';
import { type Cleared, clearQuestion, type Question } from './clearing.ts';
import { clearedOf, clearedUnpassed, recordIfLeased, recordsIfCleared } from './conditional-records.ts';
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
  const { question, touched, others, alsoKnownAs, risk, caller, idempotency, staleForMs } = known;
  const { evaluation, attempt, early, now } = question;
  const cleared = await clearQuestion(question, policy);
  const isRefused = isStopped(early, cleared.clearing);
  const isPassing = cleared.ifPassed !== undefined && !isStopped(early, cleared.ifPassed);
  const clearing = isPassing ? cleared.ifPassed : cleared.clearing;
  const touches = withoutDeadEnds(touched, policy.velocity, clearing);
  // A good pass is enough: what a lease would set aside, it does.
  const isCleared = isPassing && cleared.pass?.isLate !== true;
  const lease = isCleared ? undefined : questionOf(attempt.whence, early, policy, cleared.clearing);
  const listing = listingIn({ attempt, others }, policy, { early, clearing });
  const isOver = isRefused && lease === undefined && !isPassing && listing?.stake !== 'passage';
  const plain = { ...occasionOf(policy, evaluation, now), risk };
  const occasion = { ...plain, ...cleared.clearing };
  const request = {
    evaluation,
    touches: isOver ? [] : touches,
    guest: attempt.payer.kind === 'guest',
    cards: namesOf(attempt),
    alsoKnownAs,
    reservationMs: policy.reservationMs,
    config: { ...policy.version, staleForMs },
    ...(lease === undefined ? {} : { lease }),
    ...(listing === undefined ? {} : { lists: listing.question }),
    ...(isPassing && cleared.pass !== undefined ? { pass: cleared.pass } : {}),
    ...clearedOf(touches, clearing),
    recording: {
      caller,
      record: JSON.stringify({ early, occasion }),
      isRefused,
      ...recordIfLeased(lease, { early, occasion: question.mayDemand === 0 ? plain : occasion }),
      ...recordsIfCleared(cleared, { early, occasion: plain }),
      ...clearedUnpassed(touches, cleared),
      idempotency,
    },
  };
  return { request, touches, cleared, occasion };
}

/** What a lease of the payer's address would lift. A merchant without leases is asked nothing. */
function questionOf(
  whence: Whence | null,
  early: readonly Finding[],
  policy: Policy,
  clearing: Clearing,
): LeaseQuestion | undefined {
  if (policy.leases === null || whence === null || early.length === 0) return undefined;
  const stake = leaseStake(early, { ...clearing, opensRoute: false });
  return stake === 'nothing' ? undefined : { of: whence.ip.text, isNeeded: stake === 'passage' };
}

/** What the lists are asked. A merchant in shadow is told what they would have done. */
function listingIn(
  who: Pick<Asking, 'attempt' | 'others'>,
  policy: Policy,
  found: Pick<Asking, 'early' | 'clearing'>,
): Listing | undefined {
  const { lists, mode } = policy;
  if (lists === null || mode === 'off') return undefined;
  return listingOf({ ...who, ...found }, lists, mode === 'enforce');
}
