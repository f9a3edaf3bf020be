/**
 * `GET /.cordon/jwks.json`: a merchant's public keys, for its origin and its pages. Anybody may have them. On a shop's
 * host they are that shop's; on the management host the query names the merchant.
 */
import type { Environment } from '../config/environment.ts';
import type { InForce, Policies } from '../config/policies.ts';
import { HSTS, problem } from '../wire.ts';
import { publishedKeys } from './key-set.ts';

const SAFE = ['GET', 'HEAD'];
/** A rotation shows at once where it was fetched anew, and a kept copy is good on both sides of it. */
const FOR_A_WHILE = 'public, max-age=300';

export interface KeyFace {
  readonly environment: Environment;
  readonly policies: Policies;
  readonly afterwards: (work: Promise<unknown>) => void;
}

export async function answerKeyCall(request: Request, face: KeyFace): Promise<Response> {
  if (!SAFE.includes(request.method)) return problem('method_not_allowed', { allow: SAFE });
  const found = await policyAsked(new URL(request.url), face);
  if (found instanceof Response) return found;
  const { json, etag } = await publishedKeys(found.policy, face.environment.masterKey);
  // Pages seal by this clock, and not by that of a phone.
  const date = new Date().toUTCString();
  const kept = { etag, date, 'cache-control': FOR_A_WHILE, 'access-control-allow-origin': '*', ...HSTS };
  if (isKnown(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers: kept });
  const headers = { ...kept, 'content-type': 'application/jwk-set+json', 'x-content-type-options': 'nosniff' };
  return new Response(request.method === 'HEAD' ? null : json, { headers });
}

/** In production a shop's host speaks for that shop alone, whatever the query says. */
async function policyAsked(url: URL, { environment, policies, afterwards }: KeyFace): Promise<InForce | Response> {
  const now = Date.now();
  const host = url.hostname.replace(/\.$/, '');
  const { adminHost, kind } = environment;
  const merchant = url.searchParams.get('merchant');
  const isNamed = merchant !== null && (host === adminHost || kind === 'development');
  if (isNamed) {
    // Who names a merchant is told that the storage is away; a host that nothing is known of is not guarded.
    const found = policies.ofMerchant(merchant, now, afterwards).catch(() => problem('storage_unavailable'));
    return (await found) ?? problem('not_found');
  }
  if (host === adminHost) return problem('not_found');
  return (await policies.ofHost(host, now, afterwards)) ?? problem('not_guarded');
}

/** A cache may weaken the name that it was given (RFC 9110, 13.1.2). */
function isKnown(asked: string | null, etag: string): boolean {
  const names = (asked ?? '').split(',').map((name) => name.trim().replace(/^W\//, ''));
  return names.includes(etag);
}
