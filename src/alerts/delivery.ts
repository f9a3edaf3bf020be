/**
 * One try to deliver a message: a signed POST, no redirect followed, nothing of the answer read but its status, and an
 * end in time. Never rejects; whatever goes wrong is a named arm.
 */
import { signedHeaders, type Unsigned } from './signing.ts';

/** The specification recommends 15 to 30 seconds. */
export const TRY_TIMEOUT_MS = 15_000;
const DAY_MS = 86_400_000;

export type Tried =
  | { readonly kind: 'delivered' | 'gone' | 'refused' | 'redirected'; readonly status: number; readonly ms: number }
  | { readonly kind: 'busy'; readonly status: number; readonly ms: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'late' | 'unreachable'; readonly ms: number }
  /** Nothing was sent: no secret, or a URL that Cordon must not call. */
  | { readonly kind: 'no_secret' | 'forbidden_url'; readonly ms: number };

export async function deliver(
  message: Unsigned,
  url: string,
  secrets: readonly Uint8Array<ArrayBuffer>[],
): Promise<Tried> {
  const from = Date.now();
  const aborter = new AbortController();
  const late = scheduler.wait(TRY_TIMEOUT_MS, { signal: aborter.signal }).then(
    () => null,
    () => null,
  );
  try {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Cordon',
      ...(await signedHeaders(message, secrets, from)),
    };
    const sent = { method: 'POST', headers, body: message.body, redirect: 'manual', signal: aborter.signal } as const;
    const answer = await Promise.race([fetch(url, sent), late]);
    const ms = Date.now() - from;
    if (answer === null) return { kind: 'late', ms };
    // Nobody reads it, however long it is.
    await answer.body?.cancel().catch(() => {});
    return meaningOf(answer, ms);
  } catch {
    return { kind: 'unreachable', ms: Date.now() - from };
  } finally {
    // Ends the wait, and a call that is late.
    aborter.abort();
  }
}

function meaningOf({ status, headers }: Response, ms: number): Tried {
  if (status >= 200 && status < 300) return { kind: 'delivered', status, ms };
  if (status >= 300 && status < 400) return { kind: 'redirected', status, ms };
  if (status === 410) return { kind: 'gone', status, ms };
  if (status === 429 || status >= 500) return { kind: 'busy', status, ms, retryAfterMs: waitIn(headers) };
  return { kind: 'refused', status, ms };
}

/** `Retry-After` (RFC 9110, 10.2.3) in seconds; a date is not obeyed, for clocks differ. */
function waitIn(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text) * 1000, DAY_MS) : null;
}
