/**
 * What the library has parsed and checked becomes functions. This is the closed set: an operator or function that does
 * not stand here is refused, whatever the library can do.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Run, Value } from './expression.ts';
import { countByText, fact, listOf, literal } from './leaves.ts';
import { ARITHMETIC, both, choice, either, ORDER, quantified, strict, strictOf, TEXT_QUESTIONS } from './operations.ts';
import { type Part, refuse, type Scope } from './part.ts';
import { compilePattern } from './pattern.ts';

/** A text of 320 characters is looked through. */
const TEXT_COST = 20;
/** At most four patterns in an expression. */
const PATTERN_COST = 1_200;

type Pair = readonly [ASTNode, ASTNode];

export function translate(node: ASTNode, scope: Scope): Part {
  switch (node.op) {
    case 'value':
      return literal(node);
    case 'id':
      return member(node, scope);
    case '.':
      return fact(node, scope);
    case '[]':
      return countByText(node, scope);
    case 'list':
      return listOf(
        node,
        node.args.map((one) => translate(one, scope)),
      );
    case 'call':
      return call(node, node.args, scope);
    case 'rcall':
      return question(node, node.args, scope);
    case '!_':
      return unary(node.args, scope, (value) => value === false);
    case '-_':
      return negative(node.args, scope);
    case '?:':
      return ternary(node.args, scope);
    case '&&':
      return logical(node.args, scope, both);
    case '||':
      return logical(node.args, scope, either);
    case '==':
      return equality(node, node.args, scope);
    case '!=':
      return unlike(equality(node, node.args, scope));
    case 'in':
      return membership(node, node.args, scope);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return numeric(node, scope, { kind: 'bool', apply: ORDER[node.op] });
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return numeric(node, scope, { kind: 'int', apply: ARITHMETIC[node.op] });
    default:
      return refuse(node, 'is nothing that a rule can say');
  }
}

function member(node: Extract<ASTNode, { op: 'id' }>, { loop }: Scope): Part {
  if (loop?.name !== node.args) return refuse(node, 'is no value by itself: name a field of it');
  return { run: (_, item) => item, kind: loop.kind, cost: 1 };
}

function unary(operand: ASTNode, scope: Scope, apply: (value: Value) => Value): Part {
  const part = translate(operand, scope);
  return { run: strictOf(part.run, apply), kind: part.kind, cost: part.cost + 1 };
}

function negative(operand: ASTNode, scope: Scope): Part {
  const part = translate(operand, scope);
  const { constant } = part;
  if (typeof constant !== 'number') return unary(operand, scope, (value) => -(value as number));
  return { ...part, run: () => -constant, constant: -constant };
}

function unlike(part: Part): Part {
  return { ...part, run: strictOf(part.run, (value) => value === false) };
}

function logical([left, right]: Pair, scope: Scope, join: (left: Run, right: Run) => Run): Part {
  const [a, b] = [translate(left, scope), translate(right, scope)];
  return { run: join(a.run, b.run), kind: 'bool', cost: a.cost + b.cost + 1 };
}

function ternary(nodes: readonly [ASTNode, ASTNode, ASTNode], scope: Scope): Part {
  const [condition, consequent, alternate] = nodes.map((one) => translate(one, scope)) as [Part, Part, Part];
  const run = choice(condition.run, consequent.run, alternate.run);
  return { run, kind: consequent.kind, cost: condition.cost + Math.max(consequent.cost, alternate.cost) + 1 };
}

function equality(node: ASTNode, [left, right]: Pair, scope: Scope): Part {
  const [a, b] = [translate(left, scope), translate(right, scope)];
  if (a.members !== undefined || b.members !== undefined) return refuse(node, 'compares no lists: use in, or exists');
  return { run: strict(a.run, b.run, (x, y) => x === y), kind: 'bool', cost: a.cost + b.cost + 1 };
}

function membership(node: ASTNode, [left, right]: Pair, scope: Scope): Part {
  const [a, list] = [translate(left, scope), translate(right, scope)];
  if (list.members === undefined) return refuse(node, 'looks into lists alone');
  const { constant } = list;
  if (Array.isArray(constant)) {
    const known: ReadonlySet<unknown> = new Set<unknown>(constant);
    return { run: strictOf(a.run, (value) => known.has(value)), kind: 'bool', cost: a.cost + 1 };
  }
  const run = strict(a.run, list.run, (value, all) => (all as readonly unknown[]).includes(value));
  return { run, kind: 'bool', cost: a.cost + list.cost + list.members };
}

