/**
 * A request to a merchant's host: over a safe transport only, under the policy in force, guarded on protected routes
 * and passed through elsewhere.
 */
import { checkUrl } from '../attempt/card-field.ts';
import { NOTHING_READ } from '../attempt/reading-rules.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { InForce } from '../config/policies.ts';
import type { Policy, Route } from '../config/policy.ts';
import { logUnexpected } from '../journal/log.ts';
import { CORDON_LOOP, requestHeaders, UNJUDGED } from '../origin/headers.ts';
import { type OriginRequest, withoutMethodOverride } from '../origin/origin.ts';
import { problem, toHttps } from '../wire.ts';
import { type Afterwards, type Edge, seeThrough } from './edge.ts';
import { guardShown, readEgress, refuseUnverified } from './egress.ts';
import { beginGathering, isGatheredEarly } from './gathering.ts';
import { checkSafe } from './graphql-reader.ts';
import { guardRequest, recordUnguarded, refuseStranger, refuseUnreadable } from './guard.ts';
import { beginGuarding, refuseOldTls } from './guarding.ts';
import { isShed, SHED_RETRY_SECONDS } from './load-limit.ts';
import { passReturn, type Returning } from './returning.ts';
import { placeRequest, returnAt, SAFE_METHODS } from './routing.ts';
import { isPage, sendOnward } from './sending.ts';
import { sendUnderSession } from './session.ts';
import { toClient } from './shop-answer.ts';
import { Visit } from './visit.ts';

/** A body may take longer than a policy is good for: past this, the policy is looked up again. */
const POLICY_GOOD_FOR_MS = 5_000;

/** Answers a request to a merchant's host. Never lets one pass that nothing guards. */
export async function proxy(request: Request, url: RequestUrl, { edge, afterwards }: Serving): Promise<Response> {
  const visit = new Visit(request, url);
  if (!visit.secure) return refusePlaintext(visit);
  if (visit.headers.has(CORDON_LOOP)) return problem('loop_detected');
  const { host, arrivedAt } = visit;
  const inForce = edge.policies.atHand(host, arrivedAt) ?? (await edge.policies.ofHost(host, arrivedAt, afterwards));
  if (inForce === null) return problem('not_guarded');
  const answer = await serve(visit, inForce, { edge, afterwards });
  if (answer instanceof Response) return answer;
  const { policies } = edge;
  const now = Date.now();
  const isAged = answer === 'aged';
  const newer = await (isAged
    ? policies.ofHost(visit.host, now, afterwards)
    : policies.refresh({ kind: 'host', name: visit.host }, inForce, now));
  const second = newer === null ? null : await serve(visit, newer, { edge, afterwards });
  return second instanceof Response ? second : problem('not_guarded');
}

/** A card number is never invited to travel twice: only what carries none is sent on to https. */
export function refusePlaintext({ request, url }: Pick<Visit, 'request' | 'url'>): Response {
  const mayGoOn = ['GET', 'HEAD'].includes(request.method) && checkUrl(url, NOTHING_READ).ok;
  return mayGoOn ? toHttps(url) : problem('https_required');
}

interface Serving {
  readonly edge: Edge;
  readonly afterwards: Afterwards;
}

/** `aged`: the policy was good for less time than the body took. */
type Served = Response | 'stale_config' | 'aged';

async function serve(visit: Visit, inForce: InForce, { edge, afterwards }: Serving): Promise<Served> {
  const { policy } = inForce;
  if (policy.mode === 'off') return serveUnguarded(visit, inForce, { edge, afterwards });
  const { rawPath, url } = visit;
  const location = { method: visit.method, rawPath, url };
  const placement = placeRequest(location, policy.routes);
  const isTlsLate = placement.kind === 'guarded' && mayBeKnownShut(placement.route, policy, edge);
  const tooOld = isTlsLate ? null : refuseOldTls({ edge, visit, inForce });
  if (tooOld !== null) return tooOld;
  const isListed = policy.lists?.deniesAddresses === true && policy.mode === 'enforce';
  const open = (overrides: Overrides) => passThrough(visit, policy, { overrides, edge, afterwards });
  const through = isListed
    ? (overrides: Overrides) => unlessDenied(visit, inForce, { edge, afterwards }, () => open(overrides))
    : open;
  const guarding = (route: Route, now?: number) => beginGuarding({ edge, visit, inForce, route, afterwards }, now);
  const back = returnAt(location, policy.returns);
  const returning = back === null ? null : { visit, policy, back, edge, afterwards };
  const serveBack = (one: Returning) =>
    isListed ? unlessDenied(visit, inForce, { edge, afterwards }, () => serveReturn(one)) : serveReturn(one);
  switch (placement.kind) {
    case 'unguarded':
      return returning === null ? through('kept') : serveBack(returning);
    case 'safe_on_guarded': {
      const safe = await checkSafe(visit, placement.route);
      if (!safe.ok) return refuseUnreadable(guarding(placement.route), safe.why);
      return returning === null ? through('stripped') : serveBack(returning);
    }
    case 'method_not_allowed':
      return refuseUnreadable(guarding(placement.route), { because: 'method', allowed: placement.allowed });
    case 'ambiguous':
      return refuseUnreadable(guarding(placement.route), { because: 'ambiguous_path' });
    case 'guarded': {
      const refusal = await refuseUnseen(visit, policy, edge);
      if (refusal !== null) return refuseOldTls({ edge, visit, inForce }) ?? refusal;
      const { route } = placement;
      const turnedAway = route.access === 'server' ? refuseStranger(guarding(route)) : null;
      if (turnedAway !== null) return turnedAway;
      const shown = route.egress === null ? null : await readEgress(guarding(route), route.egress);
      const unverified = shown === null ? null : refuseUnverified(guarding(route), shown);
      if (unverified !== null) return unverified;
      const startedAt = Date.now();
      // Whoever must be asked about the address answers while the body comes.
      const isAsked = policy.reputation !== null && isGatheredEarly(route);
      const gathering = isAsked ? beginGathering(guarding(route)) : null;
      const held = await visit.hold();
      const now = Date.now();
      if (now - startedAt > POLICY_GOOD_FOR_MS) return 'aged';
      const fresh = guarding(route, now);
      const begun = gathering === null ? fresh : { ...fresh, gathering };
      const answer = await (shown === null ? guardRequest(begun, held) : guardShown(begun, { shown, held }));
      return answer === 'no_attempt' ? through('stripped') : answer;
    }
  }
}

