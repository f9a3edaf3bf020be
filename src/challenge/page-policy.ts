/**
 * The headers that a page goes out with: what it may load and from where, and that nobody keeps it.
 */
import { HSTS } from '../wire.ts';
import type { Sources } from './page-parts.ts';

const OWN: Sources = { script: ["'self'"], style: ["'self'"], connect: ["'self'"], img: ['data:'] };
const DIRECTIVES = ['script', 'style', 'connect', 'worker', 'frame', 'img'] as const;
/**
 * Framed by the shop's own pages alone (challenge.js). A payment may be answered by a redirect to a bank, and Chromium
 * holds those against form-action too: so any host, by https.
 */
const FIXED = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'self'", 'form-action https:'];

/** Without a referrer, what the page sends would come from the origin `null`, which shops refuse. */
export function pageHeaders(evaluation: string | null, needed: readonly Sources[]): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policyOf([OWN, ...needed]),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    vary: 'accept, accept-language',
    ...(evaluation === null ? {} : { 'cordon-evaluation': evaluation }),
    ...HSTS,
  };
}

function policyOf(all: readonly Sources[]): string {
  const added = DIRECTIVES.flatMap((directive) => {
    const sources = [...new Set(all.flatMap((one) => one[directive] ?? []))];
    return sources.length === 0 ? [] : [`${directive}-src ${sources.join(' ')}`];
  });
  return [...FIXED, ...added].join('; ');
}
