/**
 * What Worker and gate say to each other about leases. Shapes here only grow.
 */
import type { Lease } from '../network/lease.ts';

/** Whether a lease holds an address. */
export interface LeaseQuestion {
  /** Canonical spelling. */
  readonly of: string;
  /** Without one nothing is admitted: the answer is `unleased`. */
  readonly isNeeded: boolean;
}

/** In the answer to whoever asked: the id of the lease that holds the address; absent where none does. */
export interface LeaseTold {
  readonly lease?: string;
}

export type LeaseAnswer =
  | { readonly kind: 'stale_config' }
  | { readonly kind: 'leased'; readonly lease: string }
  | { readonly kind: 'unleased' };

export interface NewLease extends Lease {
  /** Hex of SHA-256 of the proof. */
  readonly proofHash: string;
}

export type LeaseAdded = { readonly kind: 'added' } | { readonly kind: 'too_many' };

export interface Renewal {
  readonly id: string;
  readonly proofHash: string;
  /** As long as when it was made, unless said. */
  readonly ttlMs?: number;
  /** Since it was made, by the configuration in force. */
  readonly maxTotalMs: number;
}

/** `unknown`: no such lease, or not any more. `spent`: it has all the time that it can have. */
export type Renewed =
  | { readonly kind: 'unknown' | 'wrong_proof' | 'spent' }
  | { readonly kind: 'renewed'; readonly lease: Lease };

export interface LeasePage {
  readonly leases: readonly Lease[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}
