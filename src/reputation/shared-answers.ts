/**
 * Scores that another isolate of the same data centre has bought, in Cloudflare's Cache API: a copy that may be gone at
 * any time, and that a deployment may be without. Keys hold a keyed digest, never an address.
 */
import { digest } from '../attempt/card-fingerprint.ts';
import { countIn, membersOf, scoreIn } from '../network/provider-api.ts';
import type { LookedUp } from './answer-cache.ts';

export type Score = Extract<LookedUp, { kind: 'score' }>;

export interface SharedScore {
  readonly score: Score;
  /** ms since the epoch. */
  readonly until: number;
}

// No host of anybody's (RFC 6761): no request from outside can mean an entry.
const PLACE = 'https://reputation.cordon.invalid/';

/** Where the answer about an address is kept; `key` is the merchant's own. */
export async function placeOf(provider: string, counted: string, key: CryptoKey): Promise<string> {
  return PLACE + (await digest(`${provider}|${counted}`, 'reputation', key));
}

/** Null where none is kept, or nothing can be. */
export async function readShared(place: string, now: number): Promise<SharedScore | null> {
  try {
    const kept = await caches.default.match(place);
    return kept === undefined ? null : scoreOf(await kept.json(), now);
  } catch {
    return null;
  }
}

export async function writeShared(place: string, { score, until }: SharedScore, now: number): Promise<void> {
  const seconds = Math.floor((until - now) / 1000);
  if (seconds <= 0) return;
  const headers = { 'cache-control': `public, max-age=${seconds}` };
  try {
    await caches.default.put(place, Response.json({ ...score, until }, { headers }));
  } catch {
    // The next isolate asks for itself.
  }
}

function scoreOf(json: unknown, now: number): SharedScore | null {
  const { score, message, until } = membersOf(json) ?? {};
  const [known, end] = [scoreIn(score), countIn(until)];
  if (known === null || end === null || end <= now || typeof message !== 'string') return null;
  return { score: { kind: 'score', score: known, message }, until: end };
}