interface Numeric {
  readonly kind: 'int' | 'bool';
  readonly apply: ((a: number, b: number) => Value) | undefined;
}

/** Of whole numbers alone: texts are neither ordered nor joined, so that nothing grows. */
function numeric(node: Extract<ASTNode, { args: Pair }>, scope: Scope, { kind, apply }: Numeric): Part {
  const [a, b] = [translate(node.args[0], scope), translate(node.args[1], scope)];
  if (apply === undefined || a.kind !== 'int' || b.kind !== 'int') return refuse(node, 'takes whole numbers alone');
  return { run: strict(a.run, b.run, (x, y) => apply(x as number, y as number)), kind, cost: a.cost + b.cost + 1 };
}

function call(node: ASTNode, [name, args]: readonly [string, readonly ASTNode[]], scope: Scope): Part {
  const [argument] = args;
  if (argument === undefined) return refuse(node, 'is no function here');
  switch (name) {
    case 'has':
      return has(translate(argument, scope));
    case 'size':
      return size(node, translate(argument, scope));
    default:
      return refuse(node, 'is no function here');
  }
}

function has({ run, cost }: Part): Part {
  return { run: (facts, item) => run(facts, item) !== null, kind: 'bool', cost: cost + 1 };
}

function size(node: ASTNode, { run, kind, cost, members }: Part): Part {
  if (members !== undefined)
    return { run: strictOf(run, (list) => (list as readonly string[]).length), kind: 'int', cost: cost + 1 };
  if (kind !== 'text') return refuse(node, 'only texts and lists have a size');
  return { run: strictOf(run, (text) => [...(text as string)].length), kind: 'int', cost: cost + TEXT_COST };
}

/** `receiver.name(…)`. */
function question(
  node: ASTNode,
  [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]],
  scope: Scope,
): Part {
  const [first, second] = args;
  if (name === 'size' && first === undefined) return size(node, translate(receiver, scope));
  if ((name === 'exists' || name === 'all') && first !== undefined && second !== undefined) {
    return loop(node, { name, list: translate(receiver, scope), item: first, predicate: second }, scope);
  }
  if (name === 'matches' && first !== undefined) return matching(first, translate(receiver, scope));
  const ask = Object.hasOwn(TEXT_QUESTIONS, name) ? TEXT_QUESTIONS[name] : undefined;
  if (ask === undefined || first === undefined || second !== undefined) return refuse(node, 'is no function here');
  const [text, part] = [translate(receiver, scope), translate(first, scope)];
  const run = strict(text.run, part.run, (a, b) => ask(a as string, b as string));
  return { run, kind: 'bool', cost: text.cost + part.cost + TEXT_COST };
}

/** The pattern stands in the expression: one that is put together of what payers write could be anything. */
function matching(node: ASTNode, text: Part): Part {
  if (node.op !== 'value' || typeof node.args !== 'string') return refuse(node, 'a pattern is written out');
  const pattern = compilePattern(node.args);
  if (!pattern.ok) return refuse(node, `the pattern ${pattern.fault}`);
  const { matches } = pattern;
  return { run: strictOf(text.run, (value) => matches(value as string)), kind: 'bool', cost: text.cost + PATTERN_COST };
}

interface Looping {
  readonly name: 'exists' | 'all';
  readonly list: Part;
  readonly item: ASTNode;
  readonly predicate: ASTNode;
}

function loop(node: ASTNode, { name, list, item, predicate }: Looping, scope: Scope): Part {
  if (scope.loop !== null) return refuse(node, 'one list is gone through inside another');
  if (list.members === undefined || item.op !== 'id') return refuse(node, 'goes through lists alone');
  const kind = list.kind === 'ints' ? 'int' : 'text';
  const body = translate(predicate, { ...scope, loop: { name: item.args, kind } });
  const run = quantified(list.run, body.run, name === 'exists');
  return { run, kind: 'bool', cost: list.cost + list.members * (body.cost + 1) };
}
