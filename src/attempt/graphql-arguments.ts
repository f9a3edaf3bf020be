/**
 * The arguments of a field, resolved into fields as a JSON body's would be: literals, variables and defaults alike.
 * Remembers where each value came from, so that a card number is allowed at its source and nowhere else.
 */
import { type FieldNode, Kind, type ValueNode, type VariableNode } from 'graphql/language';
import { childPointer, type Fields, type Scalar } from './fields.ts';
import { type Allowance, spend, spendOnSearch, TOO_COSTLY } from './graphql-allowance.ts';
import type { Variables } from './graphql-variables.ts';
import { isInexact, type Json } from './json-body.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

/** A literal in the document, or a pointer into a variable's value. A default is a literal of its variable. */
export interface Source {
  readonly literal: ValueNode | null;
  readonly variable: string | null;
  readonly pointer: string;
}

export interface Arguments {
  readonly fields: Fields;
  /** Pointer → where its value was written. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly uses: ReadonlySet<VariableNode>;
}

interface Resolving {
  readonly fields: Map<string, Scalar>;
  readonly sources: Map<string, Source>;
  readonly uses: Set<VariableNode>;
  readonly variables: Variables;
  readonly allowance: Allowance;
}

/** Resolves every argument (GraphQL September 2025, 6.4.1), without the defaults that only the schema knows. */
export function resolveArguments(field: FieldNode, variables: Variables, allowance: Allowance): Read<Arguments> {
  const resolving = { fields: new Map(), sources: new Map(), uses: new Set<VariableNode>(), variables, allowance };
  const fault = resolveMembers(field.arguments ?? [], { pointer: '', variable: null }, resolving);
  return fault === null ? readable(resolving) : unreadable(fault);
}

/** Where a value belongs, and whose default it is part of. */
interface Place {
  readonly pointer: string;
  readonly variable: string | null;
}

type Member = { readonly name: { readonly value: string }; readonly value: ValueNode };

// Unique names are a rule of validation (5.4.2, 5.6.3): servers without it take the first or the last.
function resolveMembers(members: readonly Member[], place: Place, resolving: Resolving): Unreadable | null {
  const names = new Set<string>();
  for (const { name, value } of members) {
    if (names.has(name.value)) return { because: 'graphql_defined_twice', name: name.value };
    names.add(name.value);
    if (isAbsent(value, resolving)) continue;
    const fault = resolve(value, { ...place, pointer: childPointer(place.pointer, name.value) }, resolving);
    if (fault !== null) return fault;
  }
  return null;
}

/** A variable that nobody gave is as if its argument were not there (6.4.1). */
function isAbsent(node: ValueNode, { variables, uses }: Resolving): boolean {
  if (node.kind !== Kind.VARIABLE || variables.get(node.name.value)?.from !== 'nowhere') return false;
  uses.add(node);
  return true;
}

function resolve(node: ValueNode, place: Place, resolving: Resolving): Unreadable | null {
  switch (node.kind) {
    case Kind.VARIABLE:
      return resolveVariable(node, place, resolving);
    case Kind.OBJECT:
      return resolveMembers(node.fields, place, resolving);
    case Kind.LIST:
      return firstFault(node.values, (value, index) =>
        resolve(value, { ...place, pointer: childPointer(place.pointer, String(index)) }, resolving),
      );
    default: {
      const source = { literal: node, variable: place.variable, pointer: '' };
      return put(place.pointer, scalarOf(node), source, resolving);
    }
  }
}

type ScalarNode = Exclude<ValueNode, { kind: typeof Kind.VARIABLE | typeof Kind.OBJECT | typeof Kind.LIST }>;

function scalarOf(node: ScalarNode): Scalar {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
    case Kind.STRING:
    case Kind.ENUM:
      return node.value;
  }
}

function resolveVariable(node: VariableNode, { pointer }: Place, resolving: Resolving): Unreadable | null {
  const name = node.name.value;
  const variable = resolving.variables.get(name);
  resolving.uses.add(node);
  switch (variable?.from) {
    case undefined:
      return { because: 'graphql_undefined', name };
    case 'either':
      return { because: 'graphql_null_or_default', name };
    case 'request':
      return resolveJson(variable.value, pointer, { literal: null, variable: name, pointer: `/${name}` }, resolving);
    case 'default':
      return resolve(variable.node, { pointer, variable: name }, resolving);
    case 'nowhere':
      // Only an element of a list comes here: it is null there (6.4.1, 3.11).
      return put(pointer, null, { literal: null, variable: name, pointer: '' }, resolving);
  }
}

function resolveJson(value: Json, pointer: string, source: Source, resolving: Resolving): Unreadable | null {
  if (value === null || typeof value !== 'object') return put(pointer, value, source, resolving);
  if (!spend(resolving.allowance, pointer.length)) return TOO_COSTLY;
  return firstFault(Object.entries(value), ([name, child]) => {
    const at = { ...source, pointer: childPointer(source.pointer, name) };
    return resolveJson(child, childPointer(pointer, name), at, resolving);
  });
}

function put(pointer: string, value: Scalar, source: Source, resolving: Resolving): Unreadable | null {
  const { allowance } = resolving;
  if (!spend(allowance, pointer.length) || !spendOnSearch(allowance, String(value))) return TOO_COSTLY;
  // An ID takes 19 digits as they are written, a JSON scalar makes a rounded number of them.
  if (isInexact(value)) return { because: 'inexact_number', field: pointer };
  resolving.fields.set(pointer, value);
  resolving.sources.set(pointer, source);
  return null;
}

function firstFault<T>(items: readonly T[], check: (item: T, index: number) => Unreadable | null): Unreadable | null {
  for (const [index, item] of items.entries()) {
    const fault = check(item, index);
    if (fault !== null) return fault;
  }
  return null;
}
