// A command that takes one word, and no more.

import { UsageError } from './usage.ts';

/** That word; `expected` says how the command is written. */
export function only(words: readonly string[], expected: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1) throw new UsageError(`Expected: ${expected}`);
  return word;
}
