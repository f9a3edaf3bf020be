/**
 * What a challenged payer calls, below `/.cordon/challenge/`: what there is to answer, and the answer, for which he gets a
 * pass. Anybody may call it: the ticket in its address is all that it takes, and a pass is of use to nobody else.
 */

import { decodeBody, wholeBytes } from '../attempt/body.ts';
import { holdBody } from '../attempt/held-stream.ts';
import { readJson } from '../attempt/json-body.ts';
import { METHOD_NAMES } from '../step-up/method-name.ts';
import { HSTS, problem } from '../wire.ts';
import { answerOnce } from './answering.ts';
import { textsFor } from './language.ts';
import { type Face, type Opened, openChallenge } from './opened-challenge.ts';
import { wantsPage } from './page-wish.ts';
import { showChallenge } from './showing.ts';

/** A picture of a face is not sent here, but to whoever looks at it. */
const ANSWER_LIMIT_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 10_000;

const DONE = 'done';
/** The ticket, and the method that is answered. */
const PLACE = /^\/\.cordon\/challenge\/([^/]+)(?:\/([a-z0-9_]+))?$/;

export async function answerChallengeCall(request: Request, face: Face): Promise<Response> {
  const [, token, name] = PLACE.exec(new URL(request.url).pathname) ?? [];
  if (token === undefined) return problem('not_found');
  const isRead = name === undefined || name === DONE;
  const allow = isRead ? 'GET' : 'POST';
  if (request.method !== allow) return problem('method_not_allowed', { allow: [allow] });
  const opened = await openChallenge(request, token, face);
  if (opened instanceof Response) return own(isRead ? await shownRefusal(opened, request) : opened);
  if (name === DONE) return own(await shownDone(opened, request));
  return own(name === undefined ? await showChallenge(opened, request) : await takeAnswer(opened, { request, name }));
}

/** Where Stripe sends the payer back to, in the window that was opened for it. */
async function shownDone({ ticket, on }: Opened, request: Request): Promise<Response> {
  const { renderDone } = await import('./page.tsx');
  return renderDone({ host: on.host, evaluation: ticket.evaluation, texts: textsFor(request) });
}

/** A browser is told on a page. */
async function shownRefusal(refusal: Response, request: Request): Promise<Response> {
  if (!wantsPage(request.headers)) return refusal;
  const { renderRefusal } = await import('./page.tsx');
  const texts = textsFor(request);
  const { status, headers } = refusal;
  const words = status === 410 ? texts.expired : status === 429 ? texts.limited : texts.unavailable;
  const { host } = new URL(request.url);
  return renderRefusal(
    { host, evaluation: headers.get('cordon-evaluation'), texts, title: texts.title, words },
    status,
  );
}

async function takeAnswer(
  opened: Opened,
  { request, name }: { readonly request: Request; readonly name: string },
): Promise<Response> {
  const method = METHOD_NAMES.find((it) => it === name);
  if (method === undefined || !opened.ticket.methods.includes(method)) return problem('not_found');
  const answer = await readAnswer(request);
  return answer instanceof Response ? answer : answerOnce(opened, method, answer.value);
}

async function readAnswer(request: Request): Promise<{ readonly value: unknown } | Response> {
  const held = await holdBody(request, ANSWER_LIMIT_BYTES, scheduler.wait(ANSWER_TIMEOUT_MS));
  if (held.end === 'more_to_come') return problem('too_large');
  const bytes = wholeBytes(held);
  const text = bytes.ok ? decodeBody(bytes.value) : bytes;
  const json = text.ok ? readJson(text.value) : text;
  const { value } = json.ok ? json : { value: null };
  const isAnswer = typeof value === 'object' && value !== null && 'answer' in value && Object.keys(value).length === 1;
  return isAnswer ? { value: value.answer } : problem('invalid_request', { detail: 'the body must be {"answer": …}' });
}

/** Nothing of it is anybody else's, or is kept. */
function own(answer: Response): Response {
  for (const [name, value] of Object.entries({ ...HSTS, 'cache-control': 'no-store' })) answer.headers.set(name, value);
  return answer;
}
