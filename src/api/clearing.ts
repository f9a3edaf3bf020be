/**
 * What of a step-up there is for the payer that a backend asks about: a challenge to show him, or the pass of one.
 */
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { answeringFinding, isStopped } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { type Clearing, demandedStrength, effortOf } from '../decision/step-up.ts';
import type { AskedChallenge, ShownPass } from '../gate/challenge-messages.ts';
import { askedIn, issueTicket, methodsFor, offerIn } from '../step-up/offering.ts';
import { type PassFault, readShownPass } from '../step-up/shown-pass.ts';
import { touchesOf } from '../velocity/touch.ts';

/** What is settled about the question before it is judged. */
export interface Question {
  readonly evaluation: string;
  readonly attempt: Attempt;
  readonly early: readonly Finding[];
  /** How strong a step-up its counters may ask for, once the gate has read them; 0: none does. */
  readonly mayDemand: number;
  readonly riskScore: number;
  readonly pass: string | undefined;
  /** Where the question came to: name, and port where it has one. */
  readonly host: string;
  /** ms since the epoch. */
  readonly now: number;
  /** Whether a rule of the merchant's own may ask for one, once the gate has counted. */
  readonly mayComeLate: boolean;
}

export interface Cleared {
  /** What holds unless the gate says otherwise. */
  readonly clearing: Clearing;
  /** What holds where the gate takes the pass. */
  readonly ifPassed?: Clearing;
  readonly pass?: ShownPass;
  /** What is wrong with the pass that came. */
  readonly fault?: PassFault;
  /** What holds where too many challenges are unanswered. */
  readonly ifShut?: Clearing;
  /** The challenge that is asked then. */
  readonly challenge?: AskedChallenge;
}

/** Whether something wants a challenge, or may once the gate has spoken. */
export function mayBeAsked({ early, mayDemand, mayComeLate }: Question, { stepUp }: Policy): boolean {
  return stepUp !== null && (mayComeLate || mayDemand > 0 || demandedStrength(early) > 0);
}

/** Where nothing wants a challenge, nothing is looked at. */
export async function clearQuestion(question: Question, policy: Policy): Promise<Cleared> {
  const { early, pass, mayDemand } = question;
  if (!mayBeAsked(question, policy)) return { clearing: policy.clearing };
  const asked = await ask(question, policy, Math.max(demandedStrength(early), mayDemand));
  return pass === undefined ? asked : { ...asked, ...(await shown(pass, question, { policy, asked })) };
}

async function ask(question: Question, policy: Policy, demanded: number): Promise<Cleared> {
  const { stepUp, digestKey, merchant, clearing } = policy;
  const { attempt, riskScore, early } = question;
  if (stepUp === null) return { clearing };
  const offer = offerIn(methodsFor(stepUp, { demanded, riskScore, attempt, narrowed: null }));
  const stopped = { ...clearing, stepUp: offer };
  // Who is refused for something else is shown no challenge: nor is one counted as unanswered.
  const isAsked = answeringFinding(early, stopped)?.consequence === 'challenge';
  const { evaluation, now, mayDemand } = question;
  const isOffered = offer.kind === 'offered' && (isAsked || (mayDemand > 0 && !isStopped(early, stopped)));
  if (!isOffered) return { clearing: stopped };
  const host = hostOf(question.host, policy);
  const asking = {
    evaluation,
    attempt,
    others: [],
    methods: offer.methods,
    riskScore,
    effort: effortOf(early),
    host,
    now,
  };
  const { url, expiresAt, allOverAt } = await issueTicket(asking, { merchant, digestKey, stepUp });
  const at = { url, expires_at: new Date(expiresAt).toISOString() };
  const touches = touchesOf(attempt, stepUp.rules, policy.maxBlockSeconds);
  return {
    clearing: { ...clearing, stepUp: { ...offer, at } },
    ifShut: { ...clearing, stepUp: { kind: 'shut' } },
    challenge: { evaluation, touches, allOverAt },
  };
}

async function shown(
  token: string,
  { attempt, now, early, riskScore, mayComeLate }: Question,
  { policy, asked }: { readonly policy: Policy; readonly asked: Cleared },
): Promise<Pick<Cleared, 'ifPassed' | 'pass' | 'fault'>> {
  const { stepUp, digestKey } = policy;
  if (stepUp === null) return {};
  const demanded = demandedStrength(early);
  const methods = methodsFor(stepUp, { demanded, riskScore, attempt, narrowed: null });
  const said = { attempt, others: [], asked: askedIn(methods) };
  const read = await readShownPass(token, said, { passKey: stepUp.passKey, digestKey, now });
  if (read.kind !== 'good') return { fault: read.kind };
  const { evaluation, method, strength, expiresAt, allOverAt } = read.pass;
  // What a rule asks for after the counts the gate cannot know: then it is used up whatever the gate finds.
  const isLate = demanded === 0 && !mayComeLate;
  const pass = { challenge: evaluation, expiresAt, allOverAt, ...(isLate ? { isLate } : {}) };
  return { ifPassed: { ...asked.clearing, passed: { method, strength } }, pass };
}

/** A page belongs to the shop; a merchant without a host of its own is served where its backend asks. */
function hostOf(asked: string, { hosts }: Policy): string {
  const [first = asked] = hosts;
  return hosts.has(asked.replace(/:\d+$/, '')) ? asked : first;
}
