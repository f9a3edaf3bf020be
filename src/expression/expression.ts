/**
 * An expression as it runs: total and bounded. It never throws, waits for nothing, and has no loop but over a list
 * whose length is known. Pure. Made by compiling.ts, which alone needs the library.
 */
import type { Facts } from './facts.ts';

/** An operation that has no result: a division by zero, or a number beyond the safe integers. */
export const FAULT: unique symbol = Symbol('fault');

/** What a part of an expression comes to. Null: it hangs on something that is not known. */
export type Value = string | number | boolean | readonly string[] | readonly number[] | null | typeof FAULT;

/** `item`: what an `exists` or `all` is at. */
export type Run = (facts: Facts, item: Value) => Value;

export interface Expression {
  readonly source: string;
  /** The velocity rules whose counts it asks for: with any of them it is evaluated once the gate has answered. */
  readonly counts: readonly CountName[];
  /** Which facts it asks for, as `ip.country`. */
  readonly facts: ReadonlySet<string>;
  readonly run: Run;
}

export interface CountName {
  readonly name: string;
  /** Where it stands in the source, from 1. */
  readonly character: number;
}

/** `unknown`: it hangs on something that is not known. `faulty`: it has no result. Neither holds. */
export type Truth = 'holds' | 'fails' | 'unknown' | 'faulty';

export function truthOf({ run }: Expression, facts: Facts): Truth {
  const value = run(facts, null);
  if (value === true) return 'holds';
  if (value === false) return 'fails';
  return value === null ? 'unknown' : 'faulty';
}

/** Whether it is surely so: what is not known, and what has no result, does not hold. */
export function holds({ run }: Expression, facts: Facts): boolean {
  return run(facts, null) === true;
}
