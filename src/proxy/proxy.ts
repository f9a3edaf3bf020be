/**
 * A request to a merchant's host: over a safe transport only, under the policy in force, guarded on protected routes
 * and passed through elsewhere.
 */
import type { InForce } from '../config/policies.ts';
import type { Policy, Route } from '../config/policy.ts';
import { checkTls } from '../network/transport.ts';
import { requestHeaders } from '../origin/headers.ts';
import { originUrl, sendStreaming, withoutMethodOverride } from '../origin/origin.ts';
import { problem, toHttps } from '../wire.ts';
import type { Afterwards, Edge } from './edge.ts';
import { beginGuarding, type Guarded, guardAttempt, refuseUnreadable } from './guard.ts';
import { placeRequest } from './routing.ts';
import { Visit } from './visit.ts';

/** Answers a request to a merchant's host. Never lets one pass that nothing guards. */
export async function proxy(request: Request, edge: Edge, afterwards: Afterwards): Promise<Response> {
  const visit = new Visit(request);
  if (!visit.transport.secure) return refusePlaintext(visit);
  const now = Date.now();
  const inForce = await edge.policies.ofHost(visit.host, now);
  if (inForce === null) return problem('not_guarded');
  const answer = await serve(visit, inForce, { edge, afterwards });
  if (answer !== 'stale_config') return answer;
  const newer = await edge.policies.refreshFromGate(visit.host, inForce, now);
  const second = newer === null ? 'stale_config' : await serve(visit, newer, { edge, afterwards });
  return second === 'stale_config' ? problem('not_guarded') : second;
}

/** A card number is never invited to travel twice: only what carries none is sent on to https. */
export function refusePlaintext({ request, url }: Pick<Visit, 'request' | 'url'>): Response {
  return ['GET', 'HEAD'].includes(request.method) ? toHttps(url) : problem('https_required');
}

async function serve(
  visit: Visit,
  inForce: InForce,
  { edge, afterwards }: { edge: Edge; afterwards: Afterwards },
): Promise<Guarded> {
  const { policy } = inForce;
  if (isTlsTooLow(visit, policy, edge)) return problem('tls_version');
  const { method } = visit.request;
  if (policy.mode === 'off') return passThrough(visit, policy, visit.url);
  const placement = placeRequest({ method, rawPath: visit.rawPath, url: visit.url }, policy.routes);
  const guarding = (route: Route) => beginGuarding({ edge, visit, inForce, route, afterwards });
  switch (placement.kind) {
    case 'unguarded':
      return passThrough(visit, policy, visit.url);
    case 'safe_on_guarded':
      return passThrough(visit, policy, withoutMethodOverride(visit.url));
    case 'method_not_allowed':
      return refuseUnreadable(guarding(placement.route), { because: 'method', allowed: placement.allowed });
    case 'ambiguous':
      return refuseUnreadable(guarding(placement.route), { because: 'ambiguous_path' });
    case 'guarded':
      return guardAttempt(guarding(placement.route));
  }
}

function isTlsTooLow({ transport }: Visit, { tls }: Policy, { environment }: Edge): boolean {
  return checkTls(transport, tls, environment.kind).some(({ mode }) => mode === 'enforce');
}

async function passThrough(visit: Visit, { origin }: Policy, as: URL): Promise<Response> {
  if (origin === null) return problem('not_found');
  const { request, whence, host } = visit;
  const headers = requestHeaders(request.headers, { ip: whence?.ip.text ?? null, host, evaluation: null });
  const body = visit.bodyToForward();
  const answer = await sendStreaming({ method: request.method, url: originUrl(origin, as), headers, body });
  return answer ?? problem('origin_unreachable');
}
