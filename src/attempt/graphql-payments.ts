/**
 * The payments that an operation would execute: every selection of a payment field, however often it is aliased.
 * Selections that share a response name are merged as an executor merges them, or refused where it could not.
 */
import {
  type FieldNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql/language';
import type { Fields } from './fields.ts';
import { type Arguments, resolveArguments } from './graphql-arguments.ts';
import { checkResult } from './graphql-result.ts';
import { type PaymentOperation, resultShape } from './graphql-route.ts';
import { collectFields, type Scope } from './graphql-selection.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

export const PAYMENTS_LIMIT = 10;

export interface SelectedPayment {
  readonly operation: PaymentOperation;
  /** The response names that lead to its result under `data`: aliases where there are some. */
  readonly responsePath: readonly string[];
  /** One of each selection that was merged into it, the first one's first. */
  readonly merged: readonly [Arguments, ...Arguments[]];
}

interface Searching {
  readonly scope: Scope;
  readonly operations: readonly PaymentOperation[];
  readonly found: SelectedPayment[];
}

/** A place in the tree of namespaces: by field names for the configuration, by response names for the answer. */
interface Level {
  readonly names: readonly string[];
  readonly keys: readonly string[];
}

export function findPayments(
  operation: OperationDefinitionNode,
  operations: readonly PaymentOperation[],
  scope: Scope,
): Read<readonly SelectedPayment[]> {
  const searching = { scope, operations, found: [] };
  const fault = searchLevel([operation.selectionSet], { names: [], keys: [] }, searching);
  if (fault !== null) return unreadable(fault);
  const [first] = searching.found as SelectedPayment[];
  if (first !== undefined && operation.operation !== OperationTypeNode.MUTATION) {
    return unreadable({ because: 'graphql_not_mutation', field: first.operation.field });
  }
  return readable(searching.found);
}

function searchLevel(sets: readonly SelectionSetNode[], level: Level, searching: Searching): Unreadable | null {
  const fields = collectFields(sets, searching.scope);
  if (!fields.ok) return fields.why;
  const groups = Map.groupBy(fields.value, ({ alias, name }) => (alias ?? name).value);
  for (const [key, nodes] of groups) {
    const fault = searchGroup(nodes, { ...level, keys: [...level.keys, key] }, searching);
    if (fault !== null) return fault;
  }
  return null;
}

/** All selections of one response name: one execution (6.3.2), if they agree (5.3.2). */
function searchGroup(nodes: readonly FieldNode[], { names, keys }: Level, searching: Searching): Unreadable | null {
  const paths = new Set(nodes.map(({ name }) => [...names, name.value].join('.')));
  const isGuarded = searching.operations.some(({ field }) =>
    [...paths].some((path) => field === path || field.startsWith(`${path}.`)),
  );
  if (!isGuarded) return null;
  const [path = '', ...others] = paths;
  const merged = mergeArguments(nodes, searching.scope);
  if (!merged.ok) return merged.why;
  if (others.length > 0 || merged.value === null) return { because: 'graphql_conflict', field: keys.join('.') };
  for (const operation of searching.operations.filter(({ field }) => field === path)) {
    const fault = checkResults(nodes, operation, searching.scope);
    if (fault !== null) return fault;
    if (searching.found.length === PAYMENTS_LIMIT) {
      return { because: 'graphql_too_many_payments', limit: PAYMENTS_LIMIT };
    }
    searching.found.push({ operation, responsePath: keys, merged: merged.value });
  }
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return searchLevel(sets, { names: path.split('.'), keys }, searching);
}

/** Each selection must tell the outcome by itself: one of them may stand under a type condition that never holds. */
function checkResults(nodes: readonly FieldNode[], operation: PaymentOperation, scope: Scope): Unreadable | null {
  const telling = { shape: resultShape(operation), tellsByType: operation.tellsByType };
  for (const node of nodes) {
    const fault = checkResult(node, telling, scope);
    if (fault !== null) return fault;
  }
  return null;
}

/** Null where the arguments differ. */
function mergeArguments(nodes: readonly FieldNode[], scope: Scope): Read<SelectedPayment['merged'] | null> {
  const all: Arguments[] = [];
  for (const node of nodes) {
    const resolved = resolveArguments(node, scope.variables, scope.allowance);
    if (!resolved.ok) return resolved;
    all.push(resolved.value);
  }
  const [first, ...others] = all;
  const areAlike = first !== undefined && others.every(({ fields }) => isSame(fields, first.fields));
  return readable(areAlike ? [first, ...others] : null);
}

function isSame(one: Fields, other: Fields): boolean {
  return one.size === other.size && [...one].every(([pointer, value]) => other.get(pointer) === value);
}
