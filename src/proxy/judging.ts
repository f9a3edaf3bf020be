/**
 * Judges the attempts of one request: each by itself, all let through or none.
 */
import { namesOf } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { evaluate, isStopped } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import { admitAt, askGate } from '../gate/gate-client.ts';
import type { Admission, AdmitRequest } from '../gate/gate-messages.ts';
import type { VelocityRule } from '../velocity/rule.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Tried } from './attempt-reader.ts';
import { type Guarding, gatesOf, isRefused, type Judgement, occasionOf } from './guarding.ts';
import { checkNonce } from './nonce.ts';
import { settle } from './settle.ts';

/** An attempt as it is judged: what it touches, and what is known before the gate is asked. */
interface Judged {
  readonly tried: Tried;
  readonly id: string;
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly cards: readonly string[];
  readonly early: readonly Finding[];
}

/** `found`: what speaks against the request as a whole. */
export async function judge(
  guarding: Guarding,
  all: readonly Tried[],
  found: readonly Finding[],
): Promise<readonly Judgement[] | 'stale_config'> {
  const { stepUpFallback } = guarding.inForce.policy;
  const looked = all.map((tried, index) => look(guarding, tried, { index, found }));
  // Who is refused anyway takes no place in any counter, not even one that comes first.
  const isOver = looked.some(({ early }) => isStopped(early, stepUpFallback));
  const asking = isOver ? [] : looked.filter(({ touches }) => touches.length > 0);
  const admissions = asking.length === 0 ? [] : await admit(guarding, asking);
  if (admissions?.some(({ kind }) => kind === 'stale_config')) return 'stale_config';
  const { nonce } = guarding;
  const replay = nonce === null || isOver ? [] : await checkNonce(guarding, nonce, admissions);
  return looked.map((one) => {
    const known = replay.length === 0 ? one : { ...one, early: [...one.early, ...replay] };
    return admissions === null
      ? judgeWithoutGate(guarding, known)
      : judgeAdmitted(guarding, known, admissions[asking.indexOf(one)]);
  });
}

function look(
  guarding: Guarding,
  tried: Tried,
  { index, found }: { readonly index: number; readonly found: readonly Finding[] },
): Judged {
  const { edge, inForce, now, tls, caller } = guarding;
  const { policy } = inForce;
  const { kind, attempt } = tried;
  // A card that is only attached touches nothing yet: its payment does, once it is confirmed.
  const touches = kind === 'attachment' ? [] : touchesOfAll(tried, policy);
  const known = velocityFindings(edge.blocks.find(policy.merchant, touches, now));
  return {
    tried,
    id: index === 0 ? guarding.id : newEvaluationId(policy.merchant, now),
    touches,
    guest: attempt.payer.kind === 'guest',
    cards: namesOf(attempt),
    early: [...tls, ...caller.findings, ...known, ...found],
  };
}

/** By each card that the request names: the shop takes one of them, and a decoy would hide it. */
function touchesOfAll(tried: Tried, policy: Policy): readonly Touch[] {
  const { attempt, others } = tried;
  const { velocity, maxBlockSeconds } = policy;
  const own = rulesFor(tried, policy);
  if (others.length === 0) return touchesOf(attempt, own, maxBlockSeconds);
  const byCard = velocity.filter(({ by }) => by.includes('card'));
  const besides = others.flatMap((card) => touchesOf({ ...attempt, card }, byCard, maxBlockSeconds));
  return [...touchesOf(attempt, own, maxBlockSeconds), ...besides];
}

/** The rules that look at an attempt: those about a card alone leave out one that anybody can name. */
export function rulesFor({ isTyped }: Tried, { velocity }: Policy): readonly VelocityRule[] {
  return isTyped ? velocity.filter(({ by }) => by.some((dimension) => dimension !== 'card')) : velocity;
}

