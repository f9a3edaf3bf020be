/**
 * Asks a payer for a challenge: he gets its address now, the gate is told afterwards.
 */
import { effortOf } from '../decision/step-up.ts';
import { askGate } from '../gate/gate-client.ts';
import { askedEntries } from '../journal/challenge-entry.ts';
import type { MethodName } from '../step-up/method-name.ts';
import { type Issued, issueTicket } from '../step-up/offering.ts';
import { problem } from '../wire.ts';
import { unansweredTouches } from './clearing.ts';
import { type Guarding, gatesOf, type Judgement } from './guarding.ts';
import { recordJudgement } from './recording.ts';

/** The answer to an attempt whose decision is `challenge`. */
export async function challenge(guarding: Guarding, judgement: Judgement): Promise<Response> {
  const { edge, inForce, visit, now } = guarding;
  const { policy } = inForce;
  const { stepUp } = policy;
  const { tried, evaluation, clearing } = judgement;
  if (stepUp === null || clearing.stepUp?.kind !== 'offered') throw new Error('a challenge without an offer');
  const methods = clearing.stepUp.methods as readonly MethodName[];
  const { attempt, others } = tried;
  const { id, risk_score: riskScore } = evaluation;
  const effort = effortOf(evaluation.reasons);
  const { host } = new URL(visit.url.href);
  const asking = { evaluation: id, attempt, others, methods, riskScore, effort, host, now };
  const issued = await issueTicket(asking, { merchant: policy.merchant, digestKey: policy.digestKey, stepUp });
  const offer = { url: issued.url, methods, expires_at: new Date(issued.expiresAt).toISOString() };
  recordJudgement(guarding, { ...judgement, evaluation: { ...evaluation, challenge: offer } });
  guarding.afterwards(tellAsked(guarding, judgement, issued));
  const subject = { merchant: policy.merchant, evaluation: id, methods, at: now };
  for (const asked of askedEntries(subject)) edge.journal.write(() => asked, guarding.afterwards);
  const isRepeated = judgement.passFault === 'used';
  const challenged = { visit, policy, evaluation: id, challenge: offer, isRepeated, now };
  const page = edge.pages === null ? null : await edge.pages.challenged(challenged);
  return page ?? problem('challenge_required', { evaluation: id, challenge: offer });
}

/** Lost, it is counted when it is answered. */
async function tellAsked(guarding: Guarding, judgement: Judgement, { allOverAt }: Issued): Promise<void> {
  const { edge, inForce } = guarding;
  const { policy } = inForce;
  const asked = { evaluation: judgement.evaluation.id, touches: unansweredTouches(guarding, judgement), allOverAt };
  const told = await askGate(gatesOf(guarding), policy, (gate) => gate.askChallenge(asked));
  if (told.kind === 'answered') edge.blocks.keep(policy.merchant, told.value.verdicts, Date.now());
}
