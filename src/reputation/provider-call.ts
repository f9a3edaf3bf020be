/**
 * One look-up at a provider: https to its own API alone, no redirect followed, with an end in time and size. Whatever goes
 * wrong is a named arm; no part of an answer but its score reaches a log or a reason.
 */

import { holdBody } from '../attempt/held-stream.ts';
import type { IpAddress } from '../attempt/ip-address.ts';
import { NONSENSE, type ProviderApi, type Reading } from '../network/provider-api.ts';

export type ProviderAnswer =
  | Exclude<Reading, { kind: 'over_budget' }>
  | { readonly kind: 'unreachable' }
  /** `retryAfterMs`: when the provider says it may be asked again; null where it does not say. */
  | { readonly kind: 'over_budget'; readonly retryAfterMs: number | null };

export interface ProviderCall {
  readonly api: ProviderApi;
  readonly apiUrl: URL;
  readonly key: string;
  readonly ip: IpAddress;
}

/** How long a late answer is waited for, to have it the next time. */
export const CALL_LIMIT_MS = 4_000;
/** Theirs have one or two kilobytes. */
const ANSWER_LIMIT_BYTES = 32 * 1024;
const DAY_MS = 86_400_000;
const UNREACHABLE: ProviderAnswer = { kind: 'unreachable' };
const decoder = new TextDecoder();

/** Never rejects. */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer> {
  const aborter = new AbortController();
  const late = scheduler.wait(CALL_LIMIT_MS, { signal: aborter.signal }).catch(() => null);
  try {
    const answer = await Promise.race([send(call, aborter.signal), late.then(() => null)]);
    return answer === null ? UNREACHABLE : await readAnswer(answer, call, late);
  } catch {
    return UNREACHABLE;
  } finally {
    aborter.abort();
  }
}

function send({ api, apiUrl, key, ip }: ProviderCall, signal: AbortSignal): Promise<Response> {
  const { path, headers } = api.request(ip, key);
  return fetch(`${apiUrl.origin}${path}`, {
    headers: { accept: 'application/json', 'user-agent': 'Cordon', ...headers },
    redirect: 'manual',
    signal,
  });
}

async function readAnswer(answer: Response, call: ProviderCall, late: Promise<unknown>): Promise<ProviderAnswer> {
  const { status, headers } = answer;
  if (status === 200) return readBody(answer, call, late);
  if (status === 429 || status === 402) return { kind: 'over_budget', retryAfterMs: waitIn(headers, Date.now()) };
  if (status === 401 || status === 403) return { kind: 'refused' };
  return status >= 500 ? UNREACHABLE : NONSENSE_ANSWER;
}

const NONSENSE_ANSWER: ProviderAnswer = { kind: 'nonsense' };

async function readBody(answer: Response, { api, ip }: ProviderCall, late: Promise<unknown>): Promise<ProviderAnswer> {
  const { bytes, end } = await holdBody(answer, ANSWER_LIMIT_BYTES, late);
  if (end === 'broken') return UNREACHABLE;
  const reading = end === 'whole' ? api.read(parse(bytes), ip) : NONSENSE;
  return reading.kind === 'over_budget' ? { ...reading, retryAfterMs: null } : reading;
}

/** Undefined, which no provider can mean, for what is no JSON. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. */
function waitIn(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), DAY_MS);
}
