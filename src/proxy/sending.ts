/**
 * A request on its way to the merchant's servers: to the one there is, or to one of several; with a limit to how long that
 * may take, which is one for all of them.
 */
import type { IpAddress } from '../attempt/ip-address.ts';
import { countedPrefix } from '../attempt/ip-prefix.ts';
import type { OriginPolicy } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import { holdAnswer, type SentAnswer, type StreamedAnswer, streamAnswer } from '../origin/answer.ts';
import { type Asking, askInTurn, type Taking } from '../origin/failover.ts';
import { type OriginAnswer, type OriginRequest, overridesMethod, sendHeld, sendStreaming } from '../origin/origin.ts';
import type { Afterwards, Edge } from './edge.ts';
import { SAFE_METHODS } from './routing.ts';
import type { Visit } from './visit.ts';

const TIMED_OUT: OriginAnswer = { kind: 'timed_out' };
/** A body that streams may take this long to arrive: what is sent slowly is no server's fault. */
const UPLOAD_TIMEOUT_MS = 300_000;

/** Whose request it is, and to whom. */
export interface Onward {
  readonly visit: Visit;
  readonly policy: Policy;
  readonly origin: OriginPolicy;
  readonly edge: Edge;
  readonly afterwards: Afterwards;
}

/** An answer whose beginning came within the limit. */
export type Streamed = StreamedAnswer | 'unreachable' | 'timed_out';

/** Sends what may pay, and holds the answer. What is late is let go of with the request. */
export function sendPayment(request: OriginRequest, onward: Onward, timeoutMs: number): Promise<OriginAnswer> {
  const { visit, origin } = onward;
  if (origin.pool.length > 1) return payAtPool(request, onward, timeoutMs);
  return visit.limits.within(timeoutMs, sendHeld(request, origin), TIMED_OUT);
}

async function payAtPool(request: OriginRequest, onward: Onward, timeoutMs: number): Promise<OriginAnswer> {
  const veil = { hiding: onward.origin.hiding, from: request.from };
  const taking: Taking<SentAnswer> = {
    take: (answer) => holdAnswer(answer, veil),
    isBroken: ({ kind }) => kind === 'broken_off',
  };
  const tried = await askInTurn(request, askingOf(onward, { timeoutMs, purpose: 'payment' }), taking);
  return tried.kind === 'answered' ? tried.value : tried;
}

/** Sends anything else, and hands the answer on as it streams. The limit is to its beginning. */
export async function sendOnward(request: OriginRequest, onward: Onward): Promise<Streamed> {
  const { visit, origin } = onward;
  const timeoutMs = request.body instanceof ReadableStream ? UPLOAD_TIMEOUT_MS : origin.timeoutMs;
  if (origin.pool.length === 1) {
    return (await visit.limits.within(timeoutMs, sendStreaming(request, origin), 'timed_out')) ?? 'unreachable';
  }
  const purpose = isPage(request) ? 'page' : 'change';
  const veil = { hiding: origin.hiding, from: request.from };
  const taking: Taking<StreamedAnswer> = { take: (answer) => streamAnswer(answer, veil), isBroken: () => false };
  const tried = await askInTurn(request, askingOf(onward, { timeoutMs, purpose }), taking);
  return tried.kind === 'answered' ? tried.value : tried.kind;
}

/** Whether it may be asked for twice. WordPress goes by `_method` in the query of a GET too. */
export function isPage({ method, at }: Pick<OriginRequest, 'method' | 'at'>): boolean {
  return SAFE_METHODS.has(method) && !overridesMethod(at);
}

function askingOf(
  { visit, policy, origin, edge, afterwards }: Onward,
  { timeoutMs, purpose }: Pick<Asking, 'timeoutMs' | 'purpose'>,
): Asking {
  const client = visit.whence === null ? '' : voterAt(visit.whence.ip);
  return { policy, origin, afterwards, pools: edge.pools, client, limits: visit.limits, timeoutMs, purpose };
}

/** Whoever has one /64 has a /48 for the asking: that is one voter. */
function voterAt(ip: IpAddress): string {
  return ip.text.includes(':') ? countedPrefix(ip) : ip.counted;
}
