/**
 * Puts on record what was decided of a request, and what became of it: a line of the log, and an entry of the journal.
 */
import { noticeAttack } from '../config/attack-notice.ts';
import { type Evaluation, evaluate, wouldBe } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { decisionEntry, type Subject } from '../journal/decision-entry.ts';
import { type DecisionContext, logDecision } from '../journal/decision-log.ts';
import { outcomeEntry } from '../journal/outcome-entry.ts';
import { countOf, countsOf } from '../journal/rule-counts.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Tried } from './attempt-reader.ts';
import { type Guarding, type Judgement, occasionOf } from './guarding.ts';

/** What became of an attempt that went on. Times are ms since the epoch. */
export interface Sending {
  readonly outcome: Outcome;
  /** The status that the origin answered with. */
  readonly status: number | null;
  /** Whether the gate has it. */
  readonly recorded: boolean;
  readonly sentAt: number;
  readonly answeredAt: number;
}

export function recordJudgement(guarding: Guarding, judgement: Judgement, sending: Sending | null = null): void {
  const { edge, afterwards } = guarding;
  const { evaluation } = judgement;
  const further = sending && {
    status: sending.outcome.status,
    origin_status: sending.status,
    recorded: sending.recorded,
  };
  logDecision(evaluation, contextOf(guarding, judgement), further);
  noticeAttack(edge.environment, guarding.inForce.policy, evaluation);
  if (!edge.journal.isOn) return;
  edge.journal.write(() => decisionEntry(evaluation, subjectOf(guarding, judgement, sending)), afterwards);
}

/**
 * An attempt that no gate judged, by what was found of it. A refusal costs whoever sends for it nothing: the same again
 * from the same address is counted once there are some, and one entry stands for many.
 */
export function recordUnjudged(guarding: Guarding, findings: readonly Finding[]): Evaluation {
  const { edge, route, visit, id, now, afterwards } = guarding;
  const { country = null, asn = null } = visit.whence ?? {};
  const occasion = occasionOf(guarding, { id });
  const evaluation = evaluate(findings, occasion);
  const context = { route: route.name, country, asn };
  const subjectNow = () => ({ ...plainSubject(guarding, null), wouldBe: wouldBe(evaluation, findings, occasion) });
  const repeat = () => ({ evaluation, context, subject: edge.journal.isOn ? subjectNow() : null });
  const isRefused = evaluation.decision === 'block';
  const isOneOfMany =
    isRefused && edge.repeats.isOneOfMany(senderOf(guarding, evaluation), repeat, { now, afterwards });
  if (isOneOfMany) return evaluation;
  logDecision(evaluation, context, null);
  if (edge.journal.isOn) edge.journal.write(() => decisionEntry(evaluation, subjectNow()), afterwards);
  return evaluation;
}

/** Who sent it, and what was wrong with it. */
function senderOf({ inForce, route, visit }: Guarding, { decision, reasons }: Evaluation): string {
  const found = reasons.map(({ code, rule, message }) => [code, rule, message]);
  const from = visit.whence?.ip.counted ?? null;
  return JSON.stringify([inForce.policy.merchant, 'unjudged', route.name, from, decision, found]);
}

/** Begins to count a payer's repeats with this one. */
export function recordRepeat(guarding: Guarding, tried: Tried, { block, payer, evaluation }: Repeated): void {
  const { edge, now, afterwards } = guarding;
  const context = contextOf(guarding, { tried });
  const subject = edge.journal.isOn ? { ...plainSubject(guarding, tried), counts: [countOf(block)] } : null;
  edge.repeats.begin(payer, { evaluation, context, subject }, { now, afterwards });
}

interface Repeated {
  readonly block: Verdict;
  readonly payer: string;
  readonly evaluation: Evaluation;
}

type Told = Pick<Judgement, 'tried'> & Partial<Pick<Judgement, 'lease' | 'clearing' | 'passFault'>>;

function contextOf({ route, visit }: Guarding, { tried, lease, clearing, passFault }: Told): DecisionContext {
  const { country = null, asn = null } = visit.whence ?? {};
  const passed = clearing?.passed?.method;
  return { route: route.name, country, asn, bin: tried.attempt.card?.bin, lease, passed, passFault };
}

function subjectOf(guarding: Guarding, judgement: Judgement, sending: Sending | null): Subject {
  const { now, visit, route } = guarding;
  const { evaluation, tried, lease = null, findings, touches, verdicts, counted } = judgement;
  const judgedAt = sending?.sentAt ?? Date.now();
  return {
    source: 'proxy',
    route: route.name,
    attempt: tried.attempt,
    kind: tried.kind === 'attachment' ? 'attachment' : tried.attempt.kind,
    whence: visit.whence,
    wouldBe: wouldBe(evaluation, findings, occasionOf(guarding, { id: evaluation.id, clearing: judgement.clearing })),
    lease,
    counts: countsOf(touches, verdicts, counted),
    timing: {
      read: now - visit.arrivedAt,
      judge: judgedAt - now,
      origin: sending === null ? null : sending.answeredAt - sending.sentAt,
    },
    origin: sending?.status ?? null,
    repeats: null,
    outcome: sending?.recorded === true ? outcomeIn(guarding, evaluation.id, sending) : null,
  };
}

/** One that the gate does not have is not counted: it stands here once the gate has it. */
function outcomeIn({ inForce }: Guarding, evaluation: string, { outcome, answeredAt }: Sending) {
  const { status, declineReason, paymentId } = outcome;
  const told = { status, declineReason, declineCode: null, paymentId, contradicted: false };
  return outcomeEntry({ merchant: inForce.policy.merchant, id: evaluation, at: answeredAt, toldBy: 'answer' }, told);
}

function plainSubject({ route, visit, now }: Guarding, tried: Tried | null): Subject {
  const attempt = tried?.attempt ?? null;
  return {
    source: 'proxy',
    route: route.name,
    attempt,
    kind: attempt?.kind ?? null,
    whence: visit.whence,
    wouldBe: null,
    lease: null,
    counts: [],
    timing: { read: now - visit.arrivedAt, judge: null, origin: null },
    origin: null,
    repeats: null,
    outcome: null,
  };
}
