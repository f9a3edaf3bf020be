/**
 * What Worker and gate say to each other of what is good once. Old and new code may run side by side: shapes only grow.
 */

/** Of a signed request: used once. `key` is a keyed digest of it; `until` the moment from which nobody takes it any more. */
export interface Nonce {
  readonly key: string;
  /** ms since the epoch. */
  readonly until: number;
  /** Whether a used one is refused, or only recorded. */
  readonly isEnforced: boolean;
}

export type NonceUse = 'unused' | 'used';

/** Of a body that came sealed: used up by the attempt that is let in with it. As of a `Nonce`. */
export type Seal = Pick<Nonce, 'key' | 'until'>;
