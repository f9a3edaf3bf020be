/**
 * Where failures beyond the usual are concentrated: the segments that explain them, the most telling first, each by what
 * those before it do not explain. So an attack on one BIN names the BIN, and not everybody. Pure.
 */
import type { Happening } from './recent.ts';
import { isBeyond, type Seen, suspicionOf, type Threshold } from './suspicion.ts';
import { depthOf, isBroad } from './traits.ts';

export interface Concentration extends Seen {
  readonly segment: string;
  readonly usualShare: number;
  readonly excess: number;
  readonly deviation: number;
}

type Counted = Happening & { readonly counted: number };
type UsualShare = (segment: string) => number;

const MOST_SEGMENTS = 8;
/** What stepping one buyer up weighs beside a tester let through. */
const SUFFERED = 0.45;

export function concentrationsIn(
  happenings: readonly Counted[],
  usualShare: UsualShare,
  threshold: Threshold,
): readonly Concentration[] {
  const found: Concentration[] = [];
  let left = happenings;
  while (found.length < MOST_SEGMENTS) {
    const telling = mostTelling(left, usualShare, threshold);
    if (telling === null) break;
    found.push(telling);
    left = left.filter(({ segments }) => !segments.includes(telling.segment));
  }
  return found;
}

function mostTelling(
  happenings: readonly Counted[],
  usualShare: UsualShare,
  threshold: Threshold,
): Concentration | null {
  let best: Concentration | null = null;
  for (const [segment, seen] of tallied(happenings)) {
    const share = usualShare(segment);
    if (!isBeyond(seen, share, threshold)) continue;
    const one = { segment, usualShare: share, ...seen, ...suspicionOf(seen, share) };
    if (best === null || isMoreTelling(one, best)) best = one;
  }
  return best;
}

/** Everybody is the word for it where there is no other. */
function isMoreTelling(one: Concentration, other: Concentration): boolean {
  if (isBroad(one.segment) !== isBroad(other.segment)) return isBroad(other.segment);
  const [gain, otherGain] = [gainOf(one), gainOf(other)];
  return gain === otherGain ? depthOf(one.segment) > depthOf(other.segment) : gain > otherGain;
}

/** Failures explained, less what the others in the segment would suffer by it. */
export function gainOf({ excess, attempts }: Concentration): number {
  return excess - SUFFERED * (attempts - excess);
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
