/**
 * What of a step-up there is for the payer of an attempt: what he came with, and what he may be offered. Asked only where
 * something wants a challenge, or may want one once the gate has spoken; it reads no header and waits for nothing else.
 */
import type { Finding } from '../decision/reason.ts';
import { mayChallengeLate } from '../decision/rule-findings.ts';
import { demandedStrength, type StepUp } from '../decision/step-up.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import type { Admission } from '../gate/gate-messages.ts';
import type { MethodName } from '../step-up/method-name.ts';
import { askedIn, methodsFor, offerIn } from '../step-up/offering.ts';
import type { Pass } from '../step-up/pass.ts';
import { type PassFault, readShownPass } from '../step-up/shown-pass.ts';
import { type Touch, touchesOf } from '../velocity/touch.ts';
import type { Judged } from './admitting.ts';
import type { Guarding } from './guarding.ts';
import { stakeOf } from './leasing.ts';

const HEADER = 'cordon-pass';
const SEVERAL: StepUp = { kind: 'several_attempts' };

/** `mayComeLate`: whether the gate may find what wants a challenge. */
export function clear(
  guarding: Guarding,
  all: readonly Judged[],
  mayComeLate: boolean,
): readonly Judged[] | Promise<readonly Judged[]> {
  const [one] = all;
  const { policy } = guarding.inForce;
  const isWanted = mayComeLate || all.some(({ early }) => demandedStrength(early) > 0);
  if (policy.stepUp === null || !isWanted || one === undefined) return all;
  if (all.length > 1) return all.map((each) => standing(guarding, each, { stepUp: SEVERAL }));
  const { passFault } = guarding;
  if (passFault !== undefined) return [offered(guarding, { ...one, passFault })];
  const token = policy.mode === 'enforce' ? guarding.visit.headers.get(HEADER) : null;
  return token === null ? [offered(guarding, one)] : withPass(guarding, one, token);
}

async function withPass(guarding: Guarding, one: Judged, token: string): Promise<readonly Judged[]> {
  const { now, inForce } = guarding;
  const { stepUp, digestKey } = inForce.policy;
  if (stepUp === null) return [one];
  const { attempt, others } = one.tried;
  const shown = { attempt, others, asked: askedIn(methodsOf(guarding, one)) };
  const read = await readShownPass(token, shown, { passKey: stepUp.passKey, digestKey, now });
  if (read.kind !== 'good') return [offered(guarding, { ...one, passFault: read.kind })];
  return [passed(guarding, one, read.pass)];
}

/** What a lease or an item of the allow list has to set aside besides is asked as it stands with the pass. */
function passed(guarding: Guarding, one: Judged, { evaluation, method, strength, expiresAt, allOverAt }: Pass): Judged {
  const cleared = standing(guarding, one, { stepUp: offerOf(guarding, one), passed: { method, strength } });
  const pass = { challenge: evaluation, expiresAt, allOverAt };
  // What a rule asks for after the counts the gate cannot know: then it is used up whatever the gate finds.
  const isLate = demandedStrength(one.early) === 0 && !mayChallengeLate(guarding.inForce.policy.rules);
  return { ...cleared, pass: isLate ? { ...pass, isLate } : pass };
}

function offered(guarding: Guarding, one: Judged): Judged {
  const { edge, inForce, now } = guarding;
  const { blocks } = edge;
  const shut = blocks.isEmpty ? [] : blocks.find(inForce.policy.merchant, unansweredTouches(guarding, one), now);
  if (shut.length === 0) return standing(guarding, one, { stepUp: offerOf(guarding, one) });
  // What the gate finds yet is not challenged then either; whom nothing is found against sees nothing of it.
  const isWanted = demandedStrength(one.early) > 0;
  const early = isWanted ? [...one.early, ...velocityFindings(shut)] : one.early;
  return standing(guarding, { ...one, early }, { stepUp: { kind: 'shut' } });
}

/** The same where the gate has found something beside it. */
export function offeredBeside(guarding: Guarding, one: Judged, late: readonly Finding[]): Judged {
  const { early, clearing } = one;
  if (demandedStrength(late, clearing.passed) <= demandedStrength(early, clearing.passed)) return one;
  return { ...offeredAnew(guarding, { ...one, early: [...early, ...late] }), early };
}

/** The same once more is found: it may demand a stronger step-up than what was known before. */
export function offeredAnew(guarding: Guarding, one: Judged): Judged {
  const { stepUp, passed } = one.clearing;
  const isSettled = stepUp === undefined || stepUp.kind === 'shut' || stepUp.kind === 'several_attempts';
  if (isSettled) return one;
  const offer = { stepUp: offerOf(guarding, one) };
  return standing(guarding, one, passed === undefined ? offer : { ...offer, passed });
}

function standing(guarding: Guarding, one: Judged, further: Pick<Judged['clearing'], 'stepUp' | 'passed'>): Judged {
  const clearing = { ...guarding.inForce.policy.clearing, ...further };
  return { ...one, clearing, stake: stakeOf(guarding, { early: one.early, clearing }) };
}

function offerOf(guarding: Guarding, one: Judged): StepUp {
  if (guarding.inForce.policy.stepUp === null) return { kind: 'none', because: 'not_configured' };
  return offerIn(methodsOf(guarding, one));
}

function methodsOf({ inForce, route }: Guarding, { early, risk, tried }: Judged): readonly MethodName[] {
  const { stepUp } = inForce.policy;
  if (stepUp === null) return [];
  const demanded = demandedStrength(early);
  const terms = { demanded, riskScore: risk?.score ?? 0, attempt: tried.attempt, narrowed: route.stepUpMethods };
  return methodsFor(stepUp, terms);
}

/** The counters of what its payer leaves unanswered. A card that anybody can name is not held against its owner. */
export function unansweredTouches({ inForce }: Guarding, { tried }: Pick<Judged, 'tried'>): readonly Touch[] {
  const { stepUp, maxBlockSeconds } = inForce.policy;
  const rules = (stepUp?.rules ?? []).filter(({ by }) => !tried.isTyped || !by.includes('card'));
  return touchesOf(tried.attempt, rules, maxBlockSeconds);
}

/** What the gate says against the pass that was shown; null where it takes it, or none was. */
export function passRefusal({ pass }: Judged, admission: Admission | undefined): PassFault | null {
  if (pass === undefined) return null;
  const use = admission !== undefined && 'pass' in admission ? admission.pass : undefined;
  return use === 'good' ? null : (use ?? 'unproven');
}

/** Without the gate's word a pass is none. */
export function withoutPass(one: Judged): Judged {
  if (one.pass === undefined) return one;
  const { passed: _, ...clearing } = one.clearing;
  return { ...one, clearing, passFault: 'unproven' };
}
