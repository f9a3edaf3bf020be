/**
 * Regular expressions of an expression: RE2's, by an engine that never goes back over a text, and small ones. The
 * engine of JavaScript takes four seconds over 28 characters of `(a+)+$` (docs/decisions.md).
 */
import { RE2JS } from '@bufbuild/re2';

const SOURCE_LIMIT = 64;
/** Of a text that is longer nothing is known. */
export const MATCHED_LIMIT = 128;
/** What counted repetitions may multiply a pattern by. */
const REPEATS_LIMIT = 64;
const PROGRAM_LIMIT = 150;
/** States that the engine remembers, about a kilobyte each; beyond them it goes on without. */
const STATES_LIMIT = 64;

const COUNTED = /\{(\d*),?(\d*)\}/g;
/** Classes of Unicode cost 80 ms to set up. */
const REFUSED = /\\[pP]|\(\?/;

export type Pattern =
  | { readonly ok: true; readonly matches: (text: string) => boolean | null }
  | { readonly ok: false; readonly fault: string };

export function compilePattern(source: string): Pattern {
  if (source.length > SOURCE_LIMIT) return refused(`must have ${SOURCE_LIMIT} characters at most`);
  if (REFUSED.test(source)) return refused('takes neither (?…) nor \\p');
  if (repeatsOf(source) > REPEATS_LIMIT) return refused(`repeats more than ${REPEATS_LIMIT} times`);
  try {
    const pattern = new RE2JS(source);
    const { prog, dfa } = pattern.re2();
    if (prog.numInst() > PROGRAM_LIMIT) return refused('is too large');
    dfa.stateLimit = STATES_LIMIT;
    return { ok: true, matches: (text) => (text.length > MATCHED_LIMIT ? null : pattern.test(text)) };
  } catch {
    return refused('is no regular expression of RE2');
  }
}

function refused(fault: string): Pattern {
  return { ok: false, fault };
}

/** Whether they stand in each other or beside each other: all multiplied. */
function repeatsOf(source: string): number {
  const counts = [...source.matchAll(COUNTED)].map(([, least, most]) => Math.max(Number(least), Number(most), 1));
  return counts.reduce((product, count) => product * count, 1);
}
