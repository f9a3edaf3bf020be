/**
 * What it means that a server did not answer, or that something on the way answered for it: whether it may have the
 * request. Where that is not known for sure, it may (docs/decisions.md, "What has not left").
 */
import type { PlaceFault } from '../gate/place-health.ts';

/** Cloudflare never got as far as to send it: refused, no route, no TLS, a bad certificate, no such name. */
const NOT_LEFT = [521, 523, 525, 526, 530];
/** Nobody speaks for the server itself: a gateway before it, or Cloudflare, which may have sent it. */
const BROKEN = [502, 503, 504, 520, 522, 524, 527];

/** Null for an answer of the server's own. A 500 is one: whoever pays with nonsense can provoke it. */
export function faultOf(answer: Pick<Response, 'status' | 'headers'>): PlaceFault | null {
  const { status } = answer;
  if (status < 500) return null;
  if (NOT_LEFT.includes(status)) return isOfTheEdge(answer) ? 'refused' : 'broken';
  return BROKEN.includes(status) ? 'broken' : null;
}

/**
 * An application may answer 521 too, after it has charged somebody. Cloudflare marks its own error pages with
 * `cf-error-type`; of those without, its server's name stands on a page that no API writes.
 */
function isOfTheEdge({ headers }: Pick<Response, 'headers'>): boolean {
  if (headers.has('cf-error-type')) return true;
  const isJson = /\bjson\b/i.test(headers.get('content-type') ?? '');
  return headers.get('server') === 'cloudflare' && !isJson;
}
