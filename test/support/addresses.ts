/**
 * Addresses as whole numbers, and prefixes of them for property tests: a second reading beside the one that is tested.
 */
import fc from 'fast-check';

export type Family = 4 | 6;

export interface NumericPrefix {
  readonly family: Family;
  readonly start: bigint;
  readonly length: number;
}

export const widthOf = (family: Family) => (family === 4 ? 32 : 128);

/** In full: IPv6 with all of its zeros. */
export function textOfNumber(number: bigint, family: Family): string {
  const [groups, bits, radix] = family === 4 ? ([4, 8n, 10] as const) : ([8, 16n, 16] as const);
  const parts = Array.from({ length: groups }, (_, index) => {
    const part = (number >> (bits * BigInt(groups - 1 - index))) & ((1n << bits) - 1n);
    return part.toString(radix).padStart(family === 4 ? 1 : 4, '0');
  });
  return parts.join(family === 4 ? '.' : ':');
}

export function numberOf(words: readonly number[]): bigint {
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

export function startOf(number: bigint, family: Family, length: number): bigint {
  const open = BigInt(widthOf(family) - length);
  return (number >> open) << open;
}

/** Few high bits, so that prefixes often lie within one another or beside. */
const crowded = (family: Family) =>
  fc
    .tuple(fc.nat(15), fc.nat(255), fc.bigInt({ min: 0n, max: (1n << BigInt(widthOf(family))) - 1n }), fc.nat(3))
    .map(([high, low, any, kind]) => {
      const top = BigInt(high) << BigInt(widthOf(family) - 4);
      return kind === 0 ? any : kind === 1 ? top : kind === 2 ? top | BigInt(low) : BigInt(low);
    });

const ofFamily = (family: Family) =>
  fc.tuple(crowded(family), fc.nat(widthOf(family))).map(([number, length]): NumericPrefix => {
    return { family, start: startOf(number, family, length), length };
  });

export const prefixes: fc.Arbitrary<NumericPrefix> = fc.oneof(ofFamily(4), ofFamily(6));
export const numbers = fc.oneof(
  crowded(4).map((number) => ({ family: 4 as const, number })),
  crowded(6).map((number) => ({ family: 6 as const, number })),
);
