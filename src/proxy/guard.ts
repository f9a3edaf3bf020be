/**
 * One request on a protected route: read, judged, and refused or sent on.
 */
import type { HeldStream } from '../attempt/held-stream.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import { describeUnreadable } from '../attempt/unreadable-words.ts';
import type { Route } from '../config/policy.ts';
import { type Evaluation, evaluate } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import type { Nonce } from '../gate/nonce-messages.ts';
import type { Verdict } from '../velocity/admission.ts';
import { refusingKey } from '../velocity/touch.ts';
import { hyperswitchRefusal, problem, unreadableProblem } from '../wire.ts';
import { identify, readAttempts, type Tried } from './attempt-reader.ts';
import { challenge } from './challenging.ts';
import { GUEST } from './customer-tokens.ts';
import { seeThrough } from './edge.ts';
import { forward } from './forward.ts';
import { originsOf, readTables } from './gathering.ts';
import { type Guarding, isRefused, occasionOf, refuseOldTls, speakingAgainst, tlsFindings } from './guarding.ts';
import { judge } from './judging.ts';
import { proveCaller, unaskedFindings } from './leasing.ts';
import { checkNonce } from './nonce.ts';
import { recordJudgement, recordRepeat, recordUnjudged } from './recording.ts';
import { type Reopened, reopen } from './resent-payment.ts';
import { NOBODY, readVisitor, type Visitor } from './session.ts';
import { rulesFor } from './touching.ts';

/** `no_attempt`: nothing is paid and no card is carried; to be passed on like any other request. */
export type Guarded = Response | 'stale_config' | 'no_attempt';

const NOT_RESENT: Reopened = { kind: 'none' };

/** The body is in hand by now, and the policy fresh. */
export async function guardRequest(guarding: Guarding, held: HeldStream): Promise<Guarded> {
  const { edge, visit, route, inForce, now } = guarding;
  const { policy } = inForce;
  const { whence } = visit;
  if (whence === null) return problem('no_client_address');
  const read = readAttempts({ visit, held }, route, now);
  const readings = read instanceof Promise ? await read : read;
  if (!readings.ok || readings.value.length === 0) {
    const resent = readings.ok ? NOT_RESENT : await reopen(guarding, held, readings.why);
    if (resent.kind === 'reopened') return guardReopened(resent);
    if (resent.kind === 'unopened') return refuseOldTls(guarding) ?? guardUnjudged(guarding, resent.why);
    return refuseOldTls(guarding) ?? guardUnjudged(guarding, readings.ok ? null : readings.why);
  }
  const { customer } = route;
  const payer = customer === null ? GUEST : await edge.customers.payerOf(visit.headers, customer, now);
  const visitor = policy.session === null ? NOBODY : await readVisitor(guarding);
  const { session, findings } = visitor;
  const reading = readTables(guarding);
  if (reading !== null) await reading;
  const { fingerprintKeys: keys, identities } = policy;
  const circumstances = { whence, payer, session, keys, origins: originsOf(guarding), identities };
  const tried: Tried[] = [];
  for (const one of readings.value) tried.push(await identify(one, circumstances));
  const refused = refuseRepeat(guarding, tried) ?? refuseOldTls(guarding);
  if (refused !== null) return refused;
  return await seeThrough(guardTried(visiting(guarding, visitor), tried, findings), guarding.afterwards);
}

/** Where a merchant has rules of his own, one may ask how old the visit is. */
function visiting(guarding: Guarding, { bornAt: sessionBornAt }: Visitor): Guarding {
  const isAsked = sessionBornAt !== undefined && guarding.inForce.policy.rules !== null;
  return isAsked ? { ...guarding, sessionBornAt } : guarding;
}

/** What is no payment any more, under another configuration, is not sent on as what its page sent. */
async function guardReopened({ guarding, held }: Extract<Reopened, { kind: 'reopened' }>): Promise<Guarded> {
  const answer = await guardRequest(guarding, held);
  return answer === 'no_attempt' ? refuseUnreadable(guarding, { because: 'sealed', fault: 'elsewhere' }) : answer;
}

/** What no gate is asked to admit: no attempt, or one that could not be read. Who may not use the route may not here. */
async function guardUnjudged(guarding: Guarding, why: Unreadable | null): Promise<Guarded> {
  const { isUnproven } = guarding.caller;
  const proven = isUnproven ? await proveCaller(guarding) : guarding;
  if (proven === 'stale_config') return proven;
  const turnedAway = isUnproven ? refuseStranger(proven) : null;
  if (turnedAway !== null) return turnedAway;
  if (why !== null) return refuseUnreadable(proven, why);
  return proven.nonce === null ? 'no_attempt' : passOnce(proven, proven.nonce);
}

