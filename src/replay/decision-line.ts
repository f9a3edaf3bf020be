/**
 * What a replay decided about one line, as a line.
 */
import type { Replayed } from './replay.ts';

/** `line` counts from 1. `then`: what a payer met who passed the challenge, where that was not to go on. */
export function decisionLineOf(line: number, replayed: Replayed): string {
  const { evaluation, methods, afterChallenge, isThrough } = replayed;
  const { decision, reasons, risk_score } = evaluation;
  const refused = afterChallenge === null || isThrough ? {} : { then: afterChallenge.decision };
  return JSON.stringify({ line, decision, methods, reasons, risk_score, ...refused });
}
