/**
 * One attempt on a protected route: read, judged, and refused or sent on.
 */
import { type Attempt, namesOf } from '../attempt/attempt.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import type { Policy, Route } from '../config/policy.ts';
import { type Evaluation, evaluate, isStopped } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { admitAt, askGate } from '../gate/gate-client.ts';
import type { Admission, AdmitRequest } from '../gate/gate-messages.ts';
import { checkNetwork } from '../network/network-rules.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import { describeUnreadable, hyperswitchRefusal, problem, unreadableProblem } from '../wire.ts';
import { makeAttempt, readDigits } from './attempt-reader.ts';
import { GUEST } from './customer-tokens.ts';
import { forward } from './forward.ts';
import { type Guarding, gatesOf, type Judgement, logJudgement, occasionOf } from './guarding.ts';
import { readVisitor } from './session.ts';
import { settle } from './settle.ts';

export type Guarded = Response | 'stale_config';

/** The body is in hand by now, and the policy fresh. */
export async function guardAttempt(guarding: Guarding): Promise<Guarded> {
  const { edge, visit, route, inForce, now } = guarding;
  const { whence } = visit;
  if (whence === null) return problem('no_client_address');
  const digits = await readDigits(visit, route);
  if (!digits.ok) return refuseUnreadable(guarding, digits.why);
  const { customer } = route;
  const payer = customer === null ? GUEST : await edge.customers.payerOf(visit.request.headers, customer, now);
  const { session, findings } = await readVisitor(guarding);
  const attempt = await makeAttempt({ digits: digits.value, whence, payer, session }, route, inForce.policy);
  const judgement = await judge(guarding, attempt, findings);
  if (judgement === 'stale_config') return judgement;
  const isEnforced = inForce.policy.mode === 'enforce';
  if (!isEnforced || !isRefused(judgement.evaluation)) return forward(guarding, judgement);
  logJudgement(guarding, judgement);
  return refusal(judgement.evaluation, route);
}

/** Records an attempt that could not be read, and refuses it; in shadow mode it goes on as it came. */
export async function refuseUnreadable(guarding: Guarding, why: Unreadable): Promise<Response> {
  const message = describeUnreadable(why);
  const finding: Finding = { code: 'unreadable', consequence: 'block', mode: 'enforce', message };
  const judgement = unplaced([...guarding.tls, finding], guarding);
  // Half a body is not what was sent: not even shadow mode passes it on.
  const isForwarded = guarding.inForce.policy.mode === 'shadow' && why.because !== 'cut_off';
  if (isForwarded) return forward(guarding, judgement);
  logJudgement(guarding, judgement);
  return unreadableProblem(why, guarding.id);
}

/** Records an attempt that nothing judges, for the merchant switched the guard off. */
export function recordUnguarded(guarding: Guarding): void {
  logJudgement(guarding, unplaced([], guarding));
}

/** A judgement without the gate: there is nothing to settle. */
function unplaced(findings: readonly Finding[], guarding: Guarding): Judgement {
  return { evaluation: evaluateNow(findings, guarding, null), findings: [], places: [], guest: true, cards: [] };
}

async function judge(
  guarding: Guarding,
  attempt: Attempt,
  aboutSession: readonly Finding[],
): Promise<Judgement | 'stale_config'> {
  const { edge, inForce, now } = guarding;
  const { policy } = inForce;
  const touches = touchesOf(attempt, policy.velocity, policy.maxBlockSeconds);
  const cards = namesOf(attempt);
  const guest = attempt.payer.kind === 'guest';
  const known = velocityFindings(edge.blocks.find(policy.merchant, touches, now));
  const network = attempt.whence === null ? [] : checkNetwork(attempt.whence, policy.network);
  const early: readonly Finding[] = [...guarding.tls, ...network, ...known, ...aboutSession];
  const bin = attempt.card?.bin;
  const judged = (findings: readonly Finding[], places: readonly Touch[], reservedUntil: number | null): Judgement => {
    return { evaluation: evaluateNow(findings, guarding, reservedUntil), findings, places, guest, cards, bin };
  };
  // Who is refused anyway takes no place in any counter, not even one that comes first.
  if (touches.length === 0 || isStopped(early, policy.stepUpFallback)) return judged(early, [], null);
  const admission = await admit(guarding, { touches, guest, cards });
  if (admission === null) {
    const judgement = judged([...early, unavailable(policy, touches)], touches, null);
    if (isRefused(judgement.evaluation)) giveBack(guarding, touches, guest);
    return judgement;
  }
  if (admission.kind === 'stale_config') return 'stale_config';
  edge.blocks.keep(policy.merchant, admission.verdicts, now);
  const findings = [...early, ...velocityFindings(admission.verdicts)];
  if (admission.kind === 'refused') return judged(findings, [], null);
  return judged(findings, admission.places, admission.reservedUntil);
}

async function admit(
  guarding: Guarding,
  asked: Pick<AdmitRequest, 'touches' | 'guest' | 'cards'>,
): Promise<Admission | null> {
  const { edge, inForce, id } = guarding;
  const { policy } = inForce;
  const { staleForMs } = edge.environment;
  const config = { ...policy.version, staleForMs };
  const request = { ...asked, evaluation: id, reservationMs: policy.reservationMs, config };
  const answer = await askGate(gatesOf(guarding), policy, (gate) => admitAt(gate, request));
  return answer.kind === 'answered' ? answer.value : null;
}

/** Without the gate, rules in shadow alone refuse nobody. */
function unavailable({ onGateUnavailable }: Policy, touches: readonly Touch[]): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  const mode = touches.some((touch) => touch.mode === 'enforce') ? 'enforce' : 'shadow';
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode, message };
}

/** An admission whose answer came too late, or never, may hold a place for an attempt that was turned away. */
function giveBack(guarding: Guarding, places: readonly Touch[], guest: boolean): void {
  const { inForce, afterwards, id } = guarding;
  const { policy } = inForce;
  const { reservationMs } = policy;
  const settlement = { evaluation: id, status: 'unknown', places, guest, reservationMs } as const;
  afterwards(settle(settlement, { gates: gatesOf(guarding), policy, afterwards }));
}

function evaluateNow(findings: readonly Finding[], guarding: Guarding, reservedUntil: number | null): Evaluation {
  return evaluate(findings, occasionOf(guarding, reservedUntil));
}

function isRefused({ decision }: Evaluation): boolean {
  return decision === 'block' || decision === 'challenge';
}

function refusal(evaluation: Evaluation, route: Route): Response {
  const { id, retry_after_seconds: retryAfterSeconds } = evaluation;
  if (retryAfterSeconds !== null) return problem('attempt_in_flight', { evaluation: id, retryAfterSeconds });
  return route.refusal === 'hyperswitch' ? hyperswitchRefusal(id) : problem('payment_refused', { evaluation: id });
}
