/**
 * The composition root: introduces the rooms to each other and decides which face answers a request.
 */
import type { Hono } from 'hono';
import { bellOf } from './alerts/bell.ts';
import { createApi } from './api/api.ts';
import { bearsKey } from './api/bearer.ts';
import type { ApiVariables } from './api/request.ts';
import { type RequestUrl, readUrl } from './attempt/request-url.ts';
import { wantsPage } from './challenge/page-wish.ts';
import {
  type Environment,
  type EnvironmentResult,
  parseEnvironment,
  type RawEnvironment,
} from './config/environment.ts';
import type { OnKept } from './journal/dead-letters.ts';
import type { Entry } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { logUnexpected } from './journal/log.ts';
import type { PaymentPages } from './proxy/challenge-page.ts';
import { type Afterwards, Edge, seeThrough } from './proxy/edge.ts';
import { proxy, refusePlaintext } from './proxy/proxy.ts';
import { CHALLENGE_PATH } from './step-up/offering.ts';
import { HSTS, problem } from './wire.ts';

const OWN_PATHS = '/.cordon/';
/** What the pages of challenges are made of. */
const PAGE_FILES_PATH = `${OWN_PATHS}page/`;
const PASSKEY_PATHS = '/.cordon/passkeys';
/** A merchant's public keys, for its origin and its pages. */
const KEY_SET_PATH = `${OWN_PATHS}jwks.json`;
/** What shops' pages load. */
const SHOP_SCRIPTS: readonly string[] = [`${OWN_PATHS}challenge.js`, `${PASSKEY_PATHS}.js`, `${OWN_PATHS}seal.js`];

interface App {
  readonly edge: Edge;
  readonly api: Hono<ApiVariables>;
}

type Start = { readonly ok: true; readonly app: App } | Exclude<EnvironmentResult, { ok: true }>;

let started: { readonly raw: RawEnvironment; readonly start: Start } | null = null;

/** Answers every request. What nobody expected is a 500 that says nothing, never an unguarded pass. */
export async function answer(request: Request, raw: RawEnvironment, ctx: ExecutionContext): Promise<Response> {
  let response: Response;
  try {
    const start = started?.raw === raw ? started.start : await startOnce(raw);
    response = await route(request, start, { raw, ctx });
  } catch (error) {
    response = unexpected(error);
  }
  return raw.CORDON_ENV === 'development' ? withoutHsts(response) : response;
}

/** The trigger of every minute (wrangler.toml), for what cannot wait for the other. */
const MINUTELY = '* * * * *';

/** What the cron triggers are for: servers that are checked; feeds that are due, and the record. `now` in ms since the epoch. */
export async function tend(raw: RawEnvironment, now: number, cron = ''): Promise<void> {
  const start = started?.raw === raw ? started.start : await startOnce(raw);
  if (!start.ok) return;
  if (cron === MINUTELY) return tendOrigins(start.app.edge, now);
  const { Feeds } = await import('./config/feeds/feeds.ts');
  const { environment, policies } = start.app.edge;
  const { tendRecords } = await import('./journal/tending.ts');
  const late: Promise<unknown>[] = [];
  const afterwards: Afterwards = (work) => void late.push(work);
  const feeds = new Feeds(environment).refreshDue(now);
  // Neither waits for the other's mishaps.
  await Promise.allSettled([feeds, tendRecords({ environment, policies, afterwards, now })]);
  await Promise.allSettled(late);
  await feeds;
}

async function tendOrigins({ environment: { merchants }, policies, pools }: Edge, now: number): Promise<void> {
  const { checkOrigins } = await import('./origin/rounds.ts');
  const late: Promise<unknown>[] = [];
  await checkOrigins({ merchants, policies, pools, now, afterwards: (work) => void late.push(work) });
  await Promise.allSettled(late);
}

/** What the queues deliver: entries of the record. */
export async function take(batch: MessageBatch, raw: RawEnvironment): Promise<void> {
  const { consume } = await import('./journal/consumer.ts');
  const kept: Entry[] = [];
  const onKept: OnKept = (entries) => kept.push(...entries);
  await consume(batch, { records: raw.RECORDS ?? null, kv: raw.MERCHANTS ?? null, onKept });
  if (kept.length > 0) bellOf(raw.ALERTS)?.journalFailing(kept);
}

interface Call {
  readonly raw: RawEnvironment;
  readonly ctx: ExecutionContext;
}

