/**
 * The merchant's server: one request to it, its redirects never followed. How long it may take is the caller's word.
 */
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { Certificate, OriginPolicy, Place } from '../config/origin-policy.ts';
import { log } from '../journal/log.ts';
import { tidyAnswer } from './headers.ts';
import { signedHeaders } from './signature.ts';

/** The part of an answer that is held until its outcome has been recorded. */
export const HELD_LIMIT_BYTES = 256 * 1024;

/** What one of the merchant's servers is asked, whichever it is. */
export interface OriginRequest {
  readonly method: string;
  /** Path and query of the merchant's own URL. */
  readonly at: Pick<RequestUrl, 'pathname' | 'search'>;
  readonly headers: Headers;
  readonly body: BodyInit | null;
}

/** An answer whose beginning is in hand. */
export interface HeldAnswer {
  readonly status: number;
  readonly held: HeldStream;
  /** Where a redirect leads. */
  readonly location: string | null;
  readonly respond: (evaluation: string | null) => Response;
}

export type SentAnswer =
  | ({ readonly kind: 'answered' } & HeldAnswer)
  /** The head of an answer came, and never its whole body: what happened is known by the status alone, if at all. */
  | { readonly kind: 'broken_off'; readonly status: number }
  | { readonly kind: 'unreachable' };

/** What is known of an answer when the caller's time is over, or before. */
export type OriginAnswer = SentAnswer | { readonly kind: 'timed_out' };

/** The URL without the query parameter by which some frameworks take a request for one of another method. */
export function withoutMethodOverride(url: RequestUrl): RequestUrl {
  if (url.search === '') return url;
  const overrides = [...url.searchParams.keys()].filter((name) => phpName(name) === '_method');
  if (overrides.length === 0) return url;
  const plain = new URL(url.href);
  for (const name of overrides) plain.searchParams.delete(name);
  return plain;
}

// PHP drops leading spaces of a name and turns what a variable cannot hold into an underscore.
function phpName(name: string): string {
  return name.trimStart().replaceAll(/[ .[]/g, '_').toLowerCase();
}

/** Sends once and holds the answer. Never sent again: a payment that may have left must not leave twice. */
export async function sendHeld(request: OriginRequest, origin: OriginPolicy): Promise<SentAnswer> {
  try {
    return await hold(await send(request, origin.pool[0], origin));
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Sends and hands the answer on as it streams; null when the origin cannot be reached. */
export async function sendStreaming(request: OriginRequest, origin: OriginPolicy): Promise<Response | null> {
  try {
    const response = await send(request, origin.pool[0], origin);
    if (response.webSocket !== null) return response;
    return answerOf(response, response.body, null);
  } catch {
    return null;
  }
}

type Means = Pick<OriginPolicy, 'signingKey' | 'certificate'>;

/** One try at one place: what belongs to the place (its URL, a signature for it) is put on here. */
function send(request: OriginRequest, place: Place, { signingKey, certificate }: Means): Promise<Response> {
  if (signingKey === null) return sendAs(request, place, certificate);
  const signed = signedHeaders(request, place, { key: signingKey, now: Date.now() });
  return signed.then((headers) => sendAs({ ...request, headers }, place, certificate));
}

function sendAs({ method, at, headers, body }: OriginRequest, { url }: Place, by: Certificate): Promise<Response> {
  const to = `${url}${at.pathname}${at.search}`;
  const init: RequestInit = { method, headers, body, redirect: 'manual' };
  switch (by.kind) {
    case 'none':
      return fetch(to, init);
    case 'bound':
      return by.binding.fetch(to, init);
    case 'missing':
      // An origin that asks for a certificate is not to be asked without: it might be somebody else's.
      log({ event: 'origin_certificate_missing', name: by.name });
      return Promise.reject(new Error('no certificate'));
  }
}

async function hold(response: Response): Promise<SentAnswer> {
  const held = await holdBody(response, HELD_LIMIT_BYTES);
  if (held.end === 'broken') return { kind: 'broken_off', status: response.status };
  const respond = (evaluation: string | null) => {
    // Nothing of it can be held, and no Response made of it: only shadow mode lets one come so far.
    if (response.webSocket !== null) return response;
    const answer = answerOf(response, hasBody(response) ? held.forward() : null, evaluation);
    if (held.isPlain !== true) dropUndoneCoding(answer.headers);
    return answer;
  };
  return { kind: 'answered', status: response.status, held, location: locationOf(response), respond };
}

// RFC 9110, 10.2.2: with 201 it names what was made, and leads nobody there.
function locationOf(response: Response): string | null {
  const isRedirect = response.status >= 300 && response.status < 400;
  return isRedirect ? response.headers.get('location') : null;
}

function answerOf(response: Response, body: BodyInit | null, evaluation: string | null): Response {
  const answer = new Response(body, response);
  tidyAnswer(answer.headers, evaluation);
  return answer;
}

// fetch() has undone these codings; the lengths that went with them are no longer true.
function dropUndoneCoding(headers: Headers): void {
  const coding = headers.get('content-encoding');
  if (coding !== 'gzip' && coding !== 'br') return;
  headers.delete('content-encoding');
  headers.delete('content-length');
}

const BODILESS = [101, 204, 205, 304];

// RFC 9110: these carry no content, and Response refuses one.
function hasBody({ status, body }: Response): boolean {
  return body !== null && !BODILESS.includes(status);
}
