// The card numbers that an attack tries: made up anew for every run, so that one run never meets another's counters.

import { randomInt } from 'node:crypto';
import { checkDigitOf, cvcOf, isLive } from '../../examples/shop/src/issued-cards.ts';

export interface TriedCard {
  number: string;
  cvc: string;
}

const cvcCount = 1000;

/** Distinct Luhn-valid numbers of one BIN, each with its CVC, as a bought list has them. Most of them are dead. */
export function makeLeakedList(count: number): TriedCard[] {
  const bin = makeBin();
  const numbers = new Set<string>();
  while (numbers.size < count) numbers.add(makeNumber(bin));
  return [...numbers].map((number) => ({ number, cvc: cvcOf(number) }));
}

/**
 * One live card with `count` distinct CVCs. The right one comes in the last quarter: a guard that lets five through
 * would else lose one run in sixty to luck, and what a run shows should be the guard.
 */
export function makeCvcGuesses(count: number): TriedCard[] {
  const number = makeLiveNumber();
  const rightCvc = cvcOf(number);
  const cvcs = new Set<string>();
  while (cvcs.size < count - 1) {
    const cvc = String(randomInt(cvcCount)).padStart(3, '0');
    if (cvc !== rightCvc) cvcs.add(cvc);
  }
  const inOrder = [...cvcs];
  inOrder.splice(randomInt(Math.floor(count * 0.75), count), 0, rightCvc);
  return inOrder.map((cvc) => ({ number, cvc }));
}

/** One dead card, `count` times. */
export function repeatDeadCard(count: number): TriedCard[] {
  const number = makeNumberWhere((candidate) => !isLive(candidate));
  return Array.from({ length: count }, () => ({ number, cvc: cvcOf(number) }));
}

/** A card whose owner pays with it. */
export function makeGoodCard(): TriedCard {
  const number = makeLiveNumber();
  return { number, cvc: cvcOf(number) };
}

function makeLiveNumber(): string {
  return makeNumberWhere(isLive);
}

function makeNumberWhere(isWanted: (number: string) => boolean): string {
  for (;;) {
    const number = makeNumber(makeBin());
    if (isWanted(number)) return number;
  }
}

// Clear of 4000… and 4242…, where the well-known test cards are.
function makeBin(): string {
  return `45${makeDigits(6)}`;
}

function makeNumber(bin: string): string {
  const digits = bin + makeDigits(7);
  return digits + checkDigitOf(digits);
}

function makeDigits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0');
}
