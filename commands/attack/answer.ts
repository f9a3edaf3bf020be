// What an answer to an attempt means for the attacker. Pure.

import type { Reply } from '../loopback.ts';

export type AnswerKind = 'succeeded' | 'declined' | 'refused' | 'error';

export interface Answer {
  kind: AnswerKind;
  /** Status and code, for the report. */
  wording: string;
}

const refusals = ['403 payment_refused', '403 challenge_required', '429 attempt_in_flight', '429 rate_limited'];

export function readAnswer(reply: Reply): Answer {
  if (reply.kind === 'silent') return { kind: 'error', wording: `no answer: ${reply.reason}` };
  const wording = `${reply.status} ${readWord(reply.body)}`.trim();
  if (wording === '200 succeeded') return { kind: 'succeeded', wording };
  if (wording === '402 failed') return { kind: 'declined', wording };
  return { kind: refusals.includes(wording) ? 'refused' : 'error', wording };
}

// Cordon's problems have a code and the HTTP status as a number; the shop's answers have a status in words.
function readWord(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  if ('code' in body && typeof body.code === 'string') return body.code;
  return 'status' in body && typeof body.status === 'string' ? body.status : '';
}
