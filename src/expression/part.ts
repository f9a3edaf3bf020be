/**
 * A part of an expression while it is compiled, and what is refused.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { CountName, Run } from './expression.ts';
import type { FactKind } from './facts.ts';

export interface Part {
  readonly run: Run;
  readonly kind: FactKind | 'ints' | 'no_members';
  /** Steps at the very most. */
  readonly cost: number;
  /** Of a list: how many there are at most. */
  readonly members?: number;
  /** Of a literal, and of a list of nothing else. */
  readonly constant?: string | number | boolean | readonly (string | number)[];
}

/** What a part stands in. */
export interface Scope {
  /** The name of the `exists` or `all` around it, and what a member is. */
  readonly loop: { readonly name: string; readonly kind: FactKind } | null;
  /** Collects the counts that are asked for. */
  readonly counts: CountName[];
  /** And the facts, by group and name. */
  readonly facts: Set<string>;
}

/** What the language has and rules do not. */
export class Refusal extends Error {
  readonly position: number;

  constructor(node: ASTNode, message: string) {
    super(message);
    this.position = node.start;
  }
}

export function refuse(node: ASTNode, message: string): never {
  throw new Refusal(node, message);
}
