/**
 * What Worker and gate say to each other. Old and new code may run side by side: shapes here only grow.
 * A settlement carries its places, so that no count depends on what the object still remembers.
 */
import type { Verdict } from '../velocity/admission.ts';
import type { Touch } from '../velocity/touch.ts';

/** Which configuration the Worker decides by. `staleForMs`: how long KV may still show what a newer one replaced. */
export interface KnownConfig {
  readonly hash: string;
  readonly writtenAt: number;
  readonly staleForMs: number;
}

export interface KeptConfig {
  readonly hash: string;
  readonly writtenAt: number;
  /** The configuration's JSON; null once the merchant was deleted. */
  readonly json: string | null;
}

export interface AdmitRequest {
  readonly evaluation: string;
  readonly touches: readonly Touch[];
  readonly guest: boolean;
  readonly reservationMs: number;
  readonly config: KnownConfig;
}

export type Admission =
  /** Nothing was judged: the gate knows a newer configuration. */
  | { readonly kind: 'stale_config' }
  | { readonly kind: 'refused'; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'admitted';
      readonly verdicts: readonly Verdict[];
      /** The touches under which the attempt holds a place; the settlement brings them back. */
      readonly places: readonly Touch[];
      readonly reservedUntil: number;
    };

export interface Settlement {
  readonly evaluation: string;
  readonly status: 'succeeded' | 'failed' | 'pending' | 'unknown';
  readonly places: readonly Touch[];
  readonly guest: boolean;
  readonly reservationMs: number;
}

/** `exists`: the same outcome again. `contradicts`: another final outcome stands; a late failure was counted. */
export type Settled = { readonly kind: 'recorded' | 'exists' | 'contradicts' };
