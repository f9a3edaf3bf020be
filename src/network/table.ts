/**
 * An imported list in the form in which it is asked: sorted columns and no objects, so that 120,000 addresses take
 * less than a megabyte, and a question is one binary search. Pure.
 */
import { type IpAddress, wordsOf } from '../attempt/ip-address.ts';
import { type AddressSet, findPrefix } from './address-set.ts';
import { prefixOfBin } from './bin-text.ts';

/** `addresses`: what is said against addresses and networks; `networks`: what networks are for; `bins`: whose cards. */
export const TABLE_KINDS = ['addresses', 'networks', 'bins'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** Of lines that name none: a listed address alone makes a step-up, by the default of `step_up_above`. */
export const DEFAULT_SCORE = 80;

export interface Table {
  readonly kind: TableKind;
  /** Laid apart. Of `bins`, IPv4 holds the BINs' digits as half-bytes. */
  readonly prefixes: AddressSet;
  /** By the position that `findPrefix` gives. */
  readonly values: Uint8Array;
  /** Ascending. */
  readonly asns: Uint32Array;
  readonly asnValues: Uint8Array;
  /** What values mean; empty where they are scores. */
  readonly names: readonly string[];
}

/** The score of an address, or else of its network; null where the list has neither. */
export function scoreOf({ prefixes, values, asns, asnValues }: Table, ip: IpAddress, asn: number | null) {
  const position = findPrefix(prefixes, wordsOf(ip));
  if (position !== null) return { score: values[position] ?? 0, listed: 'address' as const };
  const place = asn === null ? -1 : placeOf(asns, asn);
  return place < 0 ? null : { score: asnValues[place] ?? 0, listed: 'network' as const };
}

/** What the list calls a network; null where it does not name it. */
export function nameOfNetwork({ asns, asnValues, names }: Table, asn: number): string | null {
  const place = placeOf(asns, asn);
  return place < 0 ? null : (names[asnValues[place] ?? -1] ?? null);
}

/** The country of a BIN, where all cards with these first digits have the same one; else null. */
export function countryOfBin({ prefixes, values, names }: Table, bin: string): string | null {
  const asked = prefixOfBin(bin);
  const position = asked === null ? null : findPrefix(prefixes, asked.words);
  if (asked === null || position === null) return null;
  const { starts, lengths } = prefixes.ipv4;
  const next = starts[position + 1] ?? Number.POSITIVE_INFINITY;
  const isOne = (lengths[position] ?? 0) <= asked.length && next >= (asked.words[0] ?? 0) + 2 ** (32 - asked.length);
  return isOne ? (names[values[position] ?? -1] ?? null) : null;
}

export function entriesOf({ values, asns }: Table): number {
  return values.length + asns.length;
}

function placeOf(sorted: Uint32Array, number: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) < number) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === number ? from : -1;
}
