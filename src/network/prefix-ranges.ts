/**
 * Ranges from one address to another as the fewest prefixes that make them up. Pure.
 */
import type { IpPrefix } from '../attempt/ip-prefix.ts';
import { addressAfter } from './prefix-layers.ts';

/** `to` is the last address of the range; null where it is before `from`, or of the other family. */
export function prefixesOfRange(from: readonly number[], to: readonly number[]): readonly IpPrefix[] | null {
  if (from.length !== to.length || compareWords(from, to) > 0) return null;
  const prefixes: IpPrefix[] = [];
  let at: readonly number[] | null = from;
  while (at !== null && compareWords(at, to) <= 0) {
    const prefix: IpPrefix = widestAt(at, to);
    prefixes.push(prefix);
    at = addressAfter(prefix);
  }
  return prefixes;
}

/** The widest prefix that begins at an address and ends at the last one or before. */
function widestAt(words: readonly number[], to: readonly number[]): IpPrefix {
  let length = words.length * 32;
  while (length > 0 && !isBitSet(words, length - 1) && compareWords(lastOf(words, length - 1), to) <= 0) length--;
  return { words, length };
}

function isBitSet(words: readonly number[], bit: number): boolean {
  return (((words[bit >> 5] ?? 0) >>> (31 - (bit & 31))) & 1) === 1;
}

function lastOf(words: readonly number[], length: number): readonly number[] {
  return words.map((word, index) => {
    const open = length - index * 32;
    if (open >= 32) return word;
    return open <= 0 ? 0xffffffff : (word | (0xffffffff >>> open)) >>> 0;
  });
}

function compareWords(a: readonly number[], b: readonly number[]): number {
  for (const [index, word] of a.entries()) {
    const other = b[index] ?? 0;
    if (word !== other) return word - other;
  }
  return 0;
}
