/**
 * What reading one request may cost, however its fragments and variables multiply: steps, counted down.
 */
import type { Unreadable } from './unreadable.ts';

/** Every selection looked at and every value resolved is a step; an ordinary payment takes under a hundred. */
export const STEP_LIMIT = 20_000;
const CHARS_A_STEP = 32;

export const TOO_COSTLY: Unreadable = { because: 'graphql_too_costly', limit: STEP_LIMIT };

export interface Allowance {
  steps: number;
}

export function fullAllowance(): Allowance {
  return { steps: STEP_LIMIT };
}

/** Takes one step, more for a long name. False when nothing is left. */
export function spend(allowance: Allowance, chars = 0): boolean {
  allowance.steps -= 1 + Math.floor(chars / CHARS_A_STEP);
  return allowance.steps >= 0;
}
