/**
 * An evaluation: Cordon's answer to an attempt, and how findings become one. Pure: id and time are arguments.
 */
import type { Risk } from '../network/risk.ts';
import { type Consequence, type Finding, REASON_CODES, type Reason } from './reason.ts';
import { type Clearing, cleared, demandedStrength, type Offer } from './step-up.ts';
import { timeText } from './time-text.ts';

export type Decision = 'allow' | 'review' | 'challenge' | 'block';

export interface Evaluation {
  readonly id: string;
  readonly merchant: string;
  readonly decision: Decision;
  /** 0 to 100. */
  readonly risk_score: number;
  readonly risk_level: RiskLevel;
  /** What the score is made of; null where nothing was asked. */
  readonly risk: Omit<Risk, 'score'> | null;
  readonly reasons: readonly Reason[];
  readonly request_3ds: boolean;
  /** Null unless the decision is `challenge`, and where nobody would see it. */
  readonly challenge: Offer | null;
  readonly reservation: { readonly expires_at: string } | null;
  readonly retry_after_seconds: number | null;
  readonly mode: 'enforce' | 'shadow' | 'off';
  readonly config_version: string;
  readonly created_at: string;
}

export const RISK_LEVELS = ['normal', 'elevated', 'highest', 'not_assessed'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];
/** As at Stripe's Radar. */
const ELEVATED_FROM = 65;
const HIGHEST_FROM = 75;

/** What is settled about an evaluation before anything was found. */
export interface Occasion extends Clearing {
  readonly id: string;
  readonly merchant: string;
  readonly mode: Evaluation['mode'];
  readonly configVersion: string;
  readonly now: number;
  /** Milliseconds since the epoch; null when nothing is reserved. */
  readonly reservedUntil: number | null;
  /** Absent where nothing was asked. */
  readonly risk?: Risk | undefined;
}

/** The evaluation of an attempt. Every rule that spoke is in `reasons`, in order of precedence. */
export function evaluate(findings: readonly Finding[], occasion: Occasion): Evaluation {
  const ordered = byPrecedence(findings).map((finding) => cleared(finding, occasion));
  const deciding = decidingFinding(ordered);
  const decision = deciding?.consequence ?? 'allow';
  const goesThrough = decision === 'allow' || decision === 'review';
  const { risk_score, risk_level, risk } = told(occasion.risk);
  // One literal: behind a spread, V8 defines each name by a call of its own runtime (docs/performance.md).
  return {
    id: occasion.id,
    merchant: occasion.merchant,
    decision,
    risk_score,
    risk_level,
    risk,
    reasons: ordered.map(reasonOf),
    request_3ds: goesThrough && asksFor3ds(findings, occasion),
    challenge: decision === 'challenge' ? offerIn(occasion) : null,
    reservation: goesThrough ? reservation(occasion.reservedUntil) : null,
    retry_after_seconds: deciding?.retryAfterSeconds ?? null,
    mode: occasion.mode,
    config_version: occasion.configVersion,
    created_at: timeText(occasion.now),
  };
}

/** What the decision would be if every finding in shadow were enforced. */
export function wouldBe(evaluation: Evaluation, findings: readonly Finding[], occasion: Occasion): Decision {
  if (evaluation.reasons.every(({ mode }) => mode === 'enforce')) return evaluation.decision;
  return evaluate(
    findings.map((finding) => ({ ...finding, mode: 'enforce' })),
    occasion,
  ).decision;
}

/** The finding that the decision is for; undefined for a plain `allow`. */
export function answeringFinding(findings: readonly Finding[], clearing: Clearing): Finding | undefined {
  return decidingFinding(byPrecedence(findings).map((finding) => cleared(finding, clearing)));
}

function told(risk: Risk | undefined): Pick<Evaluation, 'risk_score' | 'risk_level' | 'risk'> {
  if (risk === undefined) return NOT_ASSESSED;
  const { score, confidence, contributions, silent } = risk;
  return { risk_score: score, risk_level: riskLevelOf(score), risk: { confidence, contributions, silent } };
}

/** What a score is called. */
export function riskLevelOf(score: number): Exclude<RiskLevel, 'not_assessed'> {
  return score >= HIGHEST_FROM ? 'highest' : score >= ELEVATED_FROM ? 'elevated' : 'normal';
}

const NOT_ASSESSED = { risk_score: 0, risk_level: 'not_assessed', risk: null } as const;

/** Whether some enforced finding already stops the attempt, whatever is found later. */
export function isStopped(findings: readonly Finding[], clearing: Clearing): boolean {
  return findings.some((finding) => finding.mode === 'enforce' && stops(cleared(finding, clearing).consequence));
}

function asksFor3ds(findings: readonly Finding[], { stepUp, passed }: Occasion): boolean {
  return stepUp?.kind === 'request_3ds' && demandedStrength(findings, passed) > 0;
}

function offerIn({ stepUp }: Occasion): Offer | null {
  if (stepUp?.kind !== 'offered' || stepUp.at === null) return null;
  const { methods, at } = stepUp;
  return { url: at.url, methods, expires_at: at.expires_at };
}

/** The enforced finding that answers: the first that stops the attempt, else the first that wants a review. */
export function decidingFinding(ordered: readonly Finding[]): Finding | undefined {
  return (
    ordered.find(({ mode, consequence }) => mode === 'enforce' && stops(consequence)) ??
    ordered.find(({ mode, consequence }) => mode === 'enforce' && consequence === 'review')
  );
}

function stops(consequence: Consequence): boolean {
  return consequence === 'block' || consequence === 'challenge';
}

function byPrecedence(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length < 2) return findings;
  return findings.toSorted((a, b) => REASON_CODES.indexOf(a.code) - REASON_CODES.indexOf(b.code) || ofRules(a, b));
}

/** The merchant's own rules have no order of their own: block, then challenge, then review. */
function ofRules(a: Finding, b: Finding): number {
  return a.code === 'custom_rule' ? SEVERITY.indexOf(a.consequence) - SEVERITY.indexOf(b.consequence) : 0;
}

const SEVERITY: readonly Consequence[] = ['block', 'challenge', 'review', 'allow'];

function reasonOf({ code, rule, message, mode }: Finding): Reason {
  return rule === undefined ? { code, message, mode } : { code, rule, message, mode };
}

function reservation(until: number | null): Evaluation['reservation'] {
  return until === null ? null : { expires_at: timeText(until) };
}
