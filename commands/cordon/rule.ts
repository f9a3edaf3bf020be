// Says whether an expression of a rule is right, without asking Cordon: the compiler of this copy of it.

import { type Said, visible } from './answers.ts';
import { only } from './only-word.ts';
import { UsageError } from './usage.ts';
import { readText, type World } from './world.ts';

export interface RuleCommand {
  kind: 'rule check';
  /** The expression, or `-` for standard input. */
  expression: string;
}

export function readRuleCommand([verb, ...rest]: readonly string[]): RuleCommand {
  const hint = "rule check 'EXPRESSION'";
  if (verb !== 'check') throw new UsageError(`Expected: ${hint}`);
  return { kind: 'rule check', expression: only(rest, hint) };
}

export async function checkRule({ expression }: RuleCommand, world: World): Promise<Said & { isRight: boolean }> {
  const { compileExpression } = await import('../../src/expression/compiling.ts');
  const source = expression === '-' ? readText('-', world).trimEnd() : expression;
  const compiled = compileExpression(source);
  if (!compiled.ok) {
    const { faults } = compiled;
    return { isRight: false, json: { faults }, text: faults.map((fault) => `${visible(fault)}\n`).join('') };
  }
  const { facts, counts } = compiled.expression;
  const asks = [...facts, ...counts.map(({ name }) => `counts.${name}`)];
  const text = `Right. It asks for ${asks.length === 0 ? 'nothing' : visible(asks.join(', '))}.\n`;
  return { isRight: true, json: { asks }, text };
}
