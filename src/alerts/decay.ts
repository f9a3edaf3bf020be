/**
 * How much of what was counted some time ago still counts. Pure.
 */
const HALF_LIFE_MS = 3 * 86_400_000;

/** From 1 down to 0. */
export function decayed(ageMs: number): number {
  return 0.5 ** (Math.max(0, ageMs) / HALF_LIFE_MS);
}
