/**
 * The origin's answer on its way to the client: held until its outcome is on record, or streamed; its headers tidied,
 * and what its infrastructure says in the shop's place replaced.
 */
import { type HeldStream, holdBody } from '../attempt/held-stream.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { Hiding } from '../config/origin-hiding.ts';
import { tidyAnswer } from './answer-headers.ts';

/** The part of an answer that is held until its outcome has been recorded. */
export const HELD_LIMIT_BYTES = 256 * 1024;

/** What must not be seen in an answer, and what is seen in its place. */
export interface Veil {
  readonly hiding: Hiding;
  /** The URL that the client asked for. */
  readonly from: Pick<RequestUrl, 'href'>;
}

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
  const held = await holdBody(response, HELD_LIMIT_BYTES);
  if (held.end === 'broken') return { kind: 'broken_off', status: response.status };
  const respond = (evaluation: string | null) => {
    // Nothing of it can be held, and no Response made of it: only shadow mode lets one come so far.
    if (response.webSocket !== null) return response;
    const answer = answerOf(response, hasBody(response) ? held.forward() : null, { evaluation, veil });
    if (held.isPlain !== true) dropUndoneCoding(answer.headers);
    return answer;
  };
  return { kind: 'answered', status: response.status, held, location: locationOf(response), respond };
}

/** Hands an answer on as it comes. */
export async function streamAnswer(response: Response, veil: Veil): Promise<StreamedAnswer> {
  if (response.webSocket !== null) return response;
  return answerOf(response, response.body, { evaluation: null, veil });
}

// RFC 9110, 10.2.2: with 201 it names what was made, and leads nobody there.
function locationOf(response: Response): string | null {
  const isRedirect = response.status >= 300 && response.status < 400;
  return isRedirect ? response.headers.get('location') : null;
}

interface Telling {
  readonly evaluation: string | null;
  readonly veil: Veil;
}

function answerOf(response: Response, body: BodyInit | null, { evaluation, veil }: Telling): Response {
  const answer = new Response(body, response);
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

const BODILESS = [101, 204, 205, 304];

// RFC 9110: these carry no content, and Response refuses one.
function hasBody({ status, body }: Response): boolean {
  return body !== null && !BODILESS.includes(status);
}
