/**
 * The merchant's server: one request to it, within a time limit, its redirects never followed.
 */
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import { answerHeaders } from './headers.ts';

/** The part of an answer that is held until its outcome has been recorded. */
export const HELD_LIMIT_BYTES = 256 * 1024;

export interface OriginRequest {
  readonly method: string;
  /** The merchant's own URL of the request, on the origin's host. */
  readonly url: string;
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

export type OriginAnswer =
  | ({ readonly kind: 'answered' } & HeldAnswer)
  /** The head of an answer came, and never its whole body: what happened is known by the status alone, if at all. */
  | { readonly kind: 'broken_off'; readonly status: number }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'timed_out' };

/** The origin's own URL for a request: same path and query, another host. */
export function originUrl(origin: URL, { pathname, search }: URL): string {
  return `${origin.origin}${pathname}${search}`;
}

/** The URL without the query parameter by which some frameworks take a request for one of another method. */
export function withoutMethodOverride(url: URL): URL {
  if (url.search === '') return url;
  const overrides = [...url.searchParams.keys()].filter((name) => phpName(name) === '_method');
  if (overrides.length === 0) return url;
  const plain = new URL(url);
  for (const name of overrides) plain.searchParams.delete(name);
  return plain;
}

// PHP drops leading spaces of a name and turns what a variable cannot hold into an underscore.
function phpName(name: string): string {
  return name.trimStart().replaceAll(/[ .[]/g, '_').toLowerCase();
}

/** Sends once and holds the answer. Never sent again: a payment that may have left must not leave twice. */
export async function sendHeld(request: OriginRequest, timeoutMs: number): Promise<OriginAnswer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    return await hold(await send(request, limit.signal));
  } catch {
    return limit.signal.aborted ? { kind: 'timed_out' } : { kind: 'unreachable' };
  } finally {
    // What is not held streams on for as long as it takes.
    clearTimeout(timer);
  }
}

/** Sends and hands the answer on as it streams; null when the origin cannot be reached. */
export async function sendStreaming(request: OriginRequest): Promise<Response | null> {
  try {
    const response = await send(request, null);
    if (response.webSocket !== null) return response;
    return new Response(response.body, { ...statusOf(response), headers: answerHeaders(response.headers, null) });
  } catch {
    return null;
  }
}

async function send({ method, url, headers, body }: OriginRequest, signal: AbortSignal | null): Promise<Response> {
  return fetch(url, { method, headers, body, redirect: 'manual', ...(signal === null ? {} : { signal }) });
}

async function hold(response: Response): Promise<OriginAnswer> {
  const held = await holdBody(response, HELD_LIMIT_BYTES);
  if (held.end === 'broken') return { kind: 'broken_off', status: response.status };
  const respond = (evaluation: string | null) => {
    const headers = decodedHeaders(answerHeaders(response.headers, evaluation));
    return new Response(hasBody(response) ? held.forward() : null, { ...statusOf(response), headers });
  };
  return { kind: 'answered', status: response.status, held, location: locationOf(response), respond };
}

// RFC 9110, 10.2.2: with 201 it names what was made, and leads nobody there.
function locationOf({ status, headers }: Response): string | null {
  return status >= 300 && status < 400 ? headers.get('location') : null;
}

// fetch() has undone these codings; the lengths that went with them are no longer true.
function decodedHeaders(headers: Headers): Headers {
  if (['gzip', 'br'].includes(headers.get('content-encoding') ?? '')) {
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  return headers;
}

function statusOf({ status, statusText }: Response): { status: number; statusText: string } {
  return { status, statusText };
}

// RFC 9110: these carry no content, and Response refuses one.
function hasBody({ status, body }: Response): boolean {
  return body !== null && ![101, 204, 205, 304].includes(status);
}
