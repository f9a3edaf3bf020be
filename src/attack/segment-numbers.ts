/**
 * Segments by number: each is known by a small one for as long as somebody holds it, so that what is counted of many lies
 * in arrays. Bounded by what is held.
 */
import { depthOf, isBroad, isSign } from './traits.ts';

export interface Segment {
  readonly text: string;
  readonly depth: number;
  readonly isBroad: boolean;
  readonly isSign: boolean;
}

interface Held {
  readonly segment: Segment;
  holders: number;
}

const FIRST_SIZE = 64;

export type UsualShare = (segment: string) => number;

export class SegmentNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #held: (Held | null)[] = [];
  readonly #free: number[] = [];
  /** By number: how much of its attempts usually fails; NaN until somebody asks. */
  #shares = new Float64Array(FIRST_SIZE).fill(Number.NaN);

  /** Every number is below it. */
  get end(): number {
    return this.#held.length;
  }

  /** The segment's number, which stays its own until it is let go of as often as it was taken. */
  take(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#at(known).holders++;
      return known;
    }
    const number = this.#free.pop() ?? this.#held.length;
    this.#held[number] = {
      segment: { text, depth: depthOf(text), isBroad: isBroad(text), isSign: isSign(text) },
      holders: 1,
    };
    this.#numbers.set(text, number);
    if (number >= this.#shares.length) this.#widenShares();
    this.#shares[number] = Number.NaN;
    return number;
  }

  /** True where nobody holds it any more. */
  letGo(number: number): boolean {
    const held = this.#at(number);
    held.holders--;
    if (held.holders > 0) return false;
    this.#numbers.delete(held.segment.text);
    this.#held[number] = null;
    this.#free.push(number);
    return true;
  }

  /** Undefined for one that nobody holds. */
  numberOf(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  segment(number: number): Segment {
    return this.#at(number).segment;
  }

  /** As `usual` says, who is asked once until that is forgotten. */
  shareOf(number: number, usual: UsualShare): number {
    const known = this.#shares[number] ?? Number.NaN;
    if (!Number.isNaN(known)) return known;
    const share = usual(this.segment(number).text);
    this.#shares[number] = share;
    return share;
  }

  /** What is usual has changed. */
  forgetShares(): void {
    this.#shares.fill(Number.NaN);
  }

  #widenShares(): void {
    const before = this.#shares;
    this.#shares = new Float64Array(2 * before.length).fill(Number.NaN);
    this.#shares.set(before);
  }

  #at(number: number): Held {
    const held = this.#held[number];
    if (held == null) throw new RangeError(`nobody holds segment ${number}`);
    return held;
  }
}
