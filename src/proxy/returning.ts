/**
 * A payer who comes back from a bank: the request goes on as it came, and the shop's answer, never the client's own
 * words, tells what became of the payment that waited.
 */
import { variablesIn } from '../attempt/path-pattern.ts';
import { decodeLeniently, valuesNamed } from '../attempt/query-pattern.ts';
import type { OriginPolicy } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import type { Return } from '../config/returns.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import { askGate } from '../gate/gate-client.ts';
import type { ProcessorWord } from '../gate/gate-messages.ts';
import { logReturn } from '../journal/decision-log.ts';
import { outcomeEntry } from '../journal/outcome-entry.ts';
import { requestHeaders } from '../origin/headers.ts';
import { type OriginAnswer, withoutMethodOverride } from '../origin/origin.ts';
import { firstText, landingOf, needsJson, paymentIdOf } from '../outcome/answer-reader.ts';
import { onlyValue } from '../outcome/landing.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';
import { problem } from '../wire.ts';
import { outcomesIn, wholeAnswer } from './answer-outcomes.ts';
import type { Afterwards, Edge } from './edge.ts';
import { respond } from './forward.ts';
import { sendPayment } from './sending.ts';
import { hideSession } from './session.ts';
import { insist } from './settle.ts';
import type { Visit } from './visit.ts';

export interface Returning {
  readonly visit: Visit;
  readonly policy: Policy;
  readonly back: Return;
  readonly edge: Edge;
  readonly afterwards: Afterwards;
}

/** Passes a return on and holds the answer until what it says is on record. */
export async function passReturn(returning: Returning): Promise<Response> {
  const { visit, policy, back } = returning;
  if (policy.origin === null) return problem('not_found');
  if (isTwofold(returning)) return problem('invalid_request', { detail: 'the payment is named more than once' });
  const answer = await send(returning, policy.origin);
  const [outcome = UNKNOWN_OUTCOME] = outcomesIn(answer, [{ by: 'answer', rules: back.outcome }], visit.url);
  const isRecorded = await record(returning, answer, outcome);
  return isRecorded || !mustBeKnown(outcome, policy) ? respond(answer, null) : problem('outcome_unrecorded');
}

/** Of two payments that the query names the shop reads one: which, nobody here knows. */
function isTwofold({ visit, policy, back: { payment } }: Returning): boolean {
  return policy.mode === 'enforce' && payment.kind === 'query' && namedIn(visit.url, payment.parameter).length > 1;
}

async function send({ visit, policy, back, edge, afterwards }: Returning, origin: OriginPolicy): Promise<OriginAnswer> {
  const { method, whence, host, url } = visit;
  const isJson = needsJson(back.outcome) || back.payment.kind === 'answer';
  const provenance = { ip: whence?.ip.text ?? null, host, evaluation: null, isRead: true, needsJson: isJson };
  const headers = requestHeaders(visit.headers, provenance);
  if (policy.session !== null) hideSession(headers);
  const at = withoutMethodOverride(url);
  const request = { method, at, headers, body: visit.bodyToForward(), from: url };
  return sendPayment(request, { visit, policy, origin, edge, afterwards }, back.timeoutMs);
}

/** Only a last word changes anything: an attempt that waits goes on waiting, and one that nobody knows stays unknown. */
async function record(returning: Returning, answer: OriginAnswer, outcome: Outcome): Promise<boolean> {
  const { visit, policy, edge, afterwards } = returning;
  const isFinal = outcome.status === 'failed' || outcome.status === 'succeeded';
  const word = isFinal ? wordOf(returning, answer, outcome) : null;
  if (word === null) return true;
  const gates = { ...edge.environment.gates, limits: visit.limits };
  const lost = () => word.paymentIds.map((payment) => ({ payment }));
  const told = await insist(
    { tell: () => askGate(gates, policy, (gate) => gate.hear([word])), lost },
    { policy, afterwards },
  );
  if (!told.isDurable) return false;
  const { kind = 'ignored', evaluation = null } = told.value[0] ?? {};
  const { merchant } = policy;
  logReturn({ merchant, name: returning.back.name, kind, evaluation, status: outcome.status });
  if (evaluation !== null && kind !== 'contradicts' && kind !== 'ignored') {
    const { status, declineReason, paymentId } = outcome;
    const told = { status, declineReason, declineCode: null, paymentId, contradicted: kind === 'late_failure' };
    const make = () => outcomeEntry({ merchant, id: evaluation, at: Date.now(), toldBy: 'return' }, told);
    edge.journal.write(make, afterwards);
  }
  return true;
}

/** As on a protected route: a decline that is not on record must not be heard. */
function mustBeKnown({ status }: Outcome, { mode, onGateUnavailable }: Policy): boolean {
  return status === 'failed' && mode === 'enforce' && onGateUnavailable === 'block';
}

/** Null where the payment is not named: then nobody knows whose it is. */
function wordOf({ visit, policy, back }: Returning, answer: OriginAnswer, outcome: Outcome): ProcessorWord | null {
  const paymentId = paymentIdOf(paymentOf(visit, back, answer));
  if (paymentId === null) return null;
  const { status, declineReason } = outcome;
  const { kind } = back.payment;
  const isClients = kind === 'variable' || kind === 'query';
  const { merchant, reservationMs } = policy;
  return {
    event: `return|${paymentId}`,
    word: { status, declineReason, paymentId },
    labels: [],
    evaluation: null,
    paymentIds: [paymentId],
    tryId: null,
    cards: [],
    occurredAt: null,
    ...(isClients ? { onlyFrom: visit.whence?.ip.counted ?? '' } : { isKept: true }),
    stranger: { evaluation: newEvaluationId(merchant, Date.now()), places: [], guest: true, reservationMs },
  };
}

function paymentOf({ url }: Visit, back: Return, answer: OriginAnswer): string | null {
  if (answer.kind !== 'answered') return null;
  const { payment, path, outcome } = back;
  switch (payment.kind) {
    case 'answer':
      return firstText(wholeAnswer(answer, url).fields ?? new Map(), payment.places);
    case 'location': {
      const landing = landingOf(wholeAnswer(answer, url), outcome);
      return landing === null ? null : onlyValue(landing.query, payment.parameter);
    }
    case 'variable':
      return path === null ? null : (variablesIn(tidyPath(url), path).get(payment.name) ?? null);
    case 'query': {
      const [only = null, ...more] = namedIn(url, payment.parameter);
      return more.length === 0 ? only : null;
    }
  }
}

/** The payments that the query names, by whatever spelling. */
function namedIn({ search }: Visit['url'], parameter: string): readonly string[] {
  return [...new Set(valuesNamed(search, parameter))];
}

/** As a lenient server reads it. */
function tidyPath({ pathname }: Visit['url']): string {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  return `/${segments.map(decodeLeniently).join('/')}`;
}
