/**
 * A shop's days as its attack watch sees them: how attempts end, in order of time. Seeded, so that a day is the same
 * again. Small on purpose: the simulator tells of whole attempts, this of traits alone.
 */
import type { Settled } from '../../src/attack/attack-watch.ts';
import type { Traits } from '../../src/attack/traits.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const BEGIN = Date.UTC(2026, 0, 5);
export const BINS = Array.from({ length: 150 }, (_, index) => String(400_000 + index * 37));

export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(from: readonly T[], random: Random, skew = 1): T {
  return from[Math.floor(from.length * random() ** skew)] as T;
}

/** One buyer, who tries again when he is declined. */
export function buyer(at: number, random: Random, over: Partial<Traits> = {}): readonly Settled[] {
  const standing = random() < 0.45 ? 'guest' : random() < 0.5 ? 'newcomer' : 'known';
  const traits: Traits = {
    standing,
    kind: 'payment',
    route: 'pay',
    bin: pick(BINS, random, 2.5),
    country: random() < 0.85 ? 'NL' : pick(['DE', 'BE', 'FR', 'US', 'GB', 'PL'], random),
    asn: Math.floor(random() ** 2 * 30),
    network: random() < 0.03 ? 'hosting' : 'ordinary',
    hasSession: null,
    amountMinor: Math.floor(500 + random() * 9_000),
    isAbroad: null,
    ...over,
  };
  const payer = `buyer ${random()}`;
  const tries: Settled[] = [];
  do {
    tries.push({ at: at + tries.length * 60_000, traits, payer, weight: random() < 0.12 ? 1 : 0 });
  } while (tries.at(-1)?.weight === 1 && tries.length < 6 && random() < 0.7);
  return tries;
}

/** So many buyers a day, most of them by day. */
export function trade(days: number, buyersADay: number, random: Random): readonly Settled[] {
  return Array.from({ length: days * buyersADay }, (_, index) => {
    const hour = 8 + ((random() + random() + random()) / 3) * 15;
    return buyer(BEGIN + Math.floor(index / buyersADay) * DAY_MS + hour * HOUR_MS, random);
  }).flat();
}

export interface Campaign {
  readonly tries: number;
  readonly from: number;
  readonly spanMs: number;
  readonly traits?: (random: Random) => Partial<Traits>;
}

/** One try for each card, each from another home somewhere. */
export function campaign({ tries, from, spanMs, traits = () => ({}) }: Campaign, random: Random): readonly Settled[] {
  return Array.from({ length: tries }, (_, index) => ({
    at: from + ((index + random()) / tries) * spanMs,
    traits: {
      standing: 'guest',
      kind: 'payment',
      route: 'pay',
      bin: pick(BINS, random, 2.5),
      country: pick(['NL', 'DE', 'US', 'BR', 'IN', 'VN', 'FR', 'GB', 'ID', 'MX'], random),
      asn: 1_000 + Math.floor(random() * 3_000),
      network: 'ordinary',
      hasSession: null,
      amountMinor: Math.floor(random() < 0.5 ? 100 + random() * 300 : 1_000 + random() * 6_000),
      isAbroad: null,
      ...traits(random),
    },
    payer: `tester ${random()}`,
    weight: random() < 0.85 ? 1 : 0,
  }));
}
