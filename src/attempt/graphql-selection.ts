/**
 * Which fields of a selection set an executor would run (GraphQL September 2025, 6.3.2), as far as that can be told
 * without a schema: whatever is not provably skipped counts as run, under whatever type condition it stands.
 */
import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql/language';
import { type Allowance, spend, TOO_COSTLY } from './graphql-allowance.ts';
import type { Variables } from './graphql-variables.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

export interface Scope {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
  readonly allowance: Allowance;
}

/** The fields of selection sets that are merged into one, in order. */
export function collectFields(sets: readonly SelectionSetNode[], scope: Scope): Read<readonly FieldNode[]> {
  const { fragments, variables, allowance } = scope;
  const fields: FieldNode[] = [];
  const visited = new Set<string>();
  // An explicit stack: a chain of fragments may be longer than the stack of calls.
  const stack = sets.flatMap(({ selections }) => selections).toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!spend(allowance)) return unreadable(TOO_COSTLY);
    if (isProvablySkipped(next, variables)) continue;
    if (next.kind === Kind.FIELD) fields.push(next);
    else if (next.kind === Kind.INLINE_FRAGMENT) pushAll(stack, next.selectionSet);
    else {
      const name = next.name.value;
      const fragment = fragments.get(name);
      if (fragment === undefined) return unreadable({ because: 'graphql_undefined', name });
      if (!visited.has(name)) pushAll(stack, fragment.selectionSet);
      visited.add(name);
    }
  }
  return readable(fields);
}

function pushAll(stack: SelectionNode[], { selections }: SelectionSetNode): void {
  for (const selection of selections.toReversed()) stack.push(selection);
}

/**
 * Whether @skip or @include (3.13.1, 3.13.2) rules the selection out beyond doubt. Where a condition is given twice,
 * is no boolean, or comes from nowhere, servers differ: then it is not ruled out.
 */
export function isProvablySkipped({ directives = [] }: SelectionNode, variables: Variables): boolean {
  const conditionsOf = (name: string) =>
    directives
      .filter((directive) => directive.name.value === name)
      .map((directive) => conditionOf(directive, variables));
  return areAll(conditionsOf('skip'), true) || areAll(conditionsOf('include'), false);
}

function areAll(conditions: readonly (boolean | null)[], value: boolean): boolean {
  return conditions.length > 0 && conditions.every((condition) => condition === value);
}

function conditionOf({ arguments: given = [] }: DirectiveNode, variables: Variables): boolean | null {
  const [condition, ...others] = given;
  if (condition?.name.value !== 'if' || others.length > 0) return null;
  if (condition.value.kind === Kind.BOOLEAN) return condition.value.value;
  const variable = condition.value.kind === Kind.VARIABLE ? variables.get(condition.value.name.value) : undefined;
  if (variable?.from === 'default') return variable.node.kind === Kind.BOOLEAN ? variable.node.value : null;
  return variable?.from === 'request' && typeof variable.value === 'boolean' ? variable.value : null;
}

/** Whether nothing can rule the selection out: no directive, or @skip and @include with literals that let it be. */
export function isAlwaysSelected({ directives = [] }: SelectionNode): boolean {
  return directives.every((directive) => {
    const condition = conditionOf(directive, new Map());
    const wanted = { skip: false, include: true }[directive.name.value];
    return wanted !== undefined && condition === wanted;
  });
}
