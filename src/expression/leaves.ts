/**
 * The leaves of an expression: literals, lists of them, and the names of facts.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Run } from './expression.ts';
import { FACT_KINDS, FACT_LIST_LIMIT, type FactKind, type Facts } from './facts.ts';
import { type Part, refuse, type Scope } from './part.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;

export function literal(node: Node<'value'>): Part {
  const { args: value } = node;
  if (typeof value === 'string') return { run: () => value, kind: 'text', cost: 1, constant: value };
  if (typeof value === 'boolean') return { run: () => value, kind: 'bool', cost: 1, constant: value };
  if (typeof value === 'number') return refuse(node, 'numbers are whole here, money in its minor unit');
  if (typeof value !== 'bigint') return refuse(node, 'is neither a text, a whole number, true nor false');
  const number = Number(value);
  if (!Number.isSafeInteger(number)) return refuse(node, 'is beyond 9007199254740991');
  return { run: () => number, kind: 'int', cost: 1, constant: number };
}

/** All of one type, which the library has seen to; none but literals, which cost nothing to look up. */
export function listOf(node: Node<'list'>, members: readonly Part[]): Part {
  const values = members.map(({ constant }) => constant);
  if (!values.every((value) => typeof value === 'string' || typeof value === 'number')) {
    return refuse(node, 'a list holds texts or whole numbers, written out');
  }
  const constant = values as readonly (string | number)[];
  const [first] = constant;
  const kind = first === undefined ? 'no_members' : typeof first === 'string' ? 'texts' : 'ints';
  const run: Run = () => constant as readonly string[];
  return { run, kind, cost: 1, members: constant.length, constant };
}

/** `group.name`, as `ip.country`. */
export function fact(node: Node<'.'>, scope: Scope): Part {
  const [owner, name] = node.args;
  if (owner.op !== 'id') return refuse(node, 'has no fields');
  if (owner.args === 'counts') return count(node, name, scope);
  const kind = kindOf(owner.args, name);
  if (kind === null) return refuse(node, `no such field: ${name.slice(0, 64)}`);
  scope.facts.add(`${owner.args}.${name}`);
  const part = { run: reading(owner.args as keyof typeof FACT_KINDS, name), kind, cost: 1 };
  return kind === 'texts' ? { ...part, members: FACT_LIST_LIMIT } : part;
}

function kindOf(group: string, name: string): FactKind | null {
  if (!Object.hasOwn(FACT_KINDS, group)) return null;
  const kinds: Readonly<Record<string, FactKind>> = FACT_KINDS[group as keyof typeof FACT_KINDS];
  return (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? null;
}

function reading(group: keyof typeof FACT_KINDS, name: string): Run {
  return (facts) => {
    const values: Readonly<Record<string, string | number | boolean | readonly string[] | null>> = facts[group];
    return values[name] ?? null;
  };
}

/** `counts["name of a rule"]`, for names that are no plain words. */
export function countByText(node: Node<'[]'>, scope: Scope): Part {
  const [owner, name] = node.args;
  const isCount = owner.op === 'id' && owner.args === 'counts';
  if (!isCount || name.op !== 'value' || typeof name.args !== 'string') {
    return refuse(node, 'only counts take a name in brackets, written out');
  }
  return count(node, name.args, scope);
}

function count(node: ASTNode, name: string, { counts }: Scope): Part {
  counts.push({ name, character: node.start + 1 });
  return { run: ({ counts: known }: Facts) => known.get(name) ?? null, kind: 'int', cost: 1 };
}
