/**
 * The origin's answer on its way to the client: held until its outcome is on record, or streamed; its headers tidied,
 * and what its infrastructure says in the shop's place replaced.
 */
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import { tidyAnswer, type Veil, veiledLocation } from './answer-headers.ts';
import { beginningOf } from './beginning.ts';
import { isCloudflareStatus, isErrorPage, mayBeErrorPage, SIGN_LIMIT_BYTES } from './error-page.ts';

/** The part of an answer that is held until its outcome has been recorded. */
export const HELD_LIMIT_BYTES = 256 * 1024;

/** In the shop's place its infrastructure has answered: the client hears Cordon's words, and this much of the other's. */
export interface ErrorPage {
  readonly kind: 'error_page';
  readonly status: number;
  readonly headers: Headers;
}

/** An answer whose beginning is in hand. */
export interface HeldAnswer {
  readonly status: number;
  readonly held: HeldStream;
  /** Where a redirect leads, as the client is told. */
  readonly location: string | null;
  readonly respond: (evaluation: string | null) => Response | ErrorPage;
}

export type SentAnswer =
  | ({ readonly kind: 'answered' } & HeldAnswer)
  /** The head of an answer came, and never its whole body: what happened is known by the status alone, if at all. */
  | { readonly kind: 'broken_off'; readonly status: number }
  | { readonly kind: 'unreachable' };

export type StreamedAnswer = Response | ErrorPage;

/** Holds the beginning of an answer. */
export async function holdAnswer(response: Response, veil: Veil): Promise<SentAnswer> {
  // What is taken off a response again is asked of the runtime again: once is enough.
  const { status } = response;
  const held = await holdBody(response, HELD_LIMIT_BYTES);
  if (held.end === 'broken' || cannotBeTold(response)) return { kind: 'broken_off', status };
  const location = locationOf(response, status, veil);
  const respond = (evaluation: string | null) => {
    // Nothing of it can be held: only shadow mode lets one come so far.
    if (response.webSocket !== null) return upgraded(response, { evaluation, veil });
    if (status >= 300) {
      const place = placeOf(response, { location, beginning: held.bytes });
      if (place === 'error_page') return errorPageOf(response, veil);
      if (place === 'empty_redirect') return emptied(response, { evaluation, veil });
    }
    // The runtime gives none to what carries no content (204, 205, 304), whatever a server writes.
    const hasBody = held.isPlain === true || response.body !== null;
    const answer = answerOf(response, hasBody ? held.forward() : null, { evaluation, veil });
    if (held.isPlain !== true) dropUndoneCoding(answer.headers);
    return answer;
  };
  return { kind: 'answered', status, held, location, respond };
}

/** On the wire three digits may say anything; nobody can be given a Response with these. */
function cannotBeTold({ status, webSocket }: Response): boolean {
  return status > 599 || (status < 200 && webSocket === null);
}

/** Hands an answer on as it comes. Only of what may be an error page the first kilobytes are looked at. */
export async function streamAnswer(response: Response, veil: Veil): Promise<StreamedAnswer> {
  const telling = { evaluation: null, veil };
  if (response.webSocket !== null) return upgraded(response, telling);
  const { status, headers, body } = response;
  if (status < 300) return answerOf(response, body, telling);
  const isLookedAt = body !== null && mayBeErrorPage(status, headers) && !isCloudflareStatus(status);
  const beginning = isLookedAt ? await beginningOf(body, SIGN_LIMIT_BYTES) : null;
  const place = placeOf(response, {
    location: locationOf(response, status, veil),
    beginning: beginning?.bytes ?? null,
  });
  if (place !== 'shop') {
    if (beginning !== null) beginning.drop();
    else body?.cancel().catch(() => null);
    return place === 'error_page' ? errorPageOf(response, veil) : emptied(response, telling);
  }
  const answer = answerOf(response, beginning === null ? body : beginning.whole(), telling);
  if (beginning !== null) dropUndoneCoding(answer.headers);
  return answer;
}

interface Seen {
  /** Where it leads, as the client is told. */
  readonly location: string | null;
  /** Null where nobody looked. */
  readonly beginning: Uint8Array | null;
}

/**
 * Who speaks: the shop, or what stands before it. A redirect's page only says again where it leads; where that had to be
 * rewritten, or a server wrote it, it goes.
 */
function placeOf(
  { status, headers }: Response,
  { location, beginning }: Seen,
): 'shop' | 'error_page' | 'empty_redirect' {
  const isPage =
    isCloudflareStatus(status) || (beginning !== null && mayBeErrorPage(status, headers) && isErrorPage(beginning));
  if (status >= 400) return isPage ? 'error_page' : 'shop';
  return isPage || location !== headers.get('location') ? 'empty_redirect' : 'shop';
}

function errorPageOf(response: Response, veil: Veil): ErrorPage {
  const headers = new Headers(response.headers);
  tidyAnswer(headers, null, veil);
  return { kind: 'error_page', status: response.status, headers };
}

function emptied(response: Response, telling: Telling): Response {
  const answer = answerOf(response, null, telling);
  for (const name of ['content-type', 'content-length', 'content-encoding', 'etag']) answer.headers.delete(name);
  return answer;
}

// RFC 9110, 10.2.2: with 201 it names what was made, and leads nobody there.
function locationOf(response: Response, status: number, veil: Veil): string | null {
  const isRedirect = status >= 300 && status < 400;
  return isRedirect ? veiledLocation(response.headers.get('location'), veil) : null;
}

interface Telling {
  readonly evaluation: string | null;
  readonly veil: Veil;
}

/** A reason phrase of words alone: whatever else a server writes there reaches clients of HTTP/1.1. */
const PHRASE = /^[a-z' -]{0,60}$/i;

function answerOf(response: Response, body: BodyInit | null, { evaluation, veil }: Telling): Response {
  const { status, headers, statusText } = response;
  const answer = new Response(body, PHRASE.test(statusText) ? response : { status, headers });
  tidyAnswer(answer.headers, evaluation, veil);
  return answer;
}

function upgraded({ headers, webSocket }: Response, { evaluation, veil }: Telling): Response {
  const answer = new Response(null, { status: 101, headers, webSocket });
  tidyAnswer(answer.headers, evaluation, veil);
  return answer;
}

// fetch() has undone these codings; the lengths that went with them are no longer true.
function dropUndoneCoding(headers: Headers): void {
  const coding = headers.get('content-encoding');
  if (coding !== 'gzip' && coding !== 'br') return;
  headers.delete('content-encoding');
  headers.delete('content-length');
}
