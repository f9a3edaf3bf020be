/**
 * From what came back of the origin, if anything did, to what it says of a payment.
 */
import type { HeldStream } from '../attempt/held-stream.ts';
import { readAnswerFields } from '../attempt/json-body.ts';
import type { OriginAnswer } from '../origin/origin.ts';
import { type Answer, type OutcomeRules, readAnswer } from '../outcome/answer-reader.ts';
import { type Outcome, UNKNOWN_OUTCOME } from '../outcome/outcome.ts';

/** `from`: the URL that was asked for. */
export function outcomeOf(answer: OriginAnswer, rules: OutcomeRules, from: URL): Outcome {
  switch (answer.kind) {
    case 'answered':
      return readAnswer(readable(answer, from), rules);
    case 'broken_off':
      return readAnswer({ status: answer.status, fields: null }, { ...rules, unmatched: 'unknown' });
    case 'unreachable':
    case 'timed_out':
      return UNKNOWN_OUTCOME;
  }
}

/** A whole answer, as its patterns look at it. */
export function readable(answer: Extract<OriginAnswer, { kind: 'answered' }>, from: URL): Answer {
  const { status, held, location } = answer;
  return { status, fields: fieldsOf(held), redirect: { from, location } };
}

function fieldsOf(held: HeldStream): ReturnType<typeof readAnswerFields> {
  return held.end === 'whole' ? readAnswerFields(new TextDecoder().decode(held.bytes)) : null;
}