function route(request: Request, start: Start, { raw, ctx }: Call): Response | Promise<Response> {
  const url = urlOf(request);
  if (url === null) return problem('not_guarded');
  // On a hang-up the platform cancels the handler, and with it what must be counted: waitUntil keeps that.
  const afterwards: Afterwards = (work) => ctx.waitUntil(work);
  const isOwn = url.pathname.startsWith(OWN_PATHS);
  if (isOwn && url.pathname === `${OWN_PATHS}health`) return health(request, start, raw);
  if (!start.ok) return problem('not_guarded');
  const { edge, api } = start.app;
  if (!isOwn) return proxy(request, url, { edge, afterwards });
  if (url.protocol !== 'https:') return refusePlaintext({ request, url });
  if (url.pathname.startsWith(PAGE_FILES_PATH) || SHOP_SCRIPTS.includes(url.pathname)) return answerPageFile(request);
  if (url.pathname.startsWith(CHALLENGE_PATH))
    return seeThrough(answerChallenge(request, edge, afterwards), afterwards);
  if (url.pathname.startsWith(PASSKEY_PATHS)) return seeThrough(answerPasskey(request, edge, afterwards), afterwards);
  if (url.pathname === KEY_SET_PATH) return answerKeys(request, edge, afterwards);
  return seeThrough(Promise.resolve(api.fetch(request, raw, ctx)), afterwards);
}

/** Null: its host is none (`a, b`), and so nobody's. */
function urlOf({ url }: Request): RequestUrl | null {
  try {
    return readUrl(url);
  } catch {
    return null;
  }
}

/** What anybody may ask, on shop hosts too. */
async function answerKeys(request: Request, edge: Edge, afterwards: Afterwards): Promise<Response> {
  const { answerKeyCall } = await import('./keys/key-calls.ts');
  const { environment, policies } = edge;
  return answerKeyCall(request, { environment, policies, afterwards });
}

/** What a payer who is challenged calls, on shop hosts too. */
async function answerChallenge(request: Request, edge: Edge, afterwards: Afterwards): Promise<Response> {
  const { answerChallengeCall } = await import('./challenge/challenge-calls.ts');
  const { environment, policies, journal } = edge;
  return answerChallengeCall(request, { environment, policies, journal, afterwards });
}

/** For a payer who is challenged where a browser will show what it gets. */
const paymentPages: PaymentPages = {
  challenged: async ({ visit, policy: { merchant, stepUp }, ...asked }) => {
    // Scripts, who are told in JSON, cost no loading of the page.
    if (stepUp === null || !wantsPage(visit.request.headers)) return null;
    const { showChallengedPayment } = await import('./challenge/challenged-payment.ts');
    const { request, url } = visit;
    const held = await visit.hold();
    return showChallengedPayment({ request, merchant, stepUp, held, url: new URL(url.href), ...asked });
  },
  unopened: async ({ visit: { request, url }, evaluation, fault }) => {
    const { showUnopenedPayment } = await import('./challenge/challenged-payment.ts');
    return showUnopenedPayment({ request, host: new URL(url.href).host, evaluation, fault });
  },
};

async function answerPageFile(request: Request): Promise<Response> {
  if (!['GET', 'HEAD'].includes(request.method)) return problem('method_not_allowed', { allow: ['GET', 'HEAD'] });
  const { answerPageFile } = await import('./challenge/page-files.ts');
  return answerPageFile(request) ?? problem('not_found');
}

/** What a signed-in customer calls, on shop hosts too. */
async function answerPasskey(request: Request, edge: Edge, afterwards: Afterwards): Promise<Response> {
  const { answerPasskeyCall } = await import('./passkeys/customer-calls.ts');
  const { environment, policies, customers } = edge;
  const payerOf: typeof customers.payerOf = (headers, rule, now) => customers.payerOf(headers, rule, now);
  return answerPasskeyCall(request, { environment, policies, payerOf, afterwards });
}

async function startOnce(raw: RawEnvironment): Promise<Start> {
  const parsed = await parseEnvironment(raw, bellOf(raw.ALERTS));
  const start: Start = parsed.ok ? { ok: true, app: compose(parsed.environment) } : parsed;
  started = { raw, start };
  return start;
}

function compose(environment: Environment): App {
  const journal = new Journal(environment.journalQueue, environment.points);
  const edge = new Edge(environment, journal, paymentPages);
  return { edge, api: createApi(environment, edge.policies, journal) };
}

/** Ready or not, for everyone; what is missing, for the bearer of the admin key. */
async function health(request: Request, start: Start, { CORDON_ADMIN_KEY: key }: RawEnvironment): Promise<Response> {
  if (start.ok) return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store', ...HSTS } });
  const mayKnow = key !== undefined && key !== '' && (await bearsKey(request.headers, key));
  return problem('unhealthy', mayKnow ? { detail: `missing or wrong: ${start.faults.join(', ')}` } : {});
}

// Browsers remember HSTS for a name, whatever the port: on a developer's localhost it would break other servers.
function withoutHsts(response: Response): Response {
  if (!response.headers.has('strict-transport-security')) return response;
  const changed = new Response(response.body, response);
  changed.headers.delete('strict-transport-security');
  return changed;
}

function unexpected(error: unknown): Response {
  logUnexpected(error);
  return problem('internal_error');
}
