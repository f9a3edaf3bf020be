/**
 * One request to a merchant with several servers: which of them has it. What may have reached one goes to no other,
 * unless it changes nothing or the merchant says that they share its idempotency key; all tries have one time limit, and
 * those of all requests a budget.
 */
import type { Place } from '../config/origin-policy.ts';
import type { Deadlines } from '../gate/deadline.ts';
import type { PlaceFault } from '../gate/place-health.ts';
import { faultIn } from './failure.ts';
import type { OriginRequest } from './origin.ts';
import { send } from './origin.ts';
import type { Pooling, Pools } from './pools.ts';
import type { Retry } from './retry-budget.ts';

/** However many servers there are: a client who provokes errors must not multiply. */
const MOST_TRIES = 3;
/** Whoever has not answered by then is looked at, while the request waits on. */
const SLOW_MS = 4_000;
const LATE = Symbol('late');
/**
 * What every server takes for a key, the same and whole: one that it finds too long, empty or double it may pass over, and
 * the payment would be made twice. Quotes as in the draft (draft-ietf-httpapi-idempotency-key-header); 255 as Stripe's.
 */
const SHARED_KEY = /^("?)[A-Za-z0-9][\w.:~+/=@|-]{0,252}\1$/;

export interface Asking extends Pooling {
  readonly pools: Pools;
  /** Whose vote on the place it is; a client's address. */
  readonly client: string;
  readonly limits: Deadlines;
  /** Of all tries together. */
  readonly timeoutMs: number;
  /** `page`: it changes nothing; whoever asks twice is only answered twice. `change`: no payment, and may change something. */
  readonly purpose: 'payment' | 'change' | 'page';
}

export type Tried<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timed_out' };

/** `fault` in an answer: something on the way has answered for the server, or its own broke off. */
type Try<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly fault: PlaceFault | null }
  | { readonly kind: 'failed'; readonly fault: PlaceFault };

/** What is made of an answer within the time limit, and whether that is all of what was to come. */
export interface Taking<T> {
  readonly take: (answer: Response) => Promise<T> | T;
  readonly isBroken: (value: T) => boolean;
}

/** Asks one place after the other, as far as that is allowed. */
export async function askInTurn<T>(request: OriginRequest, asking: Asking, taking: Taking<T>): Promise<Tried<T>> {
  const { pools, timeoutMs, client } = asking;
  const startedAt = Date.now();
  const places = pools.order(asking, startedAt).slice(0, MOST_TRIES);
  for (const [index, place] of places.entries()) {
    const leftMs = startedAt + timeoutMs - Date.now();
    if (leftMs <= 0) return { kind: 'timed_out' };
    const isLast = index === places.length - 1;
    const goesOn = once((fault) => {
      return !isLast && mayGoOn(fault, request, asking) && pools.takeRetry(asking, retryOf(fault, asking));
    });
    const tried = await tryAt(place, { request, asking, taking, goesOn, leftMs, isLast });
    if (tried.fault === null) pools.well(asking, place, client);
    else if (mayBeTheClients(tried.fault, request)) pools.doubt(asking, place);
    else pools.failed(asking, place, client, tried.fault);
    if (tried.kind === 'answered') return { kind: 'answered', value: tried.value };
    if (!goesOn(tried.fault)) return { kind: tried.fault === 'slow' ? 'timed_out' : 'unreachable' };
  }
  return { kind: 'unreachable' };
}

/** Whether another place may have the request, too. */
function mayGoOn(fault: PlaceFault, request: OriginRequest, asking: Asking): boolean {
  // A body that streams is gone with the first try.
  if (request.body instanceof ReadableStream) return false;
  if (fault === 'refused' || asking.purpose === 'page') return true;
  return fault !== 'slow' && bearsSharedKey(request, asking);
}

function retryOf(fault: PlaceFault, { purpose }: Asking): Retry {
  if (fault === 'refused' && purpose !== 'page') return 'unsent';
  return purpose === 'payment' ? 'payment' : 'page';
}

/** Of one try, whatever is heard of it later: what was granted is spent. */
function once(decide: (fault: PlaceFault) => boolean): (fault: PlaceFault) => boolean {
  let decided: boolean | null = null;
  return (fault) => {
    decided ??= decide(fault);
    return decided;
  };
}

/** An upload that breaks off, or drips, fails as a server's answer does: nobody's vote. */
function mayBeTheClients(fault: PlaceFault, { body }: OriginRequest): boolean {
  return body instanceof ReadableStream && (fault === 'lost' || fault === 'slow');
}

function bearsSharedKey({ headers }: OriginRequest, { origin: { sharedIdempotency } }: Asking): boolean {
  return sharedIdempotency !== null && SHARED_KEY.test(headers.get(sharedIdempotency)?.trim() ?? '');
}

interface Trying<T> {
  readonly request: OriginRequest;
  readonly asking: Asking;
  readonly taking: Taking<T>;
  readonly goesOn: (fault: PlaceFault) => boolean;
  /** Of the request's time. */
  readonly leftMs: number;
  readonly isLast: boolean;
}

async function tryAt<T>(place: Place, trying: Trying<T>): Promise<Try<T>> {
  const { request, asking, goesOn, leftMs, isLast } = trying;
  const { limits, pools } = asking;
  const isPage = asking.purpose === 'page';
  // What may be asked again elsewhere must not spend all of the time here.
  const limitMs = isLast || !isPage ? leftMs : leftMs / 2;
  // Only what is asked elsewhere, too, is called off here: what may have charged somebody runs on.
  const leaving = isPage ? new AbortController() : null;
  const sent = sendTo(place, leaving === null ? request : { ...request, signal: leaving.signal }, trying);
  const waitedMs = Math.min(SLOW_MS, limitMs);
  const soon = await limits.within(waitedMs, sent, LATE);
  if (soon !== LATE) return soon;
  pools.doubt(asking, place);
  const tried = limitMs > waitedMs ? await limits.within(limitMs - waitedMs, sent, LATE) : LATE;
  if (tried !== LATE) return tried;
  // Whom no other is asked for has all of his time here.
  const late = limitMs < leftMs && !goesOn('slow') ? await limits.within(leftMs - limitMs, sent, LATE) : LATE;
  if (late !== LATE) return late;
  leaving?.abort();
  return { kind: 'failed', fault: 'slow' };
}

async function sendTo<T>(place: Place, request: OriginRequest, { asking, taking, goesOn }: Trying<T>): Promise<Try<T>> {
  try {
    const answer = await send(request, place, asking.origin);
    const fault = await faultIn(answer);
    if (fault !== null && goesOn(fault)) {
      await answer.body?.cancel();
      return { kind: 'failed', fault };
    }
    const value = await taking.take(answer);
    return { kind: 'answered', value, fault: taking.isBroken(value) ? 'lost' : fault };
  } catch {
    // Refused or cut off after the last byte: the platform says the same of both.
    return { kind: 'failed', fault: 'lost' };
  }
}
