/**
 * One attempt on a protected route: read, judged, and refused or sent on.
 */
import type { Card, Whence } from '../attempt/attempt.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import type { Policy, Route } from '../config/policy.ts';
import { type Evaluation, evaluate, isStopped } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { admitAt, askGate } from '../gate/gate-client.ts';
import type { Admission } from '../gate/gate-messages.ts';
import { logDecision } from '../journal/decision-log.ts';
import { checkNetwork } from '../network/network-rules.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import { describeUnreadable, hyperswitchRefusal, problem, unreadableProblem } from '../wire.ts';
import { type Identified, identify, readAttempts } from './attempt-reader.ts';
import { forward } from './forward.ts';
import type { Guarding, Judgement } from './guarding.ts';
import { settle } from './settle.ts';

/** `no_attempt`: nothing is paid and no card is carried; to be passed on like any other request. */
export type Guarded = Response | 'stale_config' | 'no_attempt';

/** The body is in hand by now, and the policy fresh. */
export async function guardAttempt(guarding: Guarding): Promise<Guarded> {
  const { edge, visit, route, inForce, now } = guarding;
  const { whence } = visit;
  if (whence === null) return problem('no_client_address');
  const readings = await readAttempts(visit, route);
  if (!readings.ok) return refuseUnreadable(guarding, readings.why);
  if (readings.value.length === 0) return 'no_attempt';
  const payer = await edge.customers.payerOf(visit.request.headers, route.customer, now);
  const circumstances = { kind: route.kind, whence, payer, keys: inForce.policy.fingerprintKeys };
  const identified = await Promise.all(readings.value.map((reading) => identify(reading, circumstances)));
  const judgement = await judge(guarding, { identified, whence, guest: payer.kind === 'guest' });
  if (judgement === 'stale_config') return judgement;
  logDecision(judgement.evaluation, { route: route.name, ...whence, bin: cardOf(identified[0])?.bin });
  const isEnforced = inForce.policy.mode === 'enforce';
  if (isEnforced && isRefused(judgement.evaluation)) return refusal(judgement.evaluation, route);
  return forward(guarding, judgement);
}

/** Records an attempt that could not be read, and refuses it; in shadow mode it goes on as it came. */
export async function refuseUnreadable(guarding: Guarding, why: Unreadable): Promise<Response> {
  const message = describeUnreadable(why);
  const finding: Finding = { code: 'unreadable', consequence: 'block', mode: 'enforce', message };
  const evaluation = recordNow([...guarding.tls, finding], guarding);
  // Half a body is not what was sent: not even shadow mode passes it on.
  const isForwarded = guarding.inForce.policy.mode === 'shadow' && why.because !== 'cut_off';
  if (!isForwarded) return unreadableProblem(why, guarding.id);
  return forward(guarding, { evaluation, places: [], guest: true, identified: [] });
}

/** Records an attempt that nothing judges, for the merchant switched the guard off. */
export function recordUnguarded(guarding: Guarding): void {
  recordNow([], guarding);
}

function recordNow(findings: readonly Finding[], guarding: Guarding): Evaluation {
  const { route, visit } = guarding;
  const { country = null, asn = null } = visit.whence ?? {};
  const evaluation = evaluateNow(findings, guarding, null);
  logDecision(evaluation, { route: route.name, country, asn });
  return evaluation;
}

interface Tried {
  readonly identified: readonly Identified[];
  readonly whence: Whence;
  readonly guest: boolean;
}

/** A card that is only attached touches no counter yet: its payment does. */
async function judge(guarding: Guarding, tried: Tried): Promise<Judgement | 'stale_config'> {
  const { edge, inForce, now } = guarding;
  const { policy } = inForce;
  const { whence, guest } = tried;
  const attempts = tried.identified.flatMap((one) => (one.kind === 'attempt' ? [one.attempt] : []));
  const touches = attempts.flatMap((one) => touchesOf(one, policy.velocity, policy.maxBlockSeconds));
  const known = velocityFindings(edge.blocks.find(policy.merchant, touches, now));
  const early: readonly Finding[] = [...guarding.tls, ...checkNetwork(whence, policy.network), ...known];
  if (touches.length === 0 || isStopped(early, policy.stepUpFallback)) {
    return { ...tried, evaluation: evaluateNow(early, guarding, null), places: [] };
  }
  const admission = await admit(guarding, touches, guest);
  if (admission === null) {
    const evaluation = evaluateNow([...early, unavailable(policy, touches)], guarding, null);
    if (isRefused(evaluation)) giveBack(guarding, touches, guest);
    return { ...tried, evaluation, places: touches };
  }
  if (admission.kind === 'stale_config') return 'stale_config';
  edge.blocks.keep(policy.merchant, admission.verdicts, now);
  const findings = [...early, ...velocityFindings(admission.verdicts)];
  if (admission.kind === 'refused') return { ...tried, evaluation: evaluateNow(findings, guarding, null), places: [] };
  const evaluation = evaluateNow(findings, guarding, admission.reservedUntil);
  return { ...tried, evaluation, places: admission.places };
}

function cardOf(one: Identified | undefined): Card | null {
  if (one === undefined) return null;
  return one.kind === 'attempt' ? one.attempt.card : one.card;
}

async function admit(guarding: Guarding, touches: readonly Touch[], guest: boolean): Promise<Admission | null> {
  const { edge, inForce, id } = guarding;
  const { policy } = inForce;
  const { gates, staleForMs } = edge.environment;
  const config = { ...policy.version, staleForMs };
  const request = { evaluation: id, touches, guest, reservationMs: policy.reservationMs, config };
  const answer = await askGate(gates, policy, (gate) => admitAt(gate, request));
  return answer.kind === 'answered' ? answer.value : null;
}

/** Without the gate, rules in shadow alone refuse nobody. */
function unavailable({ onGateUnavailable }: Policy, touches: readonly Touch[]): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  const mode = touches.some((touch) => touch.mode === 'enforce') ? 'enforce' : 'shadow';
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode, message };
}

/** An admission whose answer came too late, or never, may hold a place for an attempt that was turned away. */
function giveBack({ edge, inForce, afterwards, id }: Guarding, places: readonly Touch[], guest: boolean): void {
  const { policy } = inForce;
  const { reservationMs } = policy;
  const settlement = { evaluation: id, status: 'unknown', places, guest, reservationMs } as const;
  afterwards(settle(settlement, { edge, policy, afterwards }));
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
