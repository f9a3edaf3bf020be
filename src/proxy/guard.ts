/**
 * One attempt on a protected route, from its bytes to its answer: read, judge, forward, record, answer.
 */
import type { Whence } from '../attempt/attempt.ts';
import { readAnswerFields } from '../attempt/json-body.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import type { InForce } from '../config/policies.ts';
import type { Policy, Route } from '../config/policy.ts';
import { type Evaluation, evaluate, isStopped } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { askGate } from '../gate/gate-client.ts';
import type { Admission } from '../gate/gate-messages.ts';
import { logDecision, logOutcome } from '../journal/decision-log.ts';
import { checkNetwork } from '../network/network-rules.ts';
import { checkTls } from '../network/transport.ts';
import { requestHeaders } from '../origin/headers.ts';
import { type HeldAnswer, type OriginAnswer, originUrl, sendHeld, withoutMethodOverride } from '../origin/origin.ts';
import { readAnswer } from '../outcome/answer-reader.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import { describeUnreadable, hyperswitchRefusal, problem, unreadableProblem } from '../wire.ts';
import { makeAttempt, readDigits } from './attempt-reader.ts';
import type { Afterwards, Edge } from './edge.ts';
import { newEvaluationId } from './evaluation-id.ts';
import { isShed, SHED_RETRY_SECONDS } from './load-limit.ts';
import { settle } from './settle.ts';
import type { Visit } from './visit.ts';

/** Everything that the steps of one attempt share. */
export interface Guarding {
  readonly edge: Edge;
  readonly visit: Visit;
  readonly inForce: InForce;
  readonly route: Route;
  readonly id: string;
  readonly now: number;
  readonly afterwards: Afterwards;
}

/** What was decided, and what the gate must be told afterwards. */
interface Judgement {
  readonly evaluation: Evaluation;
  readonly places: readonly Touch[];
  readonly guest: boolean;
}

export type Guarded = Response | 'stale_config';

export function beginGuarding(parts: Omit<Guarding, 'id' | 'now'>): Guarding {
  const now = Date.now();
  return { ...parts, now, id: newEvaluationId(now) };
}

export async function guardAttempt(guarding: Guarding): Promise<Guarded> {
  const { visit, route, edge, inForce } = guarding;
  const { policy } = inForce;
  const { whence } = visit;
  if (whence === null) return problem('no_client_address');
  if (policy.mode === 'enforce' && (await isShed(edge.environment, policy.merchant, whence.ip.counted))) {
    return problem('rate_limited', { retryAfterSeconds: SHED_RETRY_SECONDS });
  }
  const digits = await readDigits(visit, route);
  if (!digits.ok) return refuseUnreadable(guarding, digits.why);
  const judgement = await judge(guarding, whence, digits.value);
  if (judgement === 'stale_config') return judgement;
  logDecision(judgement.evaluation, { route: route.name, ...whence });
  if (policy.mode === 'enforce' && isRefused(judgement.evaluation)) return refusal(judgement.evaluation, route);
  return forward(guarding, judgement);
}

/** Records an attempt that could not be read, and refuses it; in shadow mode it goes on as it came. */
export async function refuseUnreadable(guarding: Guarding, why: Unreadable): Promise<Response> {
  const { inForce, route, visit, id } = guarding;
  const finding: Finding = {
    code: 'unreadable',
    consequence: 'block',
    mode: 'enforce',
    message: describeUnreadable(why),
  };
  const evaluation = evaluateNow([finding], guarding, null);
  logDecision(evaluation, {
    route: route.name,
    country: visit.whence?.country ?? null,
    asn: visit.whence?.asn ?? null,
  });
  // Half a body is not what was sent: not even shadow mode passes it on.
  if (inForce.policy.mode === 'enforce' || why.because === 'cut_off') return unreadableProblem(why, id);
  return forward(guarding, { evaluation, places: [], guest: true });
}

async function judge(guarding: Guarding, whence: Whence, digits: string | null): Promise<Judgement | 'stale_config'> {
  const { edge, visit, inForce, route, now } = guarding;
  const { policy } = inForce;
  const payer = await edge.customers.payerOf(visit.request.headers, route.customer, now);
  const attempt = await makeAttempt({ digits, whence, payer }, route, policy);
  const touches = touchesOf(attempt, policy.velocity, policy.maxBlockSeconds);
  const guest = payer.kind === 'guest';
  const known = velocityFindings(edge.blocks.find(policy.merchant, touches, now));
  const tls = checkTls(visit.transport, policy.tls, edge.environment.kind);
  const early: readonly Finding[] = [...tls, ...checkNetwork(whence, policy.network), ...known];
  if (touches.length === 0 || isStopped(early, policy.stepUpFallback)) {
    return { evaluation: evaluateNow(early, guarding, null), places: [], guest };
  }
  const admission = await admit(guarding, touches, guest);
  if (admission === null) {
    return { evaluation: evaluateNow([...early, unavailable(policy)], guarding, null), places: touches, guest };
  }
  if (admission.kind === 'stale_config') return 'stale_config';
  edge.blocks.keep(policy.merchant, admission.verdicts, now);
  const findings = [...early, ...velocityFindings(admission.verdicts)];
  if (admission.kind === 'refused') return { evaluation: evaluateNow(findings, guarding, null), places: [], guest };
  const evaluation = evaluateNow(findings, guarding, admission.reservedUntil);
  return { evaluation, places: admission.places, guest };
}

