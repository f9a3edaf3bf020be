/**
 * Merchants' own rules as they are written, and compiled. What compiles expressions is loaded by the first configuration
 * that has one (prepareExpressions): a merchant without pays nothing for it.
 */
import * as z from 'zod';
import type { MerchantRule, RuleSet } from '../decision/rule-findings.ts';
import type { Compiled } from '../expression/compiling.ts';
import type { Expression } from '../expression/expression.ts';
import { MODES } from '../velocity/rule.ts';
import type { Fault } from './faults.ts';

const MAX_STRENGTH = 5;
const RULES_LIMIT = 100;

const name = z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_ .:-]{0,63}$/u, 'must be 1 to 64 letters, digits or _ .:-');
/** CEL; what is wrong with it is said with the character that it is about. */
export const whenSchema = z.string().min(1).max(4_000);

export const rulesSchema = z
  .array(
    z
      .strictObject({
        name,
        when: whenSchema,
        then: z.enum(['block', 'challenge', 'review']),
        mode: z.enum(MODES).default('enforce'),
        strength: z.int().min(1).max(MAX_STRENGTH).optional(),
      })
      .refine(({ then, strength }) => strength === undefined || then === 'challenge', {
        path: ['strength'],
        message: 'is for challenges',
      }),
  )
  .max(RULES_LIMIT)
  .default([]);

export type RulesConfig = z.output<typeof rulesSchema>;

let compile: ((source: string) => Compiled) | null = null;

/** Sees to it that expressions can be compiled, where what was written has any. */
export async function prepareExpressions(written: unknown): Promise<void> {
  if (compile !== null || !hasExpressions(written)) return;
  const { compileExpression } = await import('../expression/compiling.ts');
  compile = compileExpression;
}

/** What is not well-formed is found to be so elsewhere. */
function hasExpressions(written: unknown): boolean {
  const { rules, velocity } = (written ?? {}) as { readonly rules?: unknown; readonly velocity?: unknown };
  if (velocity === 'recommended') return true;
  return [rules, velocity].some((list) => Array.isArray(list) && list.some((one) => hasWhen(one)));
}

function hasWhen(one: unknown): boolean {
  return typeof one === 'object' && one !== null && 'when' in one;
}

/** Compiles one that is well-formed, once `prepareExpressions` has been asked. */
export function compileWhen(source: string): Compiled {
  if (compile === null) throw new Error('expressions are compiled before they were prepared for');
  return compile(source);
}

/** What is wrong with an expression that stands at `path`; `counted`: the velocity rules that are on. */
export function checkWhen(source: string, path: string, counted: ReadonlySet<string>): readonly Fault[] {
  const compiled = compileWhen(source);
  if (!compiled.ok) return compiled.faults.map((message) => ({ path, message }));
  return compiled.expression.counts.flatMap(({ name, character }) => {
    const message = `at character ${character}: no velocity rule of that name is on`;
    return counted.has(name) ? [] : [{ path, message }];
  });
}

export function checkRules(rules: RulesConfig, counted: ReadonlySet<string>): readonly Fault[] {
  const names = rules.map(({ name }) => name);
  return rules.flatMap(({ name, when }, index) => [
    ...(names.indexOf(name) === index
      ? []
      : [{ path: `/rules/${index}/name`, message: 'is the name of an earlier rule' }]),
    ...checkWhen(when, `/rules/${index}/when`, counted),
  ]);
}

/** Null where no rule is on, so that they cost nothing. */
export function compileRules(rules: RulesConfig): RuleSet | null {
  const compiled = rules.flatMap(({ name, when, then, mode, strength }): MerchantRule[] => {
    if (mode === 'off') return [];
    const rule = { name, expression: expressionIn(when), then, mode };
    return [strength === undefined ? rule : { ...rule, strength }];
  });
  if (compiled.length === 0) return null;
  const early = compiled.filter(({ expression }) => expression.counts.length === 0);
  const late = compiled.filter(({ expression }) => expression.counts.length > 0);
  return { early, late, facts: new Set(compiled.flatMap(({ expression }) => [...expression.facts])) };
}

/** Of one that was checked. */
export function expressionIn(when: string): Expression {
  const compiled = compileWhen(when);
  if (!compiled.ok) throw new Error('a rule is compiled that was not checked');
  return compiled.expression;
}
