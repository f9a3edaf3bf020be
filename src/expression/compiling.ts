/**
 * Compiles an expression. Loaded where a configuration has one, for it brings the library: what a payment needs of an
 * expression stands in expression.ts.
 */
import type { CountName, Expression } from './expression.ts';
import { at, parse } from './grammar.ts';
import { Refusal } from './part.ts';
import { translate } from './translation.ts';

/** Steps that one evaluation takes at the very most: some tens of microseconds. */
const COST_LIMIT = 5_000;

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  /** In plain words, each with the place that it is about. No literal of the source is quoted. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** Compiles CEL that must come to true or false. Never throws; takes time in proportion to the length of `source`. */
export function compileExpression(source: string): Compiled {
  const parsed = parse(source);
  if (!parsed.ok) return faulty(parsed.fault);
  if (parsed.type !== 'bool') return faulty(at(parsed.root.start, 'must come to true or false'));
  const counts: CountName[] = [];
  const facts = new Set<string>();
  try {
    const { run, cost } = translate(parsed.root, { loop: null, counts, facts });
    return cost > COST_LIMIT
      ? faulty('takes too many steps')
      : { ok: true, expression: { source, counts, facts, run } };
  } catch (error) {
    if (error instanceof Refusal) return faulty(at(error.position, error.message));
    throw error;
  }
}

function faulty(fault: string): Compiled {
  return { ok: false, faults: [fault] };
}
