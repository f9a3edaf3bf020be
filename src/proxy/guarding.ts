/**
 * What the steps of one request on a protected route share.
 */
import type { InForce } from '../config/policies.ts';
import type { Route } from '../config/policy.ts';
import type { Evaluation, Occasion } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import type { Clearing } from '../decision/step-up.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import type { Gates } from '../gate/gate-client.ts';
import type { Nonce } from '../gate/nonce-messages.ts';
import type { Gathering } from '../network/reputation.ts';
import type { Risk } from '../network/risk.ts';
import { checkTls } from '../network/transport.ts';
import type { PassFault } from '../step-up/shown-pass.ts';
import type { Verdict } from '../velocity/admission.ts';
import type { Visited } from '../velocity/session-use.ts';
import type { Touch } from '../velocity/touch.ts';
import { problem } from '../wire.ts';
import type { Tried } from './attempt-reader.ts';
import { type Caller, checkCaller } from './caller.ts';
import type { Afterwards, Edge } from './edge.ts';
import type { Visit } from './visit.ts';

export interface Guarding {
  readonly edge: Edge;
  readonly visit: Visit;
  readonly inForce: InForce;
  readonly route: Route;
  /** The evaluation's id, of the first attempt where the request makes several. */
  readonly id: string;
  readonly now: number;
  readonly afterwards: Afterwards;
  readonly caller: Caller;
  /** Of a good signature: whether it is unused is still to be asked. Null where the route demands none. */
  readonly nonce: Nonce | null;
  /** When its visit began, in ms since the epoch; absent where no session came, or nobody asks. */
  readonly sessionBornAt?: number;
  /** What was wrong with the pass that came: it is not looked at again. Absent: nobody looked yet. */
  readonly passFault?: PassFault;
  /** What is known of the address, or what will be; null where nothing is asked, or not yet. */
  readonly gathering: Gathering | null;
}

/** What was decided of one attempt or attachment, by what, and what the gate must be told afterwards. */
export interface Judgement {
  readonly tried: Tried;
  readonly evaluation: Evaluation;
  readonly findings: readonly Finding[];
  readonly risk: Risk | undefined;
  /** What became of a challenge among its findings. */
  readonly clearing: Clearing;
  /** What was wrong with the pass that it came with. */
  readonly passFault: PassFault | undefined;
  readonly places: readonly Touch[];
  /** The counters that it touches, and what the gate said of them (gate/admission-text.ts). */
  readonly touches: readonly Touch[];
  readonly verdicts: readonly Verdict[];
  /** Null: the gate looked at none of them. */
  readonly counted: readonly number[] | null;
  /** ms since the epoch; null where no place is held. */
  readonly reservedUntil: number | null;
  readonly guest: boolean;
  /** The card's fingerprint under each fingerprint key. */
  readonly cards: readonly string[];
  /** The id of this request, where the evaluation is that of the attempt which it goes on with. */
  readonly takenBy: string | undefined;
  /** The lease that held the address. */
  readonly lease: string | undefined;
  /** What the request used its session with, where that counts. */
  readonly visit: Visited | undefined;
}

/** The gates, asked within this request's time limits. */
export function gatesOf({ edge, visit }: Guarding): Gates {
  const { namespace, haveJurisdictions, shared, onUnavailable } = edge.environment.gates;
  return { namespace, haveJurisdictions, limits: visit.limits, kept: visit.stub, shared, onUnavailable };
}

export function beginGuarding(
  parts: Omit<Guarding, 'id' | 'now' | 'caller' | 'gathering' | 'nonce'>,
  now = Date.now(),
): Guarding {
  const { edge, visit, inForce, route, afterwards } = parts;
  const { policy } = inForce;
  const caller = checkCaller(visit.whence, { route, policy, now });
  const id = newEvaluationId(policy.merchant, now);
  return { edge, visit, inForce, route, id, now, afterwards, caller, gathering: null, nonce: null };
}

/** What the merchant's rule says of the connection. */
export function tlsFindings({
  edge,
  visit,
  inForce,
}: Pick<Guarding, 'edge' | 'visit' | 'inForce'>): readonly Finding[] {
  return checkTls(visit, inForce.policy.tls, edge.environment.kind);
}

/** Refuses a connection that is too old, which is no reading and no attempt: nothing is put on record. */
export function refuseOldTls(request: Pick<Guarding, 'edge' | 'visit' | 'inForce'>): Response | null {
  const isTooLow = tlsFindings(request).some(({ mode }) => mode === 'enforce');
  return isTooLow && request.inForce.policy.mode === 'enforce' ? problem('tls_version') : null;
}

/** The same request with something more against its caller, who is a stranger where that is enforced. */
export function speakingAgainst(guarding: Guarding, found: readonly Finding[]): Guarding {
  if (found.length === 0) return guarding;
  const { caller } = guarding;
  const isStranger = caller.isStranger || found.some(({ mode }) => mode === 'enforce');
  return { ...guarding, caller: { ...caller, findings: [...caller.findings, ...found], isStranger } };
}

export function occasionOf({ now, inForce }: Guarding, { id, reservedUntil = null, clearing }: Answering): Occasion {
  const { policy } = inForce;
  const { merchant, mode, version } = policy;
  const { challengeFallback } = policy.clearing;
  const occasion = { id, merchant, mode, configVersion: version.hash, now, reservedUntil, challengeFallback };
  return policy.stepUp === null ? occasion : { ...occasion, ...(clearing ?? policy.clearing) };
}

interface Answering {
  readonly id: string;
  /** ms since the epoch; absent where nothing is reserved. */
  readonly reservedUntil?: number | null;
  /** Absent where nothing can be known of it. */
  readonly clearing?: Clearing;
}

/** What the evaluation can be told from again. */
export function recordOf(guarding: Guarding, judgement: Judgement): string {
  const { evaluation, findings, risk, clearing, reservedUntil } = judgement;
  const { id, reservation } = evaluation;
  const occasion = occasionOf(guarding, { id, reservedUntil: reservation === null ? null : reservedUntil, clearing });
  return JSON.stringify({ early: findings, occasion: risk === undefined ? occasion : { ...occasion, risk } });
}

export function isRefused({ decision }: Evaluation): boolean {
  return decision === 'block' || decision === 'challenge';
}
