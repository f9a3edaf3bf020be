/**
 * The shop's answer as its client hears it: its own, or Cordon's words where only what stands before the shop has spoken.
 */
import type { ErrorPage, StreamedAnswer } from '../origin/answer.ts';
import { problem } from '../wire.ts';

/** What of such an answer a client must hear to go on. */
const KEPT = ['retry-after', 'www-authenticate', 'allow'];

export function toClient(answer: StreamedAnswer, about: { readonly evaluation?: string } = {}): Response {
  return answer instanceof Response ? answer : inOwnWords(answer, about);
}

function inOwnWords({ status, headers }: ErrorPage, about: { readonly evaluation?: string }): Response {
  const answer = problem('origin_error', { ...about, status });
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value !== null) answer.headers.set(name, value);
  }
  return answer;
}
