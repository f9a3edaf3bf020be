/**
 * One structured line a decision. No number, no key, no address, no e-mail, no URL: what is not here cannot leak.
 */
import type { Evaluation } from '../decision/evaluation.ts';
import type { OutcomeStatus } from '../outcome/outcome.ts';

export interface DecisionContext {
  readonly route: string;
  readonly country: string | null;
  readonly asn: number | null;
  /** The card's first six digits: its issuer. */
  readonly bin?: string | null | undefined;
}

export function logDecision(evaluation: Evaluation, { route, country, asn, bin }: DecisionContext): void {
  const { id, merchant, decision, mode, config_version } = evaluation;
  const reasons = evaluation.reasons.map(
    (reason) => `${reason.code}${reason.rule ? `:${reason.rule}` : ''}/${reason.mode}`,
  );
  log({ event: 'decision', id, merchant, route, decision, mode, reasons, country, asn, bin, config_version });
}

export function logOutcome(line: {
  readonly id: string;
  readonly merchant: string;
  readonly status: OutcomeStatus;
  readonly origin_status: number | null;
  readonly recorded: boolean;
}): void {
  log({ event: 'outcome', ...line });
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

function log(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line));
}
