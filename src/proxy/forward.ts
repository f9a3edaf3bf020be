/**
 * A request that may go on: sent to the origin, the outcome of what it tries read and put on record, and only then answered.
 */
import type { OriginPolicy } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import type { Settlement } from '../gate/gate-messages.ts';
import { type Judged, requestHeaders } from '../origin/headers.ts';
import { type OriginAnswer, withoutMethodOverride } from '../origin/origin.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';
import { payerMarks } from '../velocity/payer-marks.ts';
import { countsAttempts } from '../velocity/rule.ts';
import { problem } from '../wire.ts';
import { outcomesIn } from './answer-outcomes.ts';
import { type NamesInAnswer, namesInAnswer } from './attempt-reader.ts';
import { type Guarding, gatesOf, type Judgement, recordOf } from './guarding.ts';
import { recordJudgement } from './recording.ts';
import { sendPayment } from './sending.ts';
import { hideSession } from './session.ts';
import { settle } from './settle.ts';
import { share } from './sharing.ts';
import { toClient } from './shop-answer.ts';

/** Sends the request on and holds the answer until the outcome of all that it tries is on record. */
export async function forward(guarding: Guarding, judgements: readonly Judgement[]): Promise<Response> {
  const { policy } = guarding.inForce;
  const id = judgements[0]?.evaluation.id ?? guarding.id;
  if (policy.origin === null) {
    for (const judgement of judgements) recordJudgement(guarding, judgement);
    return problem('not_guarded', { evaluation: id });
  }
  // In shadow the payer would have been asked: that is on record, and the payment goes on as it came.
  const request3ds = policy.mode === 'enforce' && judgements.some(({ evaluation }) => evaluation.request_3ds);
  const judged = policy.origin.signingKey === null ? null : judgedIn(judgements, policy);
  const sentAt = Date.now();
  const answer = await send(guarding, { origin: policy.origin, id, request3ds, judged });
  const answeredAt = Date.now();
  const all = judgements.map(({ tried }) => tried.told);
  const outcomes = outcomesIn(answer, all, guarding.visit.url);
  const isTaken = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
  const settled = judgements.map((judgement, i): Settled => {
    return { judgement, outcome: outcomes[i] ?? UNKNOWN_OUTCOME, isTaken };
  });
  const recorded = await record(guarding, settled);
  const status = 'status' in answer ? answer.status : null;
  for (const { judgement, outcome } of settled) {
    recordJudgement(guarding, judgement, { outcome, status, recorded, sentAt, answeredAt });
    share(guarding, judgement, outcome);
  }
  const isWithheld = !recorded && settled.some((one) => mustBeKnown(one, policy));
  return isWithheld ? problem('outcome_unrecorded', { evaluation: id }) : respond(answer, id);
}

interface Settled {
  readonly judgement: Judgement;
  readonly outcome: Outcome;
  /** Whether the shop's answer is no refusal. */
  readonly isTaken: boolean;
}

// A decline that is not on record must not be heard: the next try would be free. Nor may a card that was attached and
// not remembered be paid with.
function mustBeKnown({ judgement, outcome }: Settled, { mode, onGateUnavailable }: Policy): boolean {
  const { tried, places } = judgement;
  const counts = tried.kind === 'attachment' || places.some((place) => place.mode === 'enforce');
  const isHit = tried.kind === 'attempt' && outcome.status === 'succeeded';
  return mode === 'enforce' && counts && onGateUnavailable === 'block' && !isHit;
}

interface Onward {
  readonly origin: OriginPolicy;
  /** Of the evaluation that the origin is told. */
  readonly id: string;
  readonly request3ds: boolean;
  readonly judged: Judged | null;
}

