/**
 * One structured line a decision; that of an attempt which went on to the origin also says what became of it, and one
 * about repeats of a payer who is shut out how many they are.
 * No number, no key, no address, no e-mail, no URL: what is not here cannot leak.
 */
import type { Evaluation } from '../decision/evaluation.ts';
import type { OutcomeStatus } from '../outcome/outcome.ts';
import { log } from './log.ts';

export interface DecisionContext {
  readonly route: string;
  readonly country: string | null;
  readonly asn: number | null;
  /** The card's first six digits: its issuer. */
  readonly bin?: string | null | undefined;
  /** The id of the lease that held the address, where one was asked for. */
  readonly lease?: string | undefined;
  /** The method of the challenge that was passed for it. */
  readonly passed?: string | undefined;
  /** What was wrong with the pass that it came with. */
  readonly passFault?: string | undefined;
}

/** What became of an attempt at the origin. */
export interface OutcomeContext {
  readonly status: OutcomeStatus;
  readonly origin_status: number | null;
  readonly recorded: boolean;
}

/** How many refusals of a payer who is known to be shut out are told by one line. */
export interface RepeatContext {
  readonly repeats: number;
}

export function logDecision(
  evaluation: Evaluation,
  context: DecisionContext,
  further: OutcomeContext | RepeatContext | null,
): void {
  const { id, merchant, decision, mode, config_version, risk } = evaluation;
  const { route, country, asn, bin, lease, passed, passFault: pass_fault } = context;
  const reasons = evaluation.reasons.map(
    (reason) => `${reason.code}${reason.rule ? `:${reason.rule}` : ''}/${reason.mode}`,
  );
  // Whoever sets up his servers must learn which of many checks failed. Its words are Cordon's own.
  const egress = evaluation.reasons.find(({ code }) => code === 'egress_unverified')?.message;
  const weighed = risk === null ? NOTHING : riskLine(evaluation, risk);
  const { risk_score, confidence, signals, silent } = weighed;
  const { status, origin_status, recorded, repeats }: Further = further ?? NOTHING;
  // One literal: each payment writes this line, and a spread costs twice (docs/performance.md).
  log({
    event: 'decision',
    id,
    merchant,
    route,
    decision,
    mode,
    reasons,
    egress,
    country,
    asn,
    bin,
    lease,
    passed,
    pass_fault,
    config_version,
    risk_score,
    confidence,
    signals,
    silent,
    status,
    origin_status,
    recorded,
    repeats,
  });
}

type Further = Partial<OutcomeContext & RepeatContext>;
const NOTHING: Further & Partial<ReturnType<typeof riskLine>> = {};

/** By name and size: what a source says in words stays with the evaluation. */
function riskLine({ risk_score }: Evaluation, { confidence, contributions, silent }: NonNullable<Evaluation['risk']>) {
  return {
    risk_score,
    confidence,
    signals: contributions.map(({ source, score, mode }) => `${source}:${score}/${mode}`),
    silent: silent.map(({ source, reason }) => `${source}:${reason}`),
  };
}

/** What a processor reported: whose attempt it was, and what that changed. */
export function logHeard(line: {
  readonly merchant: string;
  readonly kind: string;
  readonly evaluation: string | null;
  readonly status: OutcomeStatus | null;
}): void {
  log({ event: 'webhook', ...line });
}

/** What a payer's return told. */
export function logReturn(line: {
  readonly merchant: string;
  readonly name: string;
  readonly kind: string;
  readonly evaluation: string | null;
  readonly status: OutcomeStatus;
}): void {
  log({ event: 'return', ...line });
}
