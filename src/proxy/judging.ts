/**
 * Judges the attempts of one request: each by itself, all let through or none.
 */
import { namesOf } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { evaluate, isStopped } from '../decision/evaluation.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import { mayChallengeLate } from '../decision/rule-findings.ts';
import { reuseFindings } from '../decision/session-finding.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { LeaseQuestion } from '../gate/lease-messages.ts';
import { meetPayer } from '../network/network-rules.ts';
import type { Gathered } from '../network/reputation.ts';
import type { PassFault } from '../step-up/shown-pass.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Visited } from '../velocity/session-use.ts';
import { mayDemand, type Touch } from '../velocity/touch.ts';
import { admit, askAlone, type Judged } from './admitting.ts';
import type { Tried } from './attempt-reader.ts';
import { clear, offeredBeside, passRefusal, withoutPass } from './clearing.ts';
import { beginGathering, weighAttempt } from './gathering.ts';
import { allOrNone, giveBack } from './giving-back.ts';
import { type Guarding, isRefused, type Judgement, occasionOf, tlsFindings } from './guarding.ts';
import { findingsUnder, questionOf, stakeOf, unaskedFindings } from './leasing.ts';
import { heardOf, onlyLookedUp, prospectIn, withListings } from './listing.ts';
import { replayFound } from './nonce.ts';
import { askOwnRules, factsOfTried, withLateRules } from './own-rules.ts';
import { keepSeal, sealFound } from './seal-use.ts';
import { askedVisit, visitOf } from './session-use.ts';
import { touchesFor } from './touching.ts';
import { gateUnavailable } from './unanswered.ts';

interface Circumstances {
  readonly index: number;
  readonly found: readonly Finding[];
  readonly gathered: Gathered | null;
}

/** `found`: what speaks against the request as a whole. */
export async function judge(
  guarding: Guarding,
  all: readonly Tried[],
  found: readonly Finding[],
): Promise<readonly Judgement[] | 'stale_config'> {
  const { policy } = guarding.inForce;
  const gathering = guarding.gathering ?? beginGathering(guarding);
  const gathered = gathering instanceof Promise ? await gathering : gathering;
  const each = all.map((tried, index) => look(guarding, tried, { index, found, gathered }));
  const visit = visitOf(all, policy);
  const mayComeLate =
    visit !== null || mayChallengeLate(policy.rules) || each.some(({ touches }) => mayDemand(touches) > 0);
  const clearing = policy.stepUp === null ? each : clear(guarding, each, mayComeLate);
  const cleared = withVisit(clearing instanceof Promise ? await clearing : clearing, visit, policy);
  const hoping = policy.lists === null ? cleared : withListings(guarding, cleared, policy.lists);
  // Who is refused anyway takes no place in any counter, not even one that comes first.
  const isOver = hoping.some((one) => prospectIn(one) === 'settled');
  if (isOver) return hoping.map((one) => judgement(guarding, withEarly(one, unaskedFindings(guarding, one.early)), {}));
  const judged = hoping.map(onlyLookedUp);
  const { nonce } = guarding;
  const question = questionOf(guarding, judged);
  const asking = judged.filter(asksTheGate);
  const isNothingAsked = asking.length === 0 && question === undefined && nonce === null;
  if (isNothingAsked) return judged.map((one) => judgement(guarding, withLateRules(guarding, one, null), {}));
  const asked = asking.length === 0 ? await askAlone(guarding, question) : await admit(guarding, asking, question);
  if (asked === 'stale_config') return asked;
  const replay = nonce === null ? NOTHING : await replayFound(guarding, nonce, { asked, question });
  if (replay === 'stale_config') return replay;
  const isSealed = asking[0]?.tried.seal !== undefined;
  const used = isSealed ? [...replay, ...sealFound(asking, asked)] : replay;
  const known = used.length === 0 ? judged : judged.map((one) => withEarly(one, [...one.early, ...used]));
  if (asked === 'unavailable') {
    const unheard = known.map((one) => judgeWithoutGate(guarding, one));
    return isSealed ? keepSeal(guarding, { asking, asked }, unheard) : unheard;
  }
  const { admissions, lease } = asked;
  const [first] = asking;
  const refusal = first === undefined ? null : passRefusal(first, admissions[0]);
  if (first !== undefined && refusal !== null) {
    return judgeWithoutPass(guarding, { all, found, first, isHeld: admissions[0]?.kind === 'admitted', refusal });
  }
  const reused = reuseFound(admissions, policy);
  const judgements = known.map((before, index) => {
    const admission = admissions[asking.indexOf(judged[index] ?? before)];
    const answer = { admission, reused };
    const one = before.listing === undefined ? before : heardOf(before, admission);
    if (one === 'unheard') return judgeWithoutGate(guarding, before);
    if (question === undefined) return judgeAdmitted(guarding, one, answer);
    return judgeUnderLease(guarding, one, { ...answer, question, lease });
  });
  const told = allOrNone(guarding, judgements, known);
  return isSealed ? keepSeal(guarding, { asking, asked }, told) : told;
}