/** Without an admission the gate was not asked: nothing is counted, or all is over already. */
function judgeAdmitted(guarding: Guarding, one: Judged, admission: Admission | undefined): Judgement {
  if (admission === undefined || admission.kind === 'stale_config') return judgement(guarding, one, {});
  const { edge, inForce, now } = guarding;
  edge.blocks.keep(inForce.policy.merchant, admission.verdicts, now);
  const findings = velocityFindings(admission.verdicts);
  if (admission.kind === 'refused') return judgement(guarding, one, { findings });
  if (!isStopped(one.early, inForce.policy.stepUpFallback)) return judgement(guarding, one, { ...admission, findings });
  // A gate of the release before has given a place to a request whose nonce it did not look at.
  giveBack(guarding, one);
  return judgement(guarding, one, { findings });
}

function judgeWithoutGate(guarding: Guarding, one: Judged): Judgement {
  if (one.touches.length === 0) return judgement(guarding, one, {});
  const findings = [unavailable(guarding.inForce.policy, one.touches)];
  const judged = judgement(guarding, one, { findings, places: one.touches });
  if (isRefused(judged.evaluation)) giveBack(guarding, one);
  return judged;
}

interface Answered {
  readonly findings?: readonly Finding[];
  readonly places?: readonly Touch[];
  readonly reservedUntil?: number;
  /** The attempt that this request goes on with: there is one evaluation of both. */
  readonly evaluation?: string;
}

function judgement(guarding: Guarding, one: Judged, answered: Answered): Judgement {
  const { places = [], reservedUntil = null, evaluation: continued } = answered;
  const { tried, guest, cards } = one;
  const findings = [...one.early, ...(answered.findings ?? [])];
  const evaluation = evaluate(findings, occasionOf(guarding, continued ?? one.id, reservedUntil));
  const takenBy = continued === undefined ? {} : { takenBy: one.id };
  return { tried, evaluation, findings, places, guest, cards, ...takenBy };
}

async function admit(guarding: Guarding, asking: readonly Judged[]): Promise<readonly Admission[] | null> {
  const { edge, inForce } = guarding;
  const { policy } = inForce;
  const { staleForMs } = edge.environment;
  const config = { ...policy.version, staleForMs };
  const requests = asking.map(({ id, tried, touches, guest, cards }, index): AdmitRequest => {
    const asked = { evaluation: id, touches, guest, cards, reservationMs: policy.reservationMs, config };
    const { nonce } = index === 0 ? guarding : NO_NONCE;
    return { ...asked, ...goesOn(tried), ...(nonce === null ? {} : { nonce }) };
  });
  const answer = await askGate(gatesOf(guarding), policy, (gate) => admitAt(gate, requests));
  return answer.kind === 'answered' ? answer.value : null;
}

const NO_NONCE: Pick<Guarding, 'nonce'> = { nonce: null };

/** Without the gate, rules in shadow alone refuse nobody. */
function unavailable({ onGateUnavailable }: Policy, touches: readonly Touch[]): Finding {
  const message = `the gate did not answer; on_gate_unavailable: ${onGateUnavailable}`;
  const mode = touches.some((touch) => touch.mode === 'enforce') ? 'enforce' : 'shadow';
  return { code: 'gate_unavailable', consequence: onGateUnavailable, mode, message };
}

/** An admission whose answer came too late, or never, may hold a place for an attempt that was turned away. */
function giveBack(guarding: Guarding, { id, tried, touches, guest }: Judged): void {
  const { inForce, afterwards } = guarding;
  const { policy } = inForce;
  const { reservationMs } = policy;
  const nobodyKnows = { evaluation: id, status: 'unknown', places: touches, guest, reservationMs } as const;
  const { continues } = tried;
  const settlement = { ...nobodyKnows, ...(continues === undefined ? {} : { continues }) };
  afterwards(settle({ settlements: [settlement], joins: [] }, { gates: gatesOf(guarding), policy, afterwards }));
}

function goesOn({ continues, isTyped }: Tried): Pick<AdmitRequest, 'continues' | 'isTyped'> {
  return continues === undefined ? {} : { continues, isTyped };
}
