/**
 * Judges the attempts of one request: each by itself, all let through or none.
 */
import { namesOf } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { evaluate, isStopped } from '../decision/evaluation.ts';
import type { LeaseStake } from '../decision/lease-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import { admitAt, askGate } from '../gate/gate-client.ts';
import type { Admission, AdmitRequest } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';
import { type Guarding, gatesOf, isRefused, type Judgement, occasionOf } from './guarding.ts';
import {
  askLease,
  findingsUnder,
  knownConfig,
  type LeaseWord,
  questionOf,
  stakeOf,
  unaskedFindings,
} from './leasing.ts';
import { settle } from './settle.ts';

/** An attempt as it is judged: what it touches, and what is known before the gate is asked. */
interface Judged {
  readonly tried: Tried;
  readonly id: string;
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly cards: readonly string[];
  readonly early: readonly Finding[];
  /** What of it hangs on a lease of the address. */
  readonly stake: LeaseStake;
  /** The lease that holds the address. */
  readonly lease: string | null;
}

/** `found`: what speaks against the request as a whole. */
export async function judge(
  guarding: Guarding,
  all: readonly Tried[],
  found: readonly Finding[],
): Promise<readonly Judgement[] | 'stale_config'> {
  const { stepUpFallback } = guarding.inForce.policy;
  const judged = all.map((tried, index) => look(guarding, tried, { index, found }));
  // Who is refused anyway takes no place in any counter, not even one that comes first.
  const isOver = judged.some(({ early, stake }) => stake !== 'passage' && isStopped(early, stepUpFallback));
  if (isOver) return judged.map((one) => judgement(guarding, withEarly(one, unaskedFindings(guarding, one.early)), {}));
  const question = questionOf(guarding, judged);
  const asking = judged.filter(({ touches }) => touches.length > 0);
  if (asking.length === 0 && question === undefined) return judged.map((one) => judgement(guarding, one, {}));
  const answer = asking.length === 0 ? await askAlone(guarding, question) : await admit(guarding, asking, question);
  if (answer === 'stale_config') return answer;
  if (answer === 'unavailable') return judged.map((one) => judgeWithoutGate(guarding, one));
  return judged.map((one) => {
    const admission = answer.admissions[asking.indexOf(one)];
    if (question === undefined) return judgeAdmitted(guarding, one, admission);
    return judgeUnderLease(guarding, one, { admission, question, lease: answer.lease });
  });
}

/** What the gate said: one admission for each that asked, and the lease that holds the address. */
interface Answer {
  readonly admissions: readonly Admission[];
  readonly lease: string | null;
}

type Asked = Answer | 'stale_config' | 'unavailable';

async function askAlone(guarding: Guarding, question: LeaseQuestion | undefined): Promise<Asked> {
  const word: LeaseWord = question === undefined ? { lease: null } : await askLease(guarding, question);
  return typeof word === 'string' ? word : { admissions: [], lease: word.lease };
}

function withEarly(one: Judged, early: readonly Finding[]): Judged {
  return one.early === early ? one : { ...one, early };
}

function look(
  guarding: Guarding,
  tried: Tried,
  { index, found }: { readonly index: number; readonly found: readonly Finding[] },
): Judged {
  const { edge, inForce, now, tls, caller } = guarding;
  const { policy } = inForce;
  const { kind, attempt } = tried;
  // A card that is only attached touches nothing yet: its payment does, once it is confirmed.
  const touches = kind === 'attachment' ? [] : touchesOfAll(tried, policy);
  const known = velocityFindings(edge.blocks.find(policy.merchant, touches, now));
  const early = [...tls, ...caller.findings, ...known, ...found];
  return {
    tried,
    id: index === 0 ? guarding.id : newEvaluationId(policy.merchant, now),
    touches,
    guest: attempt.payer.kind === 'guest',
    cards: namesOf(attempt),
    early,
    stake: stakeOf(guarding, early),
    lease: null,
  };
}

/** By each card that the request names: the shop takes one of them, and a decoy would hide it. */
function touchesOfAll(tried: Tried, policy: Policy): readonly Touch[] {
  const { attempt, others } = tried;
  const { velocity, maxBlockSeconds } = policy;
  const own = rulesFor(tried, policy);
  if (others.length === 0) return touchesOf(attempt, own, maxBlockSeconds);
  const byCard = velocity.filter(({ by }) => by.includes('card'));
  const besides = others.flatMap((card) => touchesOf({ ...attempt, card }, byCard, maxBlockSeconds));
  return [...touchesOf(attempt, own, maxBlockSeconds), ...besides];
}

/** The rules that look at an attempt: those about a card alone leave out one that anybody can name. */
export function rulesFor({ isTyped }: Tried, { velocity }: Policy): readonly VelocityRule[] {
  return isTyped ? velocity.filter(({ by }) => by.some((dimension) => dimension !== 'card')) : velocity;
}

