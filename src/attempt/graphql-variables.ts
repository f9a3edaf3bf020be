/**
 * The variables of an operation: what the request gives, or their defaults (GraphQL September 2025, 6.1.2).
 * Types are unknown here: a value is what was written, not what a schema would make of it.
 */
import { type ConstValueNode, Kind, type OperationDefinitionNode } from 'graphql/language';
import type { Json } from './json-body.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

export type Variable =
  | { readonly from: 'request'; readonly value: Json }
  | { readonly from: 'default'; readonly node: ConstValueNode }
  /** Given as null, with a default: today's executors take the null, those before 2018 (graphql-core 2) the default. */
  | { readonly from: 'either' }
  | { readonly from: 'nowhere' };

/** Every variable that the operation declares; what else a request gives is not looked at by executors. */
export type Variables = ReadonlyMap<string, Variable>;

export type GivenVariables = Readonly<Record<string, Json>>;

export function readVariables(operation: OperationDefinitionNode, given: GivenVariables): Read<Variables> {
  const variables = new Map<string, Variable>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (variables.has(name)) return unreadable({ because: 'graphql_defined_twice', name });
    variables.set(name, variableOf(Object.hasOwn(given, name) ? given[name] : undefined, defaultValue));
  }
  return readable(variables);
}

function variableOf(value: Json | undefined, node: ConstValueNode | undefined): Variable {
  if (value === null && node !== undefined && node.kind !== Kind.NULL) return { from: 'either' };
  if (value !== undefined) return { from: 'request', value };
  return node === undefined ? { from: 'nowhere' } : { from: 'default', node };
}
