/**
 * What the operators of an expression do with values of which some are not known (Kleene's logic, as CEL has it for
 * errors): `false && unknown` is false, `true || unknown` is true, everything else that hangs on the unknown is unknown.
 */
import { FAULT, type Run, type Value } from './expression.ts';

/** The values of two operands are known. */
type Binary = (left: Value, right: Value) => Value;

/** A strict operator: where an operand has no value, it has none. A fault is told before what is merely unknown. */
export function strict(left: Run, right: Run, apply: Binary): Run {
  return (facts, item) => {
    const a = left(facts, item);
    const b = right(facts, item);
    if (a === FAULT || b === FAULT) return FAULT;
    return a === null || b === null ? null : apply(a, b);
  };
}

export function strictOf(operand: Run, apply: (value: Value) => Value): Run {
  return (facts, item) => {
    const value = operand(facts, item);
    return value === null || value === FAULT ? value : apply(value);
  };
}

export function both(left: Run, right: Run): Run {
  return (facts, item) => {
    const a = left(facts, item);
    return a === false ? false : joined(a, right(facts, item), false);
  };
}

export function either(left: Run, right: Run): Run {
  return (facts, item) => {
    const a = left(facts, item);
    return a === true ? true : joined(a, right(facts, item), true);
  };
}

/** `decisive`: the operand that settles it, whatever the other is. */
function joined(a: Value, b: Value, decisive: boolean): Value {
  if (a === decisive || b === decisive) return decisive;
  if (a === FAULT || b === FAULT) return FAULT;
  return a === null || b === null ? null : !decisive;
}

export function choice(condition: Run, consequent: Run, alternate: Run): Run {
  return (facts, item) => {
    const value = condition(facts, item);
    if (value === null || value === FAULT) return value;
    return value === true ? consequent(facts, item) : alternate(facts, item);
  };
}

/** Whether some member (`decisive` true), or not a single one that fails (`decisive` false). */
export function quantified(list: Run, predicate: Run, decisive: boolean): Run {
  return (facts, item) => {
    const members = list(facts, item);
    if (!Array.isArray(members)) return members;
    let result: Value = !decisive;
    for (const member of members as readonly Value[]) {
      result = joined(result, predicate(facts, member), decisive);
      if (result === decisive) return decisive;
    }
    return result;
  };
}

/** Safe integers alone, so that nothing is rounded in silence. */
function whole(value: number): Value {
  return Number.isSafeInteger(value) ? value : FAULT;
}

type Arithmetic = (a: number, b: number) => Value;

/** As CEL has them: a quotient is cut towards zero, a remainder has the sign of what was divided. */
export const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  '+': (a, b) => whole(a + b),
  '-': (a, b) => whole(a - b),
  '*': (a, b) => whole(a * b),
  '/': (a, b) => (b === 0 ? FAULT : whole((a - (a % b)) / b)),
  '%': (a, b) => (b === 0 ? FAULT : a % b),
};

export const ORDER: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Of two texts: what is asked of the first by the second. */
export const TEXT_QUESTIONS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
};