/** Without an admission the gate was not asked: nothing is counted, or all is over already. */
function judgeAdmitted(guarding: Guarding, one: Judged, admission: Admission | undefined): Judgement {
  if (admission === undefined || !('verdicts' in admission)) return judgement(guarding, one, {});
  const { edge, inForce, now } = guarding;
  edge.blocks.keep(inForce.policy.merchant, admission.verdicts, now);
  const findings = velocityFindings(admission.verdicts);
  if (admission.kind === 'refused') return judgement(guarding, one, { findings });
  return judgement(guarding, one, { ...admission, findings });
}

function judgeUnderLease(
  guarding: Guarding,
  one: Judged,
  { admission, question, lease }: { readonly admission: Admission | undefined } & Questioned,
): Judgement {
  const under = { ...one, early: findingsUnder(lease, { findings: one.early, guarding }), lease };
  if (lease !== null || !question.isNeeded) return judgeAdmitted(guarding, under, admission);
  // A gate of an earlier release knows no leases and may have admitted him all the same.
  if (admission?.kind === 'admitted') giveBack(guarding, one);
  return judgement(guarding, under, {});
}

interface Questioned {
  readonly question: LeaseQuestion;
  readonly lease: string | null;
}

/** No lease is proven then: who needs one is refused, whatever `on_gate_unavailable` says. */
function judgeWithoutGate(guarding: Guarding, asked: Judged): Judgement {
  const { stake } = asked;
  const one =
    stake === 'nothing' ? asked : withEarly(asked, findingsUnder('unavailable', { findings: asked.early, guarding }));
  if (one.touches.length === 0) return judgement(guarding, one, {});
  const findings = [unavailable(guarding.inForce.policy, one.touches)];
  const judged = judgement(guarding, one, { findings, places: one.touches });
  if (isRefused(judged.evaluation)) giveBack(guarding, one);
  return judged;
}

interface Answered {
  readonly findings?: readonly Finding[];
  readonly places?: readonly Touch[];
  readonly reservedUntil?: number;
  /** The attempt that this request goes on with: there is one evaluation of both. */
  readonly evaluation?: string;
}

function judgement(guarding: Guarding, one: Judged, answered: Answered): Judgement {
  const { places = [], reservedUntil = null, evaluation: continued } = answered;
  const { tried, guest, cards, lease } = one;
  const findings = [...one.early, ...(answered.findings ?? [])];
  const evaluation = evaluate(findings, occasionOf(guarding, continued ?? one.id, reservedUntil));
  const takenBy = continued === undefined ? {} : { takenBy: one.id };
  const leased = lease === null ? {} : { lease };
  return { tried, evaluation, findings, places, guest, cards, ...takenBy, ...leased };
}

async function admit(guarding: Guarding, asking: readonly Judged[], lease: LeaseQuestion | undefined): Promise<Asked> {
  const { policy } = guarding.inForce;
  const config = knownConfig(guarding);
  const underLease = lease === undefined ? {} : { lease };
  const requests = asking.map(({ id, tried, touches, guest, cards }): AdmitRequest => {
    const { reservationMs } = policy;
    return { evaluation: id, touches, guest, cards, reservationMs, config, ...goesOn(tried), ...underLease };
  });
  const answer = await askGate(gatesOf(guarding), policy, (gate) => admitAt(gate, requests));
  if (answer.kind === 'unavailable') return 'unavailable';
  const { value: admissions } = answer;
  if (admissions.some(({ kind }) => kind === 'stale_config')) return 'stale_config';
  return { admissions, lease: lease === undefined ? null : leaseIn(admissions) };
}

function leaseIn(admissions: readonly Admission[]): string | null {
  return admissions.map((one) => ('lease' in one ? one.lease : undefined)).find((it) => it !== undefined) ?? null;
}

/** Without the gate, rules in shadow alone refuse nobody. */
function unavailable({ onGateUnavailable }: Policy, touches: readonly Touch[]): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  const mode = touches.some((touch) => touch.mode === 'enforce') ? 'enforce' : 'shadow';
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode, message };
}

/** An admission whose answer came too late, or never, may hold a place for an attempt that was turned away. */
function giveBack(guarding: Guarding, { id, tried, touches, guest }: Judged): void {
  const { inForce, afterwards } = guarding;
  const { policy } = inForce;
  const { reservationMs } = policy;
  const nobodyKnows = { evaluation: id, status: 'unknown', places: touches, guest, reservationMs } as const;
  const { continues } = tried;
  const settlement = { ...nobodyKnows, ...(continues === undefined ? {} : { continues }) };
  afterwards(settle({ settlements: [settlement], joins: [] }, { gates: gatesOf(guarding), policy, afterwards }));
}

function goesOn({ continues, isTyped }: Tried): Pick<AdmitRequest, 'continues' | 'isTyped'> {
  return continues === undefined ? {} : { continues, isTyped };
}
