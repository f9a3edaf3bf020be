/**
 * A request on its way to the merchant's servers: to the one there is, or to one of several; with a limit to how long that
 * may take, which is one for all of them.
 */
import type { OriginPolicy } from '../config/origin-policy.ts';
import type { Policy } from '../config/policy.ts';
import { type Asking, askInTurn, type Taking } from '../origin/failover.ts';
import {
  holdAnswer,
  type OriginAnswer,
  type OriginRequest,
  type SentAnswer,
  sendHeld,
  sendStreaming,
  streamed,
} from '../origin/origin.ts';
import { problem } from '../wire.ts';
import type { Afterwards, Edge } from './edge.ts';
import { SAFE_METHODS } from './routing.ts';
import type { Visit } from './visit.ts';

const TIMED_OUT: OriginAnswer = { kind: 'timed_out' };
const LATE = Symbol('late');
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

/** Sends what may pay, and holds the answer. What is late is let go of with the request. */
export async function sendPayment(request: OriginRequest, onward: Onward, timeoutMs: number): Promise<OriginAnswer> {
  const { visit, origin } = onward;
  if (origin.pool.length === 1) return visit.limits.within(timeoutMs, sendHeld(request, origin), TIMED_OUT);
  const tried = await askInTurn(request, askingOf(onward, { timeoutMs, isHarmless: false }), HOLDING);
  return tried.kind === 'answered' ? tried.value : tried;
}

const HOLDING: Taking<SentAnswer> = { take: holdAnswer, isBroken: ({ kind }) => kind === 'broken_off' };
const STREAMING: Taking<Response> = { take: streamed, isBroken: () => false };

/** Sends anything else, and hands the answer on as it streams. The limit is to its beginning. */
export async function sendOnward(request: OriginRequest, onward: Onward): Promise<Response> {
  const { visit, origin } = onward;
  const timeoutMs = request.body === null ? origin.timeoutMs : UPLOAD_TIMEOUT_MS;
  if (origin.pool.length === 1) {
    const answer = await visit.limits.within(timeoutMs, sendStreaming(request, origin), LATE);
    return answer === LATE ? problem('origin_timeout') : (answer ?? problem('origin_unreachable'));
  }
  const isHarmless = SAFE_METHODS.has(request.method);
  const tried = await askInTurn(request, askingOf(onward, { timeoutMs, isHarmless }), STREAMING);
  switch (tried.kind) {
    case 'answered':
      return tried.value;
    case 'timed_out':
      return problem('origin_timeout');
    case 'unreachable':
      return problem('origin_unreachable');
  }
}

function askingOf(
  { visit, policy, origin, edge, afterwards }: Onward,
  { timeoutMs, isHarmless }: Pick<Asking, 'timeoutMs' | 'isHarmless'>,
): Asking {
  const client = visit.whence?.ip.counted ?? '';
  return { policy, origin, afterwards, pools: edge.pools, client, limits: visit.limits, timeoutMs, isHarmless };
}
