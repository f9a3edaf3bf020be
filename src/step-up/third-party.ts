/**
 * One request to whoever decides about an answer: no redirect followed, an end in time and size. Whatever goes wrong is a
 * named arm, and nothing of an answer is believed here.
 */
import { holdBody } from '../attempt/held-stream.ts';
import type { Services } from './method.ts';

export type Heard =
  /** `body`: the JSON that came, undefined for what is none; its status is below 500, and no redirect's. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  /** Nothing within the time; no connection, or it broke; 429 or 5xx. The same request may be sent again. */
  | { readonly kind: 'late' | 'unreachable' | 'out_of_order' }
  /** Nobody honest answers so. */
  | { readonly kind: 'redirects' | 'too_large' };

/** Theirs have a few kilobytes. */
const ANSWER_LIMIT_BYTES = 64 * 1024;
const decoder = new TextDecoder();

/** Never rejects. */
export async function askThirdParty(
  request: { readonly url: string; readonly init: RequestInit },
  { fetch }: Services,
  timeoutMs: number,
): Promise<Heard> {
  const aborter = new AbortController();
  const { signal } = aborter;
  const late = scheduler.wait(timeoutMs, { signal }).then(
    () => LATE,
    () => LATE,
  );
  try {
    const sent = fetch(new Request(request.url, { ...request.init, redirect: 'manual' }), signal);
    const answer = await Promise.race([sent, late]);
    return answer instanceof Response ? await readAnswer(answer, late) : answer;
  } catch {
    return UNREACHABLE;
  } finally {
    aborter.abort();
  }
}

const LATE: Heard = { kind: 'late' };
const UNREACHABLE: Heard = { kind: 'unreachable' };

async function readAnswer(answer: Response, late: Promise<Heard>): Promise<Heard> {
  const { status } = answer;
  if (status >= 300 && status < 400) return { kind: 'redirects' };
  if (status >= 500 || status === 429) return { kind: 'out_of_order' };
  const { bytes, end } = await holdBody(answer, ANSWER_LIMIT_BYTES, late);
  if (end === 'broken') return UNREACHABLE;
  return end === 'whole' ? { kind: 'answered', status, body: parse(bytes) } : { kind: 'too_large' };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
