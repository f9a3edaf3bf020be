/**
 * Card numbers in a document outside a payment's card field: in literals anywhere, and by way of variables that
 * carry the card to a second place. Comments and names are looked at where the document is read.
 */
import { type ASTNode, Kind, type ValueNode, type VariableNode } from 'graphql/language';
import { type Allowance, mayHoldCardNumber } from './graphql-allowance.ts';
import { childrenOf, type GraphqlDocument } from './graphql-document.ts';

/** Where card numbers are meant to be. */
export interface CardPlaces {
  readonly literals: Set<ValueNode>;
  /** Pointers into the variables, `/input/metadata/number`. */
  readonly pointers: Set<string>;
  /** The variables that carry them, and where those are used as arguments of payments. */
  readonly variables: Set<string>;
  readonly uses: Set<VariableNode>;
}

/** Whether some literal, or a second use of a variable that carries a card, could take a card number elsewhere. */
export function hidesCardNumber(document: GraphqlDocument, places: CardPlaces, allowance: Allowance): boolean {
  const definitions = [...document.operations, ...document.fragments.values()];
  return definitions.some((definition) => isHidden(definition, '', { places, allowance }));
}

interface Searching {
  readonly places: CardPlaces;
  readonly allowance: Allowance;
}

/** `name` is what the value stands under: it tells how likely its digits are a card's. */
function isHidden(node: ASTNode, name: string, searching: Searching): boolean {
  const { places, allowance } = searching;
  switch (node.kind) {
    case Kind.VARIABLE:
      return places.variables.has(node.name.value) && !places.uses.has(node);
    case Kind.INT:
    case Kind.FLOAT:
      return !places.literals.has(node) && textsOf(node.value).some((text) => mayHoldCardNumber(text, name, allowance));
    case Kind.STRING:
      return !places.literals.has(node) && mayHoldCardNumber(node.value, name, allowance);
    case Kind.VARIABLE_DEFINITION:
      // Its own name is no use of it; its default, its description and its directives may hold anything.
      return childrenOf(node).some((it) => it !== node.variable && isHidden(it, node.variable.name.value, searching));
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD:
      return isHidden(node.value, node.name.value, searching);
    case Kind.NAME:
      return false;
    default:
      return childrenOf(node).some((child) => isHidden(child, name, searching));
  }
}

/** A number as it is written, and as it is read: 4.2e15 is one with sixteen digits. */
function textsOf(written: string): readonly string[] {
  const read = String(Number(written));
  return read === written ? [written] : [written, read];
}