/**
 * Refuses who is known to be shut out, without judging him again: whatever else speaks against him, the answer is the
 * same. Null for anybody else, and for a request that tries several things, which are judged together.
 */
function refuseRepeat(guarding: Guarding, tried: readonly Tried[]): Response | null {
  const { edge, inForce, route, id } = guarding;
  const { merchant, mode } = inForce.policy;
  const only = tried.length === 1 ? tried[0] : undefined;
  if (only?.kind !== 'attempt' || mode !== 'enforce') return null;
  const block = knownBlock(guarding, only);
  if (block === null) return null;
  const payer = `${merchant}|${block.key}`;
  if (!edge.repeats.counts(payer)) {
    const evaluation = evaluate(velocityFindings([block]), occasionOf(guarding, { id }));
    recordRepeat(guarding, only, { block, payer, evaluation });
  }
  return refusalOf(id, route);
}

function knownBlock({ edge, inForce, now }: Guarding, tried: Tried): Verdict | null {
  const { merchant } = inForce.policy;
  if (edge.blocks.isEmpty) return null;
  for (const rule of rulesFor(tried, inForce.policy)) {
    const key = refusingKey(rule, tried.attempt);
    const block = key === null ? null : edge.blocks.at(merchant, key, { rule, now });
    if (block !== null) return block;
  }
  return null;
}

async function guardTried(guarding: Guarding, tried: readonly Tried[], found: readonly Finding[]): Promise<Guarded> {
  const { route, inForce } = guarding;
  const judgements = await judge(guarding, tried, found);
  if (judgements === 'stale_config') return judgements;
  const refused = judgements.find(({ evaluation }) => isRefused(evaluation));
  if (refused === undefined || inForce.policy.mode !== 'enforce') return await forward(guarding, judgements);
  if (refused.evaluation.decision === 'challenge') return challenge(guarding, refused);
  for (const judgement of judgements) recordJudgement(guarding, judgement);
  return refusal(refused.evaluation, route);
}

/** What is no attempt is nobody else's either: its signature is good for one request, as an attempt's is. */
async function passOnce(guarding: Guarding, nonce: Nonce): Promise<Guarded> {
  const found = await checkNonce(guarding, nonce, []);
  if (found === 'stale_config') return found;
  return refuseStranger(speakingAgainst(guarding, found)) ?? 'no_attempt';
}

/** Turns away, on record, who may not use the route: before the body is read, and whatever it holds. */
export function refuseStranger(guarding: Guarding): Response | null {
  const { caller, inForce, route } = guarding;
  if (!caller.isStranger || inForce.policy.mode !== 'enforce') return null;
  return refusal(
    recordUnjudged(guarding, [...tlsFindings(guarding), ...unaskedFindings(guarding, caller.findings)]),
    route,
  );
}

/** Records an attempt that could not be read, and refuses it; in shadow mode it goes on as it came. */
export async function refuseUnreadable(guarding: Guarding, why: Unreadable): Promise<Response> {
  const message = describeUnreadable(why);
  const finding: Finding = { code: 'unreadable', consequence: 'block', mode: 'enforce', message };
  recordUnjudged(guarding, [...tlsFindings(guarding), ...unaskedFindings(guarding, guarding.caller.findings), finding]);
  // Half a body is not what was sent: not even shadow mode passes it on.
  const isForwarded = guarding.inForce.policy.mode === 'shadow' && why.because !== 'cut_off';
  if (isForwarded) return seeThrough(forward(guarding, []), guarding.afterwards);
  const page = why.because === 'sealed' ? await pageOfUnopened(guarding, why) : null;
  return page ?? unreadableProblem(why, guarding.id);
}

async function pageOfUnopened({ edge, visit, id }: Guarding, { fault }: Extract<Unreadable, { because: 'sealed' }>) {
  return edge.pages === null ? null : edge.pages.unopened({ visit, evaluation: id, fault });
}

/** Records an attempt that nothing judges, for the merchant switched the guard off. */
export function recordUnguarded(guarding: Guarding): void {
  recordUnjudged(guarding, []);
}

function refusal(evaluation: Evaluation, route: Route): Response {
  const { id, retry_after_seconds: retryAfterSeconds } = evaluation;
  if (retryAfterSeconds !== null) return problem('attempt_in_flight', { evaluation: id, retryAfterSeconds });
  return refusalOf(id, route);
}

function refusalOf(id: string, route: Route): Response {
  return route.refusal === 'hyperswitch' ? hyperswitchRefusal(id) : problem('payment_refused', { evaluation: id });
}
