/**
 * Prefixes with a value each, in any order, some within others: laid into pieces that are apart, so that the most
 * specific prefix counts and a look-up is still one binary search. At most two pieces a prefix. Pure.
 */
import { hostMask, type IpPrefix } from '../attempt/ip-prefix.ts';
import type { PrefixTable } from './address-set.ts';

/** Which of two equal prefixes counts: the one with the higher value, or the one that came later. */
export type TieRule = 'highest' | 'last';

export interface LaidPrefixes extends PrefixTable {
  readonly starts: Uint32Array;
  readonly lengths: Uint8Array;
  /** One a piece. */
  readonly values: Uint8Array;
}

const FIRST_ROOM = 1_024;

/** Grows as it is filled; columns, because a million small objects would fill an isolate. */
export class PrefixPile {
  readonly #width: number;
  #words: Uint32Array;
  #lengths = new Uint8Array(FIRST_ROOM);
  #values = new Uint8Array(FIRST_ROOM);
  #count = 0;

  /** `width`: words of an address, 1 for IPv4 and 4 for IPv6. */
  constructor(width: number) {
    this.#width = width;
    this.#words = new Uint32Array(FIRST_ROOM * width);
  }

  get count(): number {
    return this.#count;
  }

  add({ words, length }: IpPrefix, value: number): void {
    if (this.#count === this.#lengths.length) this.#grow();
    this.#words.set(words, this.#count * this.#width);
    this.#lengths[this.#count] = length;
    this.#values[this.#count] = value;
    this.#count++;
  }

  /** A piece may begin within its prefix, where something more specific has ended: it ends with the prefix. */
  lay(tie: TieRule): LaidPrefixes {
    const laid = new PrefixPile(this.#width);
    const open: number[] = [];
    for (const index of this.#sorted(tie)) {
      this.#closeBefore(index, open, laid);
      const outer = open.at(-1);
      if (outer !== undefined && this.#isSame(outer, index)) open.pop();
      // What says the same as the prefix around it says nothing.
      else if (outer !== undefined && this.#values[outer] === this.#values[index]) continue;
      open.push(index);
      laid.#begin(this.#prefix(index), this.#values[index] ?? 0);
    }
    this.#closeBefore(null, open, laid);
    return laid.#trimmed();
  }

  /** Ends the open prefixes that do not hold the next one; what they lay in goes on behind them. */
  #closeBefore(next: number | null, open: number[], laid: PrefixPile): void {
    for (;;) {
      const top = open.at(-1);
      if (top === undefined || (next !== null && this.#holds(top, this.#start(next)))) return;
      open.pop();
      const outer = open.at(-1);
      const behind = addressAfter(this.#prefix(top));
      if (outer === undefined || behind === null || !this.#holds(outer, behind)) continue;
      laid.#begin({ words: behind, length: this.#lengths[outer] ?? 0 }, this.#values[outer] ?? 0);
    }
  }

  /** A piece that begins where the last one did takes its place. */
  #begin(prefix: IpPrefix, value: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.#start(last).every((word, at) => word === prefix.words[at])) this.#count = last;
    this.add(prefix, value);
  }

  #sorted(tie: TieRule): Uint32Array {
    const compare = (a: number, b: number): number => {
      for (let word = 0; word < this.#width; word++) {
        const difference = (this.#words[a * this.#width + word] ?? 0) - (this.#words[b * this.#width + word] ?? 0);
        if (difference !== 0) return difference;
      }
      const byLength = (this.#lengths[a] ?? 0) - (this.#lengths[b] ?? 0);
      if (byLength !== 0) return byLength;
      return (tie === 'highest' ? (this.#values[a] ?? 0) - (this.#values[b] ?? 0) : 0) || a - b;
    };
    return Uint32Array.from({ length: this.#count }, (_, index) => index).sort(compare);
  }

  #start(index: number): readonly number[] {
    return Array.from(this.#words.subarray(index * this.#width, (index + 1) * this.#width));
  }

  #prefix(index: number): IpPrefix {
    return { words: this.#start(index), length: this.#lengths[index] ?? 0 };
  }

  #isSame(a: number, b: number): boolean {
    return this.#lengths[a] === this.#lengths[b] && this.#start(a).every((word, at) => word === this.#start(b)[at]);
  }

  #holds(index: number, words: readonly number[]): boolean {
    const length = this.#lengths[index] ?? 0;
    return this.#start(index).every((word, at) => (((words[at] ?? 0) ^ word) & ~hostMask(length, at)) === 0);
  }

  #grow(): void {
    const room = this.#lengths.length * 2;
    const grown = <T extends Uint8Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#words = grown(this.#words, new Uint32Array(room * this.#width));
    this.#lengths = grown(this.#lengths, new Uint8Array(room));
    this.#values = grown(this.#values, new Uint8Array(room));
  }

  #trimmed(): LaidPrefixes {
    return {
      starts: this.#words.slice(0, this.#count * this.#width),
      lengths: this.#lengths.slice(0, this.#count),
      values: this.#values.slice(0, this.#count),
    };
  }
}

/** The address behind the last one of a prefix; null where there is none. */
export function addressAfter({ words, length }: IpPrefix): readonly number[] | null {
  const after = [...words];
  let step = 2 ** (31 - ((length - 1) & 31));
  for (let word = (length - 1) >> 5; word >= 0; word--) {
    const sum = (after[word] ?? 0) + step;
    after[word] = sum >>> 0;
    if (sum <= 0xffffffff) return after;
    step = 1;
  }
  return null;
}