/** What the origin is told, of a request that may try several things: the gravest. */
function judgedIn(judgements: readonly Judgement[], { mode }: Policy): Judged {
  const evaluations = judgements.map(({ evaluation }) => evaluation);
  const riskScore = Math.max(0, ...evaluations.map(({ risk_score }) => risk_score));
  if (mode !== 'enforce') return { decision: 'shadow', riskScore };
  const isReviewed = evaluations.some(({ decision }) => decision === 'review');
  return { decision: isReviewed ? 'review' : 'allow', riskScore };
}

function send(
  { edge, visit, inForce, route, afterwards }: Guarding,
  { origin, id, request3ds, judged }: Onward,
): Promise<OriginAnswer> {
  const { method, whence, host, url } = visit;
  const { needsJson } = route;
  const provenance = { ip: whence?.ip.text ?? null, host, evaluation: id, judged, needsJson, request3ds };
  const headers = requestHeaders(visit.headers, provenance);
  if (inForce.policy.session !== null) hideSession(headers);
  const at = withoutMethodOverride(url);
  const request = { method, at, headers, body: visit.bodyToForward(), from: url };
  const { policy } = inForce;
  return sendPayment(request, { visit, policy, origin, edge, afterwards }, route.timeoutMs);
}

/** One call for all of it: outcomes, and the names that the answer has for the cards. */
async function record(guarding: Guarding, settled: readonly Settled[]): Promise<boolean> {
  const { inForce, afterwards } = guarding;
  const { policy } = inForce;
  const words: Settlement[] = [];
  for (const one of settled) {
    const names = namesGiven(one, policy);
    words.push(settlementOf(guarding, one, names instanceof Promise ? await names : names));
  }
  const settlements = words.filter(({ places }) => places.length > 0);
  const joins = words.flatMap(({ places, cards = [], alsoKnownAs = [] }) => {
    return places.length === 0 && alsoKnownAs.length > 0 ? [[...cards.slice(0, 1), ...alsoKnownAs]] : [];
  });
  if (settlements.length + joins.length === 0) return true;
  return (await settle({ settlements, joins }, { gates: gatesOf(guarding), policy, afterwards })).isDurable;
}

/** What the shop turned away before anybody was asked is no card of the payment that the client has named. */
function namesGiven(settled: Settled, policy: Policy): NamesInAnswer {
  const { tried, cards } = settled.judgement;
  const isTurnedAway = tried.kind === 'attempt' && settled.outcome.status === 'unknown';
  return cards.length === 0 || isTurnedAway ? [] : namesInAnswer(settled, tried, policy);
}

function settlementOf(guarding: Guarding, settled: Settled, alsoKnownAs: readonly string[]): Settlement {
  const { policy } = guarding.inForce;
  const { judgement, outcome } = settled;
  const { evaluation, places, guest, cards, takenBy, tried, visit } = judgement;
  const { status, declineReason, paymentId } = outcome;
  const { reservationMs } = policy;
  const isLinked = policy.links === 'all' || (policy.links === 'pending' && status === 'pending');
  const links = isLinked && paymentId !== null ? [paymentId] : [];
  const record = recordOf(guarding, judgement);
  // Whoever goes on with what waits must be its payer, and so must a client that names it when he comes back.
  const payer = status === 'pending' && links.length > 0 ? payerMarks(tried.attempt) : undefined;
  return {
    evaluation: evaluation.id,
    status,
    declineReason,
    paymentId,
    links,
    alsoKnownAs,
    places,
    guest,
    cards,
    reservationMs,
    record,
    payer,
    visit,
    takenBy,
    countsAttempts: places.some(countsAttempts) ? true : undefined,
  };
}

/** `evaluation`: null where the request is no attempt. */
export function respond(answer: OriginAnswer, evaluation: string | null): Response {
  const about = evaluation === null ? {} : { evaluation };
  switch (answer.kind) {
    case 'answered':
      return toClient(answer.respond(evaluation), about);
    case 'broken_off':
    case 'unreachable':
      return problem('origin_unreachable', about);
    case 'timed_out':
      return problem('origin_timeout', about);
  }
}
