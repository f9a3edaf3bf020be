// Chance that can be had again: the same seed, the same day. Mulberry32 (public domain, by Tommy Ettinger).

export interface Chance {
  /** 0 (inclusive) to 1 (exclusive). */
  share(): number;
  /** 0 to `below` - 1. */
  upTo(below: number): number;
  oneOf<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

export function seedChance(seed: number): Chance {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (below: number): number => Math.floor(share() * below);
  const oneOf = <T>(items: readonly T[]): T => {
    const item = items[upTo(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  };
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, rank: share() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  return { share, upTo, oneOf, shuffle };
}