interface Unpassed {
  readonly all: readonly Tried[];
  readonly found: readonly Finding[];
  readonly first: Judged;
  /** A gate of the release before looks at no pass, and has given a place. */
  readonly isHeld: boolean;
  readonly refusal: PassFault;
}

/** The gate does not take the pass, and judged nothing else or by its leave: all is judged again as if none had come. */
async function judgeWithoutPass(
  guarding: Guarding,
  { all, found, first, isHeld, refusal }: Unpassed,
): Promise<readonly Judgement[] | 'stale_config'> {
  const again = await judge({ ...guarding, passFault: refusal }, all, found);
  const isRefusedNow = again === 'stale_config' || again.some(({ evaluation }) => isRefused(evaluation));
  if (isHeld && isRefusedNow) giveBack(guarding, first);
  return again;
}

const NOTHING: readonly Finding[] = [];

function asksTheGate({ touches, visit, pass, listing, tried }: Judged): boolean {
  return touches.length > 0 || (visit ?? pass ?? listing ?? tried.seal) !== undefined;
}

function withEarly(one: Judged, early: readonly Finding[]): Judged {
  return one.early === early ? one : { ...one, early };
}

/** Their visit is asked about with the first of them that asks anything, or where none does by one alone. */
function withVisit(judged: readonly Judged[], visit: Visited | null, policy: Policy): readonly Judged[] {
  if (visit === null) return judged;
  const asks = judged.find(({ touches }) => touches.length > 0) ?? judged[0];
  return judged.map((one) => (one === asks ? { ...one, visit: askedVisit(visit, policy, one.clearing) } : one));
}

function reuseFound(admissions: readonly Admission[], { session }: Policy): readonly Finding[] {
  if (session === null) return [];
  return admissions.flatMap((one) => ('reuse' in one ? reuseFindings(one.reuse ?? [], session) : []));
}

function look(guarding: Guarding, tried: Tried, { index, found, gathered }: Circumstances): Judged {
  const { edge, inForce, now } = guarding;
  const { policy } = inForce;
  const { kind, attempt } = tried;
  const { risk, findings: weighed } = weighAttempt(guarding, tried, gathered);
  const told = factsOfTried(guarding, tried, risk);
  // A card that is only attached touches nothing yet: its payment does, once it is confirmed.
  const touches = kind === 'attachment' ? [] : touchesFor(guarding, tried, told);
  const known = edge.blocks.find(policy.merchant, touches, now);
  const blocked = velocityFindings(known);
  const { findings: own, facts } = askOwnRules(guarding, told);
  const early = joined([tlsFindings(guarding), callerFindings(guarding, tried), weighed, blocked, found, own]);
  const judged = {
    tried,
    id: index === 0 ? guarding.id : newEvaluationId(policy.merchant, now),
    touches,
    guest: attempt.payer.kind === 'guest',
    cards: namesOf(attempt),
    early,
    known,
    risk,
    clearing: policy.clearing,
    stake: stakeOf(guarding, { early, clearing: policy.clearing }),
  };
  return facts === undefined ? judged : { ...judged, facts };
}

/** Of most attempts nothing. */
function joined(findings: readonly (readonly Finding[])[]): readonly Finding[] {
  return findings.every(({ length }) => length === 0) ? NOTHING : findings.flat();
}

/** What speaks against the caller, now that it is known whose card he pays with. */
function callerFindings({ caller, visit, inForce }: Guarding, { provenance }: Tried): readonly Finding[] {
  const { network } = inForce.policy;
  if (!network.payerCountry) return caller.findings;
  const country = visit.whence?.country ?? null;
  return meetPayer(caller.findings, { country, cardCountry: provenance.cardCountry }, network);
}

