/**
 * What reading one body may cost, however its fragments, variables and requests multiply: counted down.
 */
import { holdsCardNumber } from './card-number.ts';
import type { Unreadable } from './unreadable.ts';

/** Every selection looked at and every value resolved is a step; an ordinary payment takes under a hundred. */
export const STEP_LIMIT = 20_000;
const CHARS_A_STEP = 32;

export const TOO_COSTLY: Unreadable = { because: 'graphql_too_costly', limit: STEP_LIMIT };

/** A storefront's longest documents have some 3,000. */
export const TOKEN_LIMIT = 10_000;

export interface Allowance {
  steps: number;
  tokens: number;
}

export function fullAllowance(): Allowance {
  return { steps: STEP_LIMIT, tokens: TOKEN_LIMIT };
}

/** Takes one step, more for a long name. False when nothing is left. */
export function spend(allowance: Allowance, chars = 0): boolean {
  allowance.steps -= 1 + Math.floor(chars / CHARS_A_STEP);
  return allowance.steps >= 0;
}

/** Whoever writes the digits of a card makes the search for one expensive: up to 50 µs a text. */
const DIGITS_STEPS = 10;
const MANY_DIGITS = /^(?:\P{N}*\p{N}){12}/u;

/** Pays for the search for a card number in a text. False when nothing is left. */
export function spendOnSearch(allowance: Allowance, text: string): boolean {
  if (MANY_DIGITS.test(text)) allowance.steps -= DIGITS_STEPS;
  return allowance.steps >= 0;
}

/** Whether a text holds a card number; a body that is nothing but candidates counts as if one did. */
export function mayHoldCardNumber(text: string, name: string, allowance: Allowance): boolean {
  return !spendOnSearch(allowance, text) || holdsCardNumber(text, name);
}
