/**
 * Cordon's own question to a server, whether it is well: a GET that nobody pays by, and whose answer nobody is shown.
 */
import type { OriginPolicy, Place } from '../config/origin-policy.ts';
import type { PlaceFault } from '../gate/place-health.ts';
import { faultOf } from './failure.ts';
import { requestHeaders } from './headers.ts';
import { send } from './origin.ts';

/** A server that takes longer to say that it is well is not. */
export const CHECK_TIMEOUT_MS = 3_000;
const AGENT = { 'user-agent': 'Cordon-Check/1' };

export interface Checking {
  readonly place: Place;
  readonly origin: OriginPolicy;
  /** The shop's own name, as with every request. */
  readonly shop: string;
}

/** What is wrong with it; null: nothing. Never throws. */
export async function checkPlace({ place, origin, shop }: Checking): Promise<PlaceFault | null> {
  const headers = requestHeaders(new Headers(AGENT), { ip: null, host: shop, evaluation: null });
  const { health } = origin;
  const at = { pathname: health?.path ?? '/', search: '' };
  const from = { href: `https://${shop}${at.pathname}` };
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  try {
    const answer = await send({ method: 'GET', at, headers, body: null, from, signal }, place, origin);
    await answer.body?.cancel();
    // Who names a path says that what answers there tells of the whole server.
    if (health !== null && (answer.status < 200 || answer.status >= 400)) return faultOf(answer) ?? 'broken';
    return faultOf(answer);
  } catch {
    return signal.aborted ? 'slow' : 'lost';
  }
}
