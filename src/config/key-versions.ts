/**
 * Under which versions a merchant's keys are in force or known, so that nobody is without one during a rotation.
 */

/** The current one first, the next, and the one before. Version 1 has none before it. */
export function versionsAround(current: number): readonly number[] {
  return [current, current + 1, current - 1].filter((version) => version >= 1);
}