async function admit(guarding: Guarding, touches: readonly Touch[], guest: boolean): Promise<Admission | null> {
  const { edge, inForce, id } = guarding;
  const { policy } = inForce;
  const { gates, staleForMs } = edge.environment;
  const config = { ...policy.version, staleForMs };
  const request = { evaluation: id, touches, guest, reservationMs: policy.reservationMs, config };
  const answer = await askGate(gates, policy, (gate) => gate.admit(request));
  return answer.kind === 'answered' ? answer.value : null;
}

function unavailable({ onGateUnavailable }: Policy): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode: 'enforce', message };
}

function evaluateNow(findings: readonly Finding[], guarding: Guarding, reservedUntil: number | null): Evaluation {
  const { id, now, inForce } = guarding;
  const { merchant, mode, version, stepUpFallback } = inForce.policy;
  return evaluate(findings, {
    id,
    merchant,
    mode,
    configVersion: version.hash,
    now,
    reservedUntil,
    challengeFallback: stepUpFallback,
  });
}

function isRefused({ decision }: Evaluation): boolean {
  return decision === 'block' || decision === 'challenge';
}

function refusal(evaluation: Evaluation, route: Route): Response {
  const { id, retry_after_seconds: retryAfterSeconds } = evaluation;
  if (retryAfterSeconds !== null) return problem('attempt_in_flight', { evaluation: id, retryAfterSeconds });
  return route.refusal === 'hyperswitch' ? hyperswitchRefusal(id) : problem('payment_refused', { evaluation: id });
}

/** Sends the attempt on and holds the answer until its outcome is on record. */
async function forward(guarding: Guarding, judgement: Judgement): Promise<Response> {
  const { visit, inForce, route, id } = guarding;
  const { origin } = inForce.policy;
  if (origin === null) return problem('not_guarded', { evaluation: id });
  const headers = requestHeaders(visit.request.headers, {
    ip: visit.whence?.ip.text ?? null,
    host: visit.host,
    evaluation: id,
  });
  const url = originUrl(origin, withoutMethodOverride(visit.url));
  const answer = await sendHeld(
    { method: visit.request.method, url, headers, body: visit.bodyToForward() },
    route.timeoutMs,
  );
  const outcome = outcomeOf(answer, route);
  const recorded = await record(guarding, judgement, outcome);
  const { merchant } = inForce.policy;
  const origin_status = answer.kind === 'answered' ? answer.answer.status : null;
  logOutcome({ id, merchant, status: outcome.status, origin_status, recorded });
  // A decline that is not on record must not be heard: the next try would be free.
  if (!recorded && inForce.policy.onGateUnavailable === 'block' && outcome.status !== 'succeeded') {
    return problem('outcome_unrecorded', { evaluation: id });
  }
  return respond(answer, id);
}

async function record(guarding: Guarding, judgement: Judgement, outcome: Outcome): Promise<boolean> {
  const { places, guest } = judgement;
  if (places.length === 0) return true;
  const { edge, inForce, afterwards, id } = guarding;
  const { policy } = inForce;
  const settlement = { evaluation: id, status: outcome.status, places, guest, reservationMs: policy.reservationMs };
  return settle(settlement, { edge, policy, afterwards });
}

function outcomeOf(answer: OriginAnswer, route: Route): Outcome {
  if (answer.kind !== 'answered') return UNKNOWN_OUTCOME;
  return readAnswer({ status: answer.answer.status, fields: fieldsOf(answer.answer) }, route.outcome);
}

function fieldsOf({ held }: HeldAnswer): ReturnType<typeof readAnswerFields> {
  return held.end === 'whole' ? readAnswerFields(new TextDecoder().decode(held.bytes)) : null;
}

function respond(answer: OriginAnswer, evaluation: string): Response {
  switch (answer.kind) {
    case 'answered':
      return answer.answer.respond(evaluation);
    case 'unreachable':
      return problem('origin_unreachable', { evaluation });
    case 'timed_out':
      return problem('origin_timeout', { evaluation });
  }
}
