/**
 * What the watch looks for (src/attack/), done the plain way: everything of late is kept as it came, and counted anew at
 * each look. For comparison: it takes hundreds of milliseconds where windows are full.
 */
import {
  type Concentration,
  isMoreTelling,
  MOST_SEGMENTS,
  type Search,
  worthOf,
} from '../../src/attack/concentration.ts';
import type { Happening } from '../../src/attack/recent.ts';
import type { UsualShare } from '../../src/attack/segment-numbers.ts';
import { isBeyond, type Seen, suspicionOf, type Threshold } from '../../src/attack/suspicion.ts';
import { thresholdFor } from '../../src/attack/threshold.ts';
import { depthOf, isBroad, isSign } from '../../src/attack/traits.ts';

type Counted = Happening & { readonly counted: number };

const OF_ONE_PAYER = 2;

export class PlainLate {
  readonly #spanMs: number;
  readonly #most: number;
  #happenings: readonly Counted[] = [];

  constructor(spanMs: number, most: number) {
    this.#spanMs = spanMs;
    this.#most = most;
  }

  add(happening: Happening): void {
    this.forget(happening.at);
    let spent = 0;
    for (const { payer, weight } of this.#happenings) if (payer === happening.payer) spent += weight;
    const counted = Math.min(happening.weight, Math.max(0, OF_ONE_PAYER - spent));
    this.#happenings = [...this.#happenings, { ...happening, counted }];
  }

  forget(now: number): void {
    let left = this.#happenings;
    for (let [oldest] = left; oldest !== undefined; [oldest] = left) {
      if (oldest.at > now - this.#spanMs && left.length <= this.#most) break;
      left = left.slice(1);
    }
    this.#happenings = left;
  }

  concentrations({ usual, threshold, explained = new Map() }: Search): readonly Concentration[] {
    const isOver = (at: number) => (segment: string) => (explained.get(segment) ?? Number.NEGATIVE_INFINITY) >= at;
    return plainConcentrations(
      this.#happenings.filter(({ segments, at }) => !segments.some(isOver(at))),
      usual,
      threshold,
    );
  }
}

export function plainConcentrations(
  happenings: readonly Counted[],
  usual: UsualShare,
  threshold: Threshold,
): readonly Concentration[] {
  const found: Concentration[] = [];
  let left = happenings;
  while (found.length < MOST_SEGMENTS) {
    const telling = mostTelling(left, usual, threshold);
    if (telling === null) break;
    found.push(telling);
    left = left.filter(({ segments }) => !segments.includes(telling.segment));
  }
  return found;
}

function mostTelling(happenings: readonly Counted[], usual: UsualShare, threshold: Threshold): Concentration | null {
  const tellings = (one: Concentration) => ({
    gain: worthOf(one, depthOf(one.segment)),
    depth: depthOf(one.segment),
    isBroad: isBroad(one.segment),
  });
  let best: Concentration | null = null;
  for (const [segment, seen] of tallied(happenings)) {
    const share = usual(segment);
    if (!isBeyond(seen, share, thresholdFor({ isSign: isSign(segment) }, threshold))) continue;
    const one = { segment, usualShare: share, ...seen, ...suspicionOf(seen, share) };
    if (best === null || isMoreTelling(tellings(one), tellings(best))) best = one;
  }
  return best;
}

function tallied(happenings: readonly Counted[]): ReadonlyMap<string, Seen> {
  const tallies = new Map<string, { attempts: number; failures: number }>();
  for (const { segments, counted } of happenings) {
    for (const segment of segments) {
      const tally = tallies.get(segment);
      if (tally === undefined) tallies.set(segment, { attempts: 1, failures: counted });
      else {
        tally.attempts++;
        tally.failures += counted;
      }
    }
  }
  return tallies;
}
