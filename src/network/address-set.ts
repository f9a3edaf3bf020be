/**
 * A set of prefixes that is asked about single addresses. Prefixes that are apart, in ascending order: the last one that
 * begins at or before an address is the only one that can hold it, so a question is one binary search.
 * Five bytes a prefix of IPv4 and seventeen of IPv6.
 */
import { hostMask, type IpPrefix } from '../attempt/ip-prefix.ts';

export interface AddressSet {
  readonly ipv4: PrefixTable;
  readonly ipv6: PrefixTable;
}

export interface PrefixTable {
  /** The words of the first addresses, one after the other. */
  readonly starts: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

export interface Prefixed {
  readonly prefix: IpPrefix;
}

export interface Arrangement<T extends Prefixed> {
  /** Apart from each other, in the order of an `AddressSet`: IPv4 first, each family ascending. */
  readonly apart: readonly T[];
  /** What lies within another one; of equal ones all but the first. */
  readonly nested: readonly { readonly inner: T; readonly outer: T }[];
}

const IPV6_WORDS = 4;

/** Sorts prefixes and takes out those that others hold. Two prefixes are apart, or one lies within the other. */
export function arrangePrefixes<T extends Prefixed>(items: readonly T[]): Arrangement<T> {
  const apart: T[] = [];
  const nested: { inner: T; outer: T }[] = [];
  for (const item of items.toSorted((a, b) => compare(a.prefix, b.prefix))) {
    const last = apart.at(-1);
    if (last !== undefined && holds(last.prefix, item.prefix.words)) nested.push({ inner: item, outer: last });
    else apart.push(item);
  }
  return { apart, nested };
}

/** The set of prefixes that `arrangePrefixes` left apart. */
export function addressSetOf(apart: readonly Prefixed[]): AddressSet {
  const ofWidth = (width: number) => apart.filter(({ prefix }) => prefix.words.length === width);
  return { ipv4: tableOf(ofWidth(1), 1), ipv6: tableOf(ofWidth(IPV6_WORDS), IPV6_WORDS) };
}

/** Which of the prefixes holds an address, as its position among them, or null. */
export function findPrefix({ ipv4, ipv6 }: AddressSet, words: readonly number[]): number | null {
  const isIpv4 = words.length === 1;
  const position = searchTable(isIpv4 ? ipv4 : ipv6, words);
  if (position === null) return null;
  return isIpv4 ? position : ipv4.lengths.length + position;
}

function searchTable({ starts, lengths }: PrefixTable, words: readonly number[]): number | null {
  let from = 0;
  let to = lengths.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isAbove(starts, middle, words)) to = middle;
    else from = middle + 1;
  }
  const last = from - 1;
  const length = lengths[last];
  return length !== undefined && shareBits(starts, last, { words, length }) ? last : null;
}

/** Whether the prefix at a position begins after the address. */
function isAbove(starts: ArrayLike<number>, position: number, words: readonly number[]): boolean {
  // A loop over indices: an iterator for each comparison would double the time of a look-up.
  for (let index = 0; index < words.length; index++) {
    const start = starts[position * words.length + index] ?? 0;
    const word = words[index] ?? 0;
    if (start !== word) return start > word;
  }
  return false;
}

function shareBits(
  starts: ArrayLike<number>,
  position: number,
  { words, length }: { readonly words: readonly number[]; readonly length: number },
): boolean {
  return words.every((word, index) => {
    const start = starts[position * words.length + index] ?? 0;
    return ((start ^ word) & ~hostMask(length, index)) === 0;
  });
}

function tableOf(items: readonly Prefixed[], width: number): PrefixTable {
  const starts = new Uint32Array(items.length * width);
  for (const [position, { prefix }] of items.entries()) starts.set(prefix.words, position * width);
  return { starts, lengths: Uint8Array.from(items, ({ prefix }) => prefix.length) };
}

function holds({ words, length }: IpPrefix, inner: readonly number[]): boolean {
  return words.length === inner.length && shareBits(words, 0, { words: inner, length });
}

function compare(a: IpPrefix, b: IpPrefix): number {
  if (a.words.length !== b.words.length) return a.words.length - b.words.length;
  for (const [index, word] of a.words.entries()) {
    const other = b.words[index] ?? 0;
    if (word !== other) return word - other;
  }
  return a.length - b.length;
}
