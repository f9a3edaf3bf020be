/**
 * The text of a GraphQL document becomes its definitions, by the reference parser (GraphQL September 2025, section 2).
 * Looks over every token first: the parser recurses, and comments never reach its result.
 */
import {
  type ASTNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  parse,
  Source,
  type Token,
  TokenKind,
} from 'graphql/language';
import { type Allowance, mayHoldCardNumber, TOKEN_LIMIT } from './graphql-allowance.ts';
import { type Read, readable, type Unreadable, unreadable } from './unreadable.ts';

/** Brackets of any kind inside one another. The parser's stack ends at some thousands. */
export const NESTING_LIMIT = 100;

// Lines end at CR, LF, or both (2.1.2), but not every lexer knows the lone CR, and the draft of July 2015 ended them
// at U+2028 and U+2029 too: what is a comment to one would be code to the other.
const LONE_CARRIAGE_RETURN = /\r(?!\n)/;
const OTHER_LINE_END = /[^\P{Cc}\t]|[\u2028\u2029]/u;
// graphql-core 2, which Saleor runs on, knows no block strings: three quotes are an empty string and the start of
// another to it, which ends at the next quotation mark. What follows there would be code that is not seen here.
const QUOTES_LENGTH = 3;
const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

export interface GraphqlDocument {
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Parses a document. `field` is where it stands in the body, for the words of a refusal. */
export function readGraphqlDocument(text: string, field: string, allowance: Allowance): Read<GraphqlDocument> {
  if (LONE_CARRIAGE_RETURN.test(text)) return unreadable({ because: 'graphql_syntax' });
  try {
    const fault = scan(text, field, allowance);
    if (fault !== null) return unreadable(fault);
    return sortDefinitions(parse(text, { noLocation: true, maxTokens: TOKEN_LIMIT }).definitions);
  } catch {
    return unreadable({ because: 'graphql_syntax' });
  }
}

/** The operation that would be executed (GraphQL, 6.1). */
export function chooseOperation({ operations }: GraphqlDocument, name: string | null): Read<OperationDefinitionNode> {
  const chosen = name === null ? operations : operations.filter((operation) => operation.name?.value === name);
  const [only, ...others] = chosen;
  return only === undefined || others.length > 0 ? unreadable({ because: 'graphql_operation' }) : readable(only);
}

function scan(text: string, field: string, allowance: Allowance): Unreadable | null {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  for (const token of tokensOf(lexer)) {
    if (--allowance.tokens < 0) return { because: 'graphql_too_many_tokens', limit: TOKEN_LIMIT };
    if (OPENING.has(token.kind) && ++depth > NESTING_LIMIT) return { because: 'too_deep', limit: NESTING_LIMIT };
    if (CLOSING.has(token.kind)) depth--;
    if (token.kind === TokenKind.BLOCK_STRING && hasQuoteInside(text, token))
      return { because: 'graphql_block_string' };
    if (token.kind !== TokenKind.NAME && token.kind !== TokenKind.COMMENT) continue;
    const value = token.value ?? '';
    if (OTHER_LINE_END.test(value)) return { because: 'graphql_syntax' };
    if (mayHoldCardNumber(value, '', allowance)) return { because: 'hidden_card_number', field };
  }
  return null;
}

function hasQuoteInside(text: string, { start, end }: Token): boolean {
  return text.slice(start + QUOTES_LENGTH, end - QUOTES_LENGTH).includes('"');
}

/** Every token but the end; `advance` alone would pass over comments. */
function* tokensOf(lexer: Lexer): Generator<Token> {
  let last = lexer.token;
  while (last.kind !== TokenKind.EOF) {
    const ahead = lexer.advance();
    while (last !== ahead && last.next !== null) {
      last = last.next;
      if (last.kind !== TokenKind.EOF) yield last;
    }
  }
}

// Unique names are rules of validation (5.2.2.1, 5.5.1.1): servers without it take the first or the last.
function sortDefinitions(definitions: ReturnType<typeof parse>['definitions']): Read<GraphqlDocument> {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  const names = new Set<string>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const name = definition.name.value;
      if (fragments.has(name)) return unreadable({ because: 'graphql_defined_twice', name });
      fragments.set(name, definition);
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      const name = definition.name?.value;
      if (name !== undefined && names.has(name)) return unreadable({ because: 'graphql_defined_twice', name });
      if (name !== undefined) names.add(name);
      operations.push(definition);
    } else return unreadable({ because: 'graphql_not_executable' });
  }
  return readable({ operations, fragments });
}

/** What stands directly inside a node. Nesting is bounded here, so whoever recurses over it may. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  const children: ASTNode[] = [];
  for (const value of Object.values(node) as readonly unknown[]) {
    if (Array.isArray(value)) children.push(...value);
    else if (typeof value === 'object' && value !== null) children.push(value as ASTNode);
  }
  return children;
}
