/**
 * The merchant's server: one request to it, its redirects never followed. How long it may take is the caller's word.
 */
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { OriginPolicy, Place } from '../config/origin-policy.ts';
import { tidyAnswer } from './headers.ts';

/** The part of an answer that is held until its outcome has been recorded. */
export const HELD_LIMIT_BYTES = 256 * 1024;

/** What one of the merchant's servers is asked, whichever it is. */
export interface OriginRequest {
  readonly method: string;
  /** Path and query of the merchant's own URL. */
  readonly at: Pick<RequestUrl, 'pathname' | 'search'>;
  readonly headers: Headers;
  readonly body: BodyInit | null;
  /** Calls it off; absent: nobody does. */
  readonly signal?: AbortSignal;
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
export async function sendHeld(request: OriginRequest, { pool }: OriginPolicy): Promise<SentAnswer> {
  try {
    return await holdAnswer(await send(request, pool[0]));
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Sends and hands the answer on as it streams; null when the origin cannot be reached. */
export async function sendStreaming(request: OriginRequest, { pool }: OriginPolicy): Promise<Response | null> {
  try {
    return streamed(await send(request, pool[0]));
  } catch {
    return null;
  }
}

/** An answer that is handed on as it comes. */
export function streamed(response: Response): Response {
  return response.webSocket !== null ? response : answerOf(response, response.body, null);
}

/** One try at one place: what belongs to the place (its URL, a signature for it) is put on here. Throws as fetch does. */
export function send({ method, at, headers, body, signal }: OriginRequest, { url }: Place): Promise<Response> {
  return fetch(`${url}${at.pathname}${at.search}`, {
    method,
    headers,
    body,
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
  });
}

export async function holdAnswer(response: Response): Promise<SentAnswer> {
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
