/**
 * An attempt that may go on: sent to the origin, its outcome read and put on record, and only then answered.
 */
import type { HeldStream } from '../attempt/held-stream.ts';
import { readAnswerFields } from '../attempt/json-body.ts';
import type { Route } from '../config/policy.ts';
import { requestHeaders } from '../origin/headers.ts';
import { type OriginAnswer, originUrl, sendHeld, withoutMethodOverride } from '../origin/origin.ts';
import { needsJson, readAnswer } from '../outcome/answer-reader.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';
import { problem } from '../wire.ts';
import { type Guarding, gatesOf, type Judgement, logJudgement, recordOf } from './guarding.ts';
import { hideSession } from './session.ts';
import { settle } from './settle.ts';

const TIMED_OUT: OriginAnswer = { kind: 'timed_out' };
const decoder = new TextDecoder();

/** Sends the attempt on and holds the answer until its outcome is on record. */
export async function forward(guarding: Guarding, judgement: Judgement): Promise<Response> {
  const { inForce, route, id } = guarding;
  const { policy } = inForce;
  const { places } = judgement;
  if (policy.origin === null) {
    logJudgement(guarding, judgement);
    return problem('not_guarded', { evaluation: id });
  }
  const answer = await send(guarding, policy.origin);
  const outcome = outcomeOf(answer, route);
  const recorded = await record(guarding, judgement, outcome);
  const origin_status = 'status' in answer ? answer.status : null;
  logJudgement(guarding, judgement, { status: outcome.status, origin_status, recorded });
  // A decline that is not on record must not be heard: the next try would be free.
  const isEnforced = policy.mode === 'enforce' && places.some(({ mode }) => mode === 'enforce');
  const isWithheld = !recorded && isEnforced && policy.onGateUnavailable === 'block' && outcome.status !== 'succeeded';
  return isWithheld ? problem('outcome_unrecorded', { evaluation: id }) : respond(answer, id);
}

async function send({ visit, inForce, route, id }: Guarding, origin: URL): Promise<OriginAnswer> {
  const { request, whence, host, url } = visit;
  const provenance = { ip: whence?.ip.text ?? null, host, evaluation: id, needsJson: needsJson(route.outcome) };
  const headers = requestHeaders(request.headers, provenance);
  if (inForce.policy.session !== null) hideSession(headers);
  const to = originUrl(origin, withoutMethodOverride(url));
  const sent = sendHeld({ method: request.method, url: to, headers, body: visit.bodyToForward() });
  // What is late is let go of with the request: no signal is worth its price on all that are in time.
  return visit.limits.within(route.timeoutMs, sent, TIMED_OUT);
}

async function record(guarding: Guarding, judgement: Judgement, outcome: Outcome): Promise<boolean> {
  const { places, guest, cards } = judgement;
  if (places.length === 0) return true;
  const { inForce, afterwards, id } = guarding;
  const { policy } = inForce;
  const { reservationMs } = policy;
  const links = policy.webhooks.size === 0 || outcome.paymentId === null ? [] : [outcome.paymentId];
  const kept = { places, guest, cards, reservationMs, record: recordOf(guarding, judgement) };
  return settle({ evaluation: id, ...outcome, links, ...kept }, { gates: gatesOf(guarding), policy, afterwards });
}

function outcomeOf(answer: OriginAnswer, route: Route): Outcome {
  switch (answer.kind) {
    case 'answered':
      return readAnswer({ status: answer.status, fields: fieldsOf(answer.held) }, route.outcome);
    case 'broken_off':
      return readAnswer({ status: answer.status, fields: null }, { ...route.outcome, unmatched: 'unknown' });
    case 'unreachable':
    case 'timed_out':
      return UNKNOWN_OUTCOME;
  }
}

function fieldsOf(held: HeldStream): ReturnType<typeof readAnswerFields> {
  return held.end === 'whole' ? readAnswerFields(decoder.decode(held.bytes)) : null;
}

function respond(answer: OriginAnswer, evaluation: string): Response {
  switch (answer.kind) {
    case 'answered':
      return answer.respond(evaluation);
    case 'broken_off':
    case 'unreachable':
      return problem('origin_unreachable', { evaluation });
    case 'timed_out':
      return problem('origin_timeout', { evaluation });
  }
}
