/**
 * Puts on record what the API was asked and told: a line of the log, and an entry of the journal.
 */
import type { Attempt } from '../attempt/attempt.ts';
import { type Evaluation, type Occasion, wouldBe } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import type { Heard, StoredOutcome } from '../gate/gate-messages.ts';
import { askedEntries } from '../journal/challenge-entry.ts';
import { decisionEntry } from '../journal/decision-entry.ts';
import { logDecision, logHeard } from '../journal/decision-log.ts';
import type { Afterwards, Journal } from '../journal/journal.ts';
import { labelEntry, outcomeEntry } from '../journal/outcome-entry.ts';
import { countsOf } from '../journal/rule-counts.ts';
import type { ProcessorEvent } from '../outcome/processor-event.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';

export interface Recording {
  readonly journal: Journal;
  readonly afterwards: Afterwards;
}

/** What was asked, and by what it was answered. */
export interface Evaluating {
  readonly attempt: Attempt;
  readonly findings: readonly Finding[];
  /** The counters that it touches, asked or not, and what the gate said of those that it was asked for. */
  readonly touches: readonly Touch[];
  readonly verdicts: readonly Verdict[];
  readonly occasion: Occasion;
  readonly lease?: string | undefined;
  /** The method of the challenge that was passed for it, and what was wrong with the pass that came. */
  readonly passed?: string | undefined;
  readonly passFault?: string | undefined;
}

export function recordEvaluation(evaluation: Evaluation, evaluating: Evaluating, recording: Recording): void {
  const { attempt, findings, touches, verdicts, occasion, lease, passed, passFault } = evaluating;
  const { whence } = attempt;
  const { country = null, asn = null } = whence ?? {};
  logDecision(evaluation, { route: 'api', country, asn, bin: attempt.card?.bin, lease, passed, passFault }, null);
  const { journal, afterwards } = recording;
  if (!journal.isOn) return;
  const make = () =>
    decisionEntry(evaluation, {
      source: 'api',
      route: 'api',
      attempt,
      kind: attempt.kind,
      whence,
      wouldBe: wouldBe(evaluation, findings, occasion),
      lease: lease ?? null,
      counts: countsOf(touches, verdicts, null),
      timing: { read: null, judge: Date.now() - occasion.now, origin: null },
      origin: null,
      repeats: null,
      outcome: null,
    });
  journal.write(make, afterwards);
  const { merchant, id, challenge } = evaluation;
  const subject = { merchant, evaluation: id, methods: challenge?.methods ?? [], at: occasion.now };
  for (const asked of askedEntries(subject)) journal.write(() => asked, afterwards);
}

/** What the API's caller told, as it stands in the gate now. */
export function recordOutcome(
  { merchant, id, outcome }: { merchant: string; id: string; outcome: StoredOutcome | null },
  { journal, afterwards }: Recording,
): void {
  if (!journal.isOn || outcome === null) return;
  journal.write(() => outcomeEntry({ merchant, id, at: outcome.settledAt, toldBy: 'api' }, outcome), afterwards);
}

/** What a processor reported, and whose attempt it turned out to be. */
export function recordHeard(
  { merchant, event, heard }: { merchant: string; event: ProcessorEvent; heard: Heard },
  { journal, afterwards }: Recording,
): void {
  const { outcome, labels, paymentIds } = event;
  const { kind, evaluation: id } = heard;
  logHeard({ merchant, kind, evaluation: id, status: outcome?.status ?? null });
  if (!journal.isOn || id === null) return;
  const at = Date.now();
  const isTaken = kind === 'recorded' || kind === 'late_failure' || kind === 'stranger' || kind === 'exists';
  if (outcome !== null && isTaken) {
    const [paymentId = null] = paymentIds;
    const { status, declineReason = null, declineCode = null } = outcome;
    const told = { status, declineReason, declineCode, paymentId, contradicted: kind === 'late_failure' };
    journal.write(() => outcomeEntry({ merchant, id, at, toldBy: 'webhook' }, told), afterwards);
  }
  for (const label of labels) journal.write(() => labelEntry({ merchant, id, at }, label), afterwards);
}
