// What the simulator draws: by seed and name, so that each part of a day has a stream of chance of its own, and one
// campaign more or less leaves all others as they were.

import { type Chance, seedChance } from '../day/chance.ts';

export interface Draws extends Chance {
  /** Whether something happens that happens with this share. */
  is(share: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** A key of the table, by its weight; the weights need not add up to anything. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Log-normal, by its median and the standard deviation of its logarithm: amounts of money. */
  skewed(median: number, deviation: number): number;
  /** A waiting time of a Poisson process. */
  wait(mean: number): number;
  /** How many of a Poisson process come; above 60 as a rounded normal, which is near enough. */
  count(mean: number): number;
  /** So many random letters and digits. */
  token(length: number): string;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function drawsOf(seed: number, name: string): Draws {
  const chance = seedChance(mixed(seed, name));
  const { share, upTo } = chance;
  // Box and Muller (1958); 1 - share, for it is never 0.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share());
  const wait = (mean: number): number => -mean * Math.log(1 - share());
  return {
    ...chance,
    wait,
    is: (likelihood) => share() < likelihood,
    between: (least, most) => least + upTo(most - least + 1),
    weighted: (weights) => weightedOf(weights, share()),
    skewed: (median, deviation) => median * Math.exp(deviation * normal()),
    count: (mean) => (mean > 60 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : arrivals(mean, wait)),
    token: (length) => Array.from({ length }, () => letters[upTo(letters.length)]).join(''),
  };
}

function weightedOf<K extends string>(weights: Readonly<Record<K, number>>, share: number): K {
  const keys = Object.keys(weights) as K[];
  let left = share * keys.reduce((sum, key) => sum + weights[key], 0);
  for (const key of keys) {
    left -= weights[key];
    if (left < 0) return key;
  }
  const last = keys.at(-1);
  if (last === undefined) throw new Error('nothing to choose from');
  return last;
}

function arrivals(mean: number, wait: (mean: number) => number): number {
  let [count, at] = [0, wait(1)];
  for (; at < mean; at += wait(1)) count += 1;
  return count;
}

// FNV-1a (32 bits) over the name, begun at the seed.
function mixed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
