/**
 * `/.cordon/challenge.js`, for shops that pay by `fetch`: a call that is challenged opens the challenge in a dialog, and is
 * sent once more with the pass. `cordon.fetch` is used like `fetch`; `<script data-patch>` puts it in the place of it.
 */
import { ask } from './dialog.ts';

/** As of `fetch`, but that a body may be made anew each time it is sent: one that is sealed is over before a challenge is. */
type Init = Omit<RequestInit, 'body'> & { readonly body?: RequestInit['body'] | (() => BodyInit | Promise<BodyInit>) };

interface Cordon {
  readonly fetch: (input: RequestInfo | URL, init?: Init) => Promise<Response>;
  /** Puts `cordon.fetch` in the place of `window.fetch`. */
  readonly patch: () => void;
}

declare global {
  interface Window {
    cordon?: Cordon;
  }
}

const PROBLEM = 'application/problem+json';
const SAFE = /^(?:GET|HEAD|OPTIONS)$/i;
const original = window.fetch.bind(window);

/** As `fetch`. What no challenge concerns goes through untouched; who leaves the dialog gets the 403 that opened it. */
async function guarded(input: RequestInfo | URL, init?: Init): Promise<Response> {
  const made = await withBody(init);
  if (!mayBeChallenged(input, made)) return original(input, made);
  // A request's body can be read once: the first call gets a copy.
  const first = await original(input instanceof Request ? input.clone() : input, made);
  const url = await challengeIn(first);
  if (url === null) return first;
  const same = repeatable(input, made);
  const pass = same === null ? null : await ask(url, same.signal);
  if (same === null || pass === null) return first;
  const again = typeof init?.body === 'function' ? new Request(input, await withBody(init)) : same;
  again.headers.set('Cordon-Pass', pass);
  return original(again);
}

async function withBody(init: Init | undefined): Promise<RequestInit | undefined> {
  if (typeof init?.body !== 'function') return init as RequestInit | undefined;
  return { ...init, body: await init.body() };
}

/** Cordon guards what changes something, on the page's own host. */
function mayBeChallenged(input: RequestInfo | URL, init: RequestInit | undefined): boolean {
  const { url, method } = input instanceof Request ? input : { url: String(input), method: 'GET' };
  if (SAFE.test(init?.method ?? method)) return false;
  return new URL(url, location.href).origin === location.origin;
}

/** The address of the challenge that an answer asks for, on this very origin; null for any other answer. */
async function challengeIn(answer: Response): Promise<string | null> {
  if (answer.status !== 403 || !answer.headers.get('content-type')?.startsWith(PROBLEM)) return null;
  try {
    const { code, challenge } = (await answer.clone().json()) as { code?: string; challenge?: { url: string } };
    if (code !== 'challenge_required' || challenge === undefined) return null;
    return new URL(challenge.url).origin === location.origin ? challenge.url : null;
  } catch {
    return null;
  }
}

/** Null for a stream, which is used up. */
function repeatable(input: RequestInfo | URL, init: RequestInit | undefined): Request | null {
  try {
    return new Request(input, init);
  } catch {
    return null;
  }
}

// passkeys.js may have come first.
if (window.cordon?.fetch === undefined) {
  const patch = () => {
    window.fetch = guarded;
  };
  window.cordon = Object.assign(window.cordon ?? {}, { fetch: guarded, patch });
  if (document.currentScript?.hasAttribute('data-patch')) patch();
}