/** Without an admission the gate was not asked: nothing is counted, or all is over already. */
function judgeAdmitted(guarding: Guarding, one: Judged, { admission, reused }: Answer): Judgement {
  if (admission === undefined || !('verdicts' in admission)) {
    return judgement(guarding, withLateRules(guarding, one, null), { findings: reused });
  }
  const { edge, inForce, now } = guarding;
  edge.blocks.keep(inForce.policy.merchant, admission.verdicts, now);
  const findings = [...velocityFindings(admission.verdicts), ...reused];
  const isHeld = admission.kind === 'admitted' && one.touches.length > 0;
  const { verdicts } = admission;
  const counted = countedIn(admission);
  const told = withLateRules(guarding, one, { verdicts, counted });
  const offered = findings.length === 0 ? told : offeredBeside(guarding, told, findings);
  if (!isHeld) return judgement(guarding, offered, { findings, verdicts, counted });
  const judged = judgement(guarding, offered, { ...admission, counted, findings });
  if (!isRefused(judged.evaluation)) return judged;
  // By a rule that waited for the counts. Or a gate of the release before looked at no nonce and no pass.
  giveBack(guarding, one);
  return judgement(guarding, offered, { findings, verdicts, counted });
}

/** Who is refused with no verdict at all was refused for something else, before any counter was looked at. */
function countedIn({ kind, verdicts, counted = [] }: Extract<Admission, { verdicts: unknown }>) {
  return kind === 'refused' && verdicts.length === 0 ? null : counted;
}

interface Answer {
  readonly admission: Admission | undefined;
  readonly reused: readonly Finding[];
}

function judgeUnderLease(guarding: Guarding, one: Judged, { question, lease, ...answer }: UnderLease): Judgement {
  const under = withEarly(one, findingsUnder(lease, { findings: one.early, guarding }));
  if (lease !== null) return judgeAdmitted(guarding, { ...under, lease }, answer);
  const mayGoOn = !question.isNeeded || !isStopped(under.early, under.clearing);
  if (mayGoOn) return judgeAdmitted(guarding, under, answer);
  // A gate of an earlier release knows no leases and may have admitted him all the same.
  if (answer.admission?.kind === 'admitted' && one.touches.length > 0) giveBack(guarding, one);
  return judgement(guarding, under, {});
}

interface UnderLease extends Answer {
  readonly question: LeaseQuestion;
  readonly lease: string | null;
}

/** No lease is proven then: who needs one is refused, whatever `on_gate_unavailable` says. */
function judgeWithoutGate(guarding: Guarding, alone: Judged): Judgement {
  const asked = withoutPass(alone);
  const one =
    asked.stake === 'nothing'
      ? asked
      : withEarly(asked, findingsUnder('unavailable', { findings: asked.early, guarding }));
  const { touches, visit, listing } = one;
  if (touches.length === 0 && (visit ?? listing) === undefined) return judgement(guarding, one, {});
  const findings = [gateUnavailable(guarding.inForce.policy, one)];
  const judged = judgement(guarding, withLateRules(guarding, one, null), { findings, places: touches });
  if (touches.length > 0 && isRefused(judged.evaluation)) giveBack(guarding, one);
  return judged;
}

interface Answered {
  readonly findings?: readonly Finding[];
  readonly places?: readonly Touch[];
  /** What the gate said of the counters: those that were not open, and what all of them counted. */
  readonly verdicts?: readonly Verdict[];
  readonly counted?: readonly number[] | null;
  readonly reservedUntil?: number;
  /** The attempt that this request goes on with: there is one evaluation of both. */
  readonly evaluation?: string;
}

function judgement(guarding: Guarding, one: Judged, answered: Answered): Judgement {
  const { places = [], reservedUntil = null, evaluation: continued, verdicts = one.known, counted = null } = answered;
  const { tried, touches, guest, cards, risk, visit, lease, clearing } = one;
  const late = answered.findings ?? [];
  const findings = joined([one.early, one.allowed === undefined ? late : liftByItems(late, one.allowed)]);
  const occasion = occasionOf(guarding, { id: continued ?? one.id, reservedUntil, clearing });
  const evaluation = evaluate(findings, risk === undefined ? occasion : { ...occasion, risk });
  return {
    tried,
    evaluation,
    findings,
    risk,
    clearing,
    places,
    touches,
    verdicts,
    counted,
    reservedUntil,
    guest,
    cards,
    takenBy: continued === undefined ? undefined : one.id,
    visit,
    lease,
    passFault: one.passFault,
  };
}
