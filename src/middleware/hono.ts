/**
 * `cordon/hono`: a guard for Hono applications that sit behind no route of Cordon's. Asks before the handler, refuses
 * without a reason, and reports what became of the payment, whatever the handler does.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { type Attempt, type Cordon, CordonError, mayProceed, type Outcome, type Verdict } from '../client/client.ts';
import { refusalOf, unaddressed, unrecorded } from './refusal.ts';

export interface GuardOptions {
  readonly cordon: Cordon;
  readonly merchant: string;
  /**
   * The payer's address as your own edge saw it; null when it is not known, which refuses. On Cloudflare that is
   * `CF-Connecting-IP`. Never what a client can write: `X-Forwarded-For` begins with what it sent.
   */
  readonly address: (c: Context) => string | null;
  /** What else is known of the attempt. `c.req.json()` may be read here and again in the handler. */
  readonly attempt: (c: Context) => Omit<Attempt, 'ip'> | Promise<Omit<Attempt, 'ip'>>;
  /** What the handler's answer says, where the handler does not say it with `reportOutcome`. Null: it says nothing. */
  readonly outcome?: (response: Response, c: Context) => Outcome | null | Promise<Outcome | null>;
  /** Told of every outcome that could not be read or did not reach Cordon; writes to the console unless given. */
  readonly onUnreported?: (error: unknown, outcome: Outcome) => void;
}

interface Visit {
  readonly verdict: Verdict;
  outcome: Outcome | null;
}

const UNKNOWN: Outcome = { status: 'unknown' };
const visits = new WeakMap<Request, Visit>();

/** Asks Cordon before the handler, and tells it after. Throws only where the client throws. */
export function cordonGuard(options: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const work = guard(options, c, next);
    // Where a hang-up cancels a handler, the outcome must still be told.
    keepAlive(c, work);
    const refusal = await work;
    if (refusal !== null) c.res = refusal;
  };
}

/** Inside the handler: what became of the payment. The last word before the answer counts. */
export function reportOutcome(c: Context, outcome: Outcome): void {
  const visit = visits.get(c.req.raw);
  if (visit === undefined) throw new Error('reportOutcome needs cordonGuard before this handler');
  visit.outcome = outcome;
}

/** Inside the handler: whose decision let it through, and the evaluation with its reasons. */
export function verdictOf(c: Context): Verdict | null {
  return visits.get(c.req.raw)?.verdict ?? null;
}

/** The answer that replaces the handler's, or null. */
async function guard(options: GuardOptions, c: Context, next: () => Promise<void>): Promise<Response | null> {
  const { cordon, merchant, address, attempt } = options;
  const known = await attempt(c);
  const ip = known.kind === 'renewal' ? undefined : (address(c) ?? null);
  if (ip === null) return unaddressed();
  // A key of this try alone, so that the call may be repeated. The order's would wave a second try through with the
  // answer to the first: a tester guesses security codes that way.
  const idempotencyKey = crypto.randomUUID();
  const verdict = await cordon.evaluate({ merchant, attempt: { ...known, ip } }, { idempotencyKey });
  if (!mayProceed(verdict)) return refusalOf(verdict);
  const visit: Visit = { verdict, outcome: null };
  visits.set(c.req.raw, visit);
  return await handleAndTell(options, { c, next, visit });
}

async function handleAndTell(
  options: GuardOptions,
  { c, next, visit }: { c: Context; next: () => Promise<void>; visit: Visit },
): Promise<Response | null> {
  try {
    await next();
  } catch (error) {
    await tell(options, visit.verdict, visit.outcome ?? UNKNOWN);
    throw error;
  }
  const outcome = visit.outcome ?? (await read(options, c)) ?? UNKNOWN;
  const isTold = await tell(options, visit.verdict, outcome);
  if (visit.verdict.kind === 'evaluated') c.header('cordon-evaluation', visit.verdict.evaluation.id);
  // A decline that was heard and not counted would make the next try free. A buyer who paid is told so.
  return isTold || outcome.status !== 'failed' || options.cordon.onUnreachable === 'allow' ? null : unrecorded();
}

/** What the answer says. Where it cannot be read, the buyer gets it all the same. */
async function read({ outcome, onUnreported = log }: GuardOptions, c: Context): Promise<Outcome | null> {
  // Hono catches what a handler throws: it stands in `c.error`, and the answer says nothing about the payment.
  if (outcome === undefined || c.error) return null;
  try {
    return await outcome(c.res.clone(), c);
  } catch (error) {
    onUnreported(error, UNKNOWN);
    return null;
  }
}

/** Whether Cordon knows. */
async function tell(
  { cordon, onUnreported = log }: GuardOptions,
  verdict: Verdict,
  outcome: Outcome,
): Promise<boolean> {
  if (verdict.kind === 'unreachable') return true;
  try {
    await cordon.reportOutcome(verdict.evaluation.id, outcome);
    return true;
  } catch (error) {
    onUnreported(error, outcome);
    // Another word is on record, a webhook's for one: that is known, and a late failure is counted.
    return error instanceof CordonError && error.code === 'outcome_conflict';
  }
}

function log(error: unknown, { status }: Outcome): void {
  const reason = error instanceof CordonError ? error.message : 'unexpected';
  console.error(JSON.stringify({ event: 'outcome_unreported', status, reason }));
}

function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work.catch(() => {}));
  } catch {
    // No such thing on this platform: Hono throws on reading it, and a hang-up cancels nothing.
  }
}
