/**
 * What became of everything that a request tried, read out of the origin's one answer to it.
 */
import type { HeldStream } from '../attempt/held-stream.ts';
import { type Json, lookUpIn, readAnswerJson } from '../attempt/json-body.ts';
import type { HeldAnswer } from '../origin/answer.ts';
import type { OriginAnswer } from '../origin/origin.ts';
import { type Answer, type OutcomeRules, readAnswer } from '../outcome/answer-reader.ts';
import { type AskedPayment, readGraphqlAnswer } from '../outcome/graphql-answer.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';

// Without `stream`, decoding leaves nothing behind.
const decoder = new TextDecoder();

/** What of the answer tells an outcome. */
export type Told =
  | { readonly by: 'answer'; readonly rules: OutcomeRules }
  /** Its own result, among those of a GraphQL request or batch. */
  | { readonly by: 'result'; readonly payment: AskedPayment; readonly isBatch: boolean };

/** The outcomes, in the order of what tells them. `from`: the URL that was asked for. */
export function outcomesIn(answer: OriginAnswer, all: readonly Told[], from: Pick<URL, 'href'>): readonly Outcome[] {
  switch (answer.kind) {
    case 'answered': {
      const { status, location } = answer;
      const whole = { status, json: jsonOf(answer.held), redirect: { from, location } };
      return all.map((told) => outcomeIn(whole, told));
    }
    case 'broken_off': {
      const head = { status: answer.status, json: undefined, redirect: { from, location: null } };
      return all.map((told) => outcomeIn(head, withoutGuess(told)));
    }
    case 'unreachable':
    case 'timed_out':
      return all.map(() => UNKNOWN_OUTCOME);
  }
}

/** A whole answer as one outcome is read in it. */
export function wholeAnswer({ status, held, location }: HeldAnswer, from: Pick<URL, 'href'>): Answer {
  return answerOf({ status, json: jsonOf(held), redirect: { from, location } });
}

interface ReadAnswer extends Pick<Answer, 'status' | 'redirect'> {
  /** Undefined where it is none, or not all of it is in hand. */
  readonly json: Json | undefined;
}

function answerOf({ json, ...head }: ReadAnswer): Answer {
  return { ...head, fields: json === undefined ? null : lookUpIn(json) };
}

function outcomeIn(answer: ReadAnswer, told: Told): Outcome {
  const { status, json } = answer;
  switch (told.by) {
    case 'answer':
      return readAnswer(answerOf(answer), told.rules);
    case 'result':
      return readGraphqlAnswer({ status, json, isBatch: told.isBatch }, told.payment);
  }
}

/** What is not there cannot be held against anybody: it tells what it tells, or nothing. */
function withoutGuess(told: Told): Told {
  switch (told.by) {
    case 'answer':
      return { ...told, rules: { ...told.rules, unmatched: 'unknown' } };
    case 'result': {
      const { payment } = told;
      return { ...told, payment: { ...payment, rules: { ...payment.rules, unmatched: 'unknown' } } };
    }
  }
}

function jsonOf({ end, bytes }: HeldStream): Json | undefined {
  return end === 'whole' ? readAnswerJson(decoder.decode(bytes)) : undefined;
}
