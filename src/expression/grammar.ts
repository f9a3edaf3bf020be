/**
 * CEL's grammar and types, from the library: the names that there are, and what is wrong with an expression, in words of
 * our own that quote nothing but names. The library parses and checks; it evaluates nothing (docs/decisions.md).
 */
import { type ASTNode, type TypeError as CelTypeError, Environment, type ParseError } from '@marcbachmann/cel-js';
import { FACT_KINDS, type FactKind } from './facts.ts';

/** Characters. */
export const SOURCE_LIMIT = 4_000;
/** Members of a list in an expression: all the world's countries. */
export const LIST_LIMIT = 256;

const LIMITS = {
  maxAstNodes: 600,
  maxDepth: 24,
  maxListElements: LIST_LIMIT,
  maxMapEntries: 0,
  maxCallArguments: 4,
};

const CEL_TYPES: Readonly<Record<FactKind, string>> = {
  int: 'int',
  text: 'string',
  bool: 'bool',
  texts: 'list<string>',
};

export type Parsed =
  | { readonly ok: true; readonly root: ASTNode; readonly type: string }
  | { readonly ok: false; readonly fault: string };

let made: Environment | null = null;

/** The tree of an expression whose names and types are right. */
export function parse(source: string): Parsed {
  if (source.length > SOURCE_LIMIT) return { ok: false, fault: `must have ${SOURCE_LIMIT} characters at most` };
  made ??= makeEnvironment();
  try {
    const parsed = made.parse(source);
    const { error, type = '' } = parsed.check();
    return error === undefined ? { ok: true, root: parsed.ast, type } : { ok: false, fault: faultOf(error, source) };
  } catch (error) {
    return { ok: false, fault: faultOf(error as ParseError, source) };
  }
}

/** Where something stands, from 1, and what is wrong with it. */
export function at(position: number, message: string): string {
  return `at character ${position + 1}: ${message}`;
}

function makeEnvironment(): Environment {
  const environment = new Environment({ limits: LIMITS });
  for (const [name, kinds] of Object.entries(FACT_KINDS)) {
    const fields = Object.fromEntries(Object.entries(kinds).map(([field, kind]) => [field, CEL_TYPES[kind]]));
    environment.registerType(`facts_${name}`, { ctor: class {}, fields });
    environment.registerVariable(name, `facts_${name}`);
  }
  return environment.registerVariable('counts', 'map<string, int>');
}

/** The library's codes that say more than "this is no CEL". */
const WORDS: Readonly<Record<string, string>> = {
  unknown_variable: 'no such name',
  no_such_key: 'no such field',
  no_such_overload: 'these types do not go together here',
  no_matching_overload: 'no such function for these types',
  limit_exceeded: 'too long, too deep, or too many members',
  heterogeneous_list_element: 'the members of a list must have one type',
  invalid_logical_operand: 'must be true or false on both sides',
  invalid_condition_type: 'the condition must be true or false',
  incompatible_ternary_branches: 'both branches must have the same type',
  invalid_macro_argument: 'must be a plain name',
  invalid_comprehension_range: 'goes through lists alone',
  cannot_index_type: 'has no fields',
  reserved_identifier: 'a reserved word',
};

function faultOf(error: ParseError | CelTypeError, source: string): string {
  const { code, range } = error;
  const start = range?.start ?? 0;
  const word = code === undefined ? undefined : WORDS[code];
  // A stack that overflows is a RangeError of the engine's own.
  if (code === undefined) return 'is too deep';
  return at(start, word === undefined ? 'this is no CEL' : `${word}${named(source, range)}`);
}

/** What stands there, where it is no more than names and dots: a literal may be somebody's address. */
function named(source: string, range: { readonly start: number; readonly end: number } | undefined): string {
  const text = range === undefined ? '' : source.slice(range.start, range.end);
  return /^[A-Za-z_][A-Za-z_0-9.]{0,63}$/.test(text) ? `: ${text}` : '';
}
