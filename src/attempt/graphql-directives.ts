/**
 * Directives that would change how a payment is executed or answered: refused wherever they stand in its document.
 * What is not known here is left alone.
 */
import { type ASTNode, Kind } from 'graphql/language';
import { childrenOf, type GraphqlDocument } from './graphql-document.ts';

/** The first two split the answer into parts; `export` gives variables values that no request holds. */
const CHANGING = ['defer', 'stream', 'export'];

/** The name of the first such directive, or null. */
export function findDirective({ operations, fragments }: GraphqlDocument): string | null {
  return findAmong([...operations, ...fragments.values()]);
}

function findAmong(nodes: readonly ASTNode[]): string | null {
  for (const node of nodes) {
    if (node.kind === Kind.NAME) continue;
    const isChanging = node.kind === Kind.DIRECTIVE && CHANGING.includes(node.name.value);
    const found = isChanging ? node.name.value : findAmong(childrenOf(node));
    if (found !== null) return found;
  }
  return null;
}