/** Where nothing is paid, too, who comes from a denied address goes no further. */
async function unlessDenied(
  { whence }: Visit,
  { policy }: InForce,
  { edge, afterwards }: Serving,
  goOn: () => Promise<Response>,
): Promise<Response> {
  if (whence === null) return goOn();
  const { gates } = edge.environment;
  const isDenied = await edge.denied.has(whence, { policy, gates, afterwards, now: Date.now() });
  return isDenied ? problem('access_refused') : goOn();
}

/** Who switches the guard off may suspect it: whatever is wrong with what it does here, the request goes on. */
function serveUnguarded(visit: Visit, inForce: InForce, { edge, afterwards }: Serving): Promise<Response> {
  const { policy } = inForce;
  const { method, rawPath, url } = visit;
  try {
    const placement = placeRequest({ method, rawPath, url }, policy.routes);
    if (placement.kind === 'guarded') {
      recordUnguarded(beginGuarding({ edge, visit, inForce, route: placement.route, afterwards }));
    }
  } catch (error) {
    logUnexpected(error);
  }
  return passThrough(visit, policy, { overrides: 'kept', edge, afterwards });
}

/**
 * Whether a payer may be known to be shut before anything else is asked. Then his block is looked up before the TLS
 * version, which is dear to read; nothing else is done until then but to read the body, so that whoever is not that
 * payer hears of his TLS version first all the same.
 */
function mayBeKnownShut({ access, customer, graphql }: Route, policy: Policy, { blocks }: Edge): boolean {
  if (blocks.isEmpty) return false;
  const isPlain = access === 'shopper' && customer === null && graphql === null;
  return isPlain && policy.session === null && policy.reputation === null && policy.tables === null;
}

async function serveReturn(returning: Returning): Promise<Response> {
  const { visit, policy, edge, afterwards } = returning;
  return (await refuseUnseen(visit, policy, edge)) ?? seeThrough(passReturn(returning), afterwards);
}

/** What is turned away before a byte of it is read: no address to count by, or one attempt too many. */
async function refuseUnseen({ whence }: Visit, policy: Policy, edge: Edge): Promise<Response | null> {
  if (whence === null) return problem('no_client_address');
  const isTooMany = policy.mode === 'enforce' && (await isShed(edge.environment, policy.merchant, whence));
  return isTooMany ? problem('rate_limited', { retryAfterSeconds: SHED_RETRY_SECONDS }) : null;
}

/** What becomes of a method that headers or query give: on the path of a route nothing may make an attempt of it. */
type Overrides = 'kept' | 'stripped';

interface Passage {
  readonly overrides: Overrides;
  readonly edge: Edge;
  readonly afterwards: Afterwards;
}

async function passThrough(visit: Visit, policy: Policy, { overrides, edge, afterwards }: Passage): Promise<Response> {
  const { origin, session, mode } = policy;
  if (origin === null) return problem('not_found');
  const { method, whence, host, url } = visit;
  // Whoever is nobody is on no deny list either.
  if (whence === null && mode !== 'off') return problem('no_client_address');
  const judged = mode === 'off' && origin.signingKey !== null ? UNJUDGED : null;
  // A GET may be asked of two servers: no header may make a change of it there.
  const mayOverride = overrides === 'kept' && !SAFE_METHODS.has(method);
  const mayUpgrade = method === 'GET';
  const provenance = { ip: whence?.ip.text ?? null, host, evaluation: null, judged, mayOverride, mayUpgrade };
  const headers = requestHeaders(visit.headers, provenance);
  const at = overrides === 'kept' ? url : withoutMethodOverride(url);
  const onward = { method, at, headers, body: visit.bodyToForward(), from: url };
  const send = (request: OriginRequest) => sendOnward(request, { visit, policy, origin, edge, afterwards });
  const sent = session === null ? send(onward) : sendUnderSession(onward, session, send);
  // A page that is left may be cancelled. What may change something at the shop is seen through.
  const answer = await (isPage(onward) ? sent : seeThrough(sent, afterwards));
  if (answer === 'timed_out') return problem('origin_timeout');
  return answer === 'unreachable' ? problem('origin_unreachable') : toClient(answer);
}
