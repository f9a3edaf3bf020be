/**
 * The merchant's server: one request to it, its redirects never followed. How long it may take is the caller's word.
 */
import type { RequestUrl } from '../attempt/request-url.ts';
import type { OriginPolicy, Place } from '../config/origin-policy.ts';
import { holdAnswer, type SentAnswer, type StreamedAnswer, streamAnswer } from './answer.ts';
import { fetchBehind } from './certificate.ts';
import { signedHeaders } from './signature.ts';

/** What one of the merchant's servers is asked, whichever it is. */
export interface OriginRequest {
  readonly method: string;
  /** Path and query of the merchant's own URL. */
  readonly at: Pick<RequestUrl, 'pathname' | 'search'>;
  readonly headers: Headers;
  readonly body: BodyInit | null;
  /** The URL by which the client knows it: what names an origin in the answer is made to name this host. */
  readonly from: Pick<RequestUrl, 'href'>;
  /** Calls it off; absent: nobody does. */
  readonly signal?: AbortSignal;
}

/** What is known of an answer when the caller's time is over, or before. */
export type OriginAnswer = SentAnswer | { readonly kind: 'timed_out' };

/** The URL without the query parameter by which some frameworks take a request for one of another method. */
export function withoutMethodOverride(url: RequestUrl): RequestUrl {
  if (url.search === '') return url;
  const overrides = overridesIn(url.searchParams);
  if (overrides.length === 0) return url;
  const plain = new URL(url.href);
  for (const name of overrides) plain.searchParams.delete(name);
  return plain;
}

/** Whether there is such a parameter in the query. */
export function overridesMethod({ search }: Pick<RequestUrl, 'search'>): boolean {
  return search !== '' && overridesIn(new URLSearchParams(search)).length > 0;
}

function overridesIn(parameters: URLSearchParams): readonly string[] {
  return [...parameters.keys()].filter((name) => phpName(name) === '_method');
}

// PHP drops leading spaces of a name, cuts it at NUL and turns what a variable cannot hold into an underscore.
function phpName(name: string): string {
  return name.trimStart().replace(/\0.*$/s, '').replaceAll(/[ .[]/g, '_').toLowerCase();
}

/** Sends once and holds the answer. Never sent again: a payment that may have left must not leave twice. */
export async function sendHeld(request: OriginRequest, origin: OriginPolicy): Promise<SentAnswer> {
  const { pool, hiding } = origin;
  try {
    return await holdAnswer(await send(request, pool[0], origin), { hiding, from: request.from });
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Sends and hands the answer on as it streams; null when the origin cannot be reached. */
export async function sendStreaming(request: OriginRequest, origin: OriginPolicy): Promise<StreamedAnswer | null> {
  const { pool, hiding } = origin;
  try {
    return await streamAnswer(await send(request, pool[0], origin), { hiding, from: request.from });
  } catch {
    return null;
  }
}

/** One try at one place: what belongs to the place (its URL, a signature for it) is put on here. Throws as fetch does. */
export function send(request: OriginRequest, place: Place, { signingKey: key, certificate }: Means): Promise<Response> {
  const { method, at, body, signal } = request;
  const sendWith = (headers: Headers) => {
    const init: RequestInit = { method, headers, body, redirect: 'manual' };
    if (signal !== undefined) init.signal = signal;
    return fetchBehind(certificate, `${place.url}${at.pathname}${at.search}`, init);
  };
  if (key === null) return sendWith(request.headers);
  return signedHeaders(request, place, { key, now: Date.now() }).then(sendWith);
}

type Means = Pick<OriginPolicy, 'signingKey' | 'certificate'>;
