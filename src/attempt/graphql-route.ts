/**
 * What of a GraphQL endpoint is a payment: the route's payment fields, compiled once from what the merchant wrote.
 * Knows nothing of requests.
 */
import type { AttemptKind } from './attempt.ts';
import type { ReadingRules } from './reading-rules.ts';

export interface PaymentOperation {
  /** A root field of the mutation type, or a path to one under namespaces: `addPaymentToOrder`, `checkout.pay`. */
  readonly field: string;
  readonly kind: AttemptKind;
  /** What is read out of its arguments; every pointer leads into them: `/input/metadata/number`. */
  readonly reading: ReadingRules;
  /** Pointers into the result that a request must ask for, or nobody learns the outcome: `/__typename`. */
  readonly tells: readonly string[];
  /**
   * Of a result that is one of several types: type (or interface) → pointers, one of which a request must ask for, bare
   * or in a fragment on that very type.
   */
  readonly tellsByType: ReadonlyMap<string, readonly string[]>;
  /** Every other pointer into the result that the outcome is read from: may stay unasked, never be renamed. */
  readonly reads: readonly string[];
}

export interface GraphqlRoute {
  readonly operations: readonly PaymentOperation[];
  /** SHA-256 in lower-case hex → document, for clients that send a hash alone. */
  readonly persisted: Readonly<Record<string, string>>;
  /** Pointers into any request of the endpoint whose numbers only look like cards: `/variables/giftCard/code`. */
  readonly notCards: readonly string[];
}

/** A part of a result: its response names, and which of them the request must ask for. */
export interface ResultShape {
  readonly pointer: string;
  readonly isTold: boolean;
  readonly parts: ReadonlyMap<string, ResultShape>;
}

interface Growing extends ResultShape {
  isTold: boolean;
  readonly parts: Map<string, Growing>;
}

type Told = Pick<PaymentOperation, 'tells' | 'tellsByType' | 'reads'>;

/** The shape that an operation's result must have. */
export function resultShape({ tells, tellsByType, reads }: Told): ResultShape {
  const root: Growing = { pointer: '', isTold: false, parts: new Map() };
  for (const pointer of [...reads, ...tellsByType.values()].flat()) grow(root, pointer);
  for (const pointer of tells) grow(root, pointer).isTold = true;
  return root;
}

function grow(root: Growing, pointer: string): Growing {
  return pointer
    .split('/')
    .slice(1)
    .filter((name) => !/^\d+$/.test(name)) // an index of a list: GraphQL asks for the whole list
    .reduce((parent, name) => {
      const known = parent.parts.get(name);
      const part: Growing = known ?? { pointer: `${parent.pointer}/${name}`, isTold: false, parts: new Map() };
      parent.parts.set(name, part);
      return part;
    }, root);
}
