/**
 * What it means that a server did not answer, or that something on the way answered for it: whether it may have the
 * request. Where that is not known for sure, it may (docs/decisions.md, "What has not left").
 */
import type { PlaceFault } from '../gate/place-health.ts';
import { beginningOf } from './beginning.ts';
import { SIGN_LIMIT_BYTES } from './error-page.ts';

/** Cloudflare never got as far as to send it: refused, no route, no TLS, a bad certificate, no such name. */
const NOT_LEFT = [521, 523, 525, 526, 530];
/** Nobody speaks for the server itself: a gateway before it, or Cloudflare, which may have sent it. */
const BROKEN = [502, 503, 504, 520, 522, 524, 527];

/** Cloudflare's own words with these statuses, for scripts and for browsers. */
const EDGES_WORDS = /^\s*error code: \d{3,4}\s*$|<div id="cf-(?:wrapper|error-details)"/i;
const decoder = new TextDecoder();

/** Null for an answer of the server's own. A 500 is one: whoever pays with nonsense can provoke it. */
export function faultOf(answer: Pick<Response, 'status' | 'headers'>): PlaceFault | null {
  const { status } = answer;
  if (status < 500) return null;
  if (NOT_LEFT.includes(status)) return isMarked(answer) ? 'refused' : 'broken';
  return BROKEN.includes(status) ? 'broken' : null;
}

/**
 * The same, where an answer without the mark may be the edge's by its words. An application may answer 521 too, after it
 * has charged somebody; behind Cloudflare its answer bears Cloudflare's name as well. The answer stays to be read.
 */
export async function faultIn(answer: Response): Promise<PlaceFault | null> {
  const fault = faultOf(answer);
  const { status, headers } = answer;
  const isUnclear = fault === 'broken' && NOT_LEFT.includes(status) && headers.get('server') === 'cloudflare';
  return isUnclear && (await areEdgesWords(answer)) ? 'refused' : fault;
}

/** Cloudflare marks its own error pages, and nobody else's. */
function isMarked({ headers }: Pick<Response, 'headers'>): boolean {
  return headers.has('cf-error-type');
}

async function areEdgesWords(answer: Response): Promise<boolean> {
  const { body } = answer.clone();
  if (body === null) return false;
  const beginning = await beginningOf(body, SIGN_LIMIT_BYTES);
  beginning.drop();
  return EDGES_WORDS.test(decoder.decode(beginning.bytes));
}
