/**
 * What Worker and gate say to each other about checks of identity: that one was begun for a challenge, and what its
 * provider has said of it since.
 */

/**
 * `open`: the payer is to show something; `processing`: it is looked at; `failed`: it did not do, and he may try again;
 * `canceled` and `verified` are for ever.
 */
export type IdentityState = 'open' | 'processing' | 'failed' | 'canceled' | 'verified';

export interface IdentityCheck {
  /** The provider's id of it. */
  readonly session: string;
  readonly state: IdentityState;
  /** The provider's word for why it failed. */
  readonly because: string | null;
}

/** A challenge has one check, however often it is begun. */
export interface BegunCheck {
  readonly evaluation: string;
  readonly session: string;
  /** ms since the epoch: from then on no pass of the challenge is good. */
  readonly expiresAt: number;
}

/** What the provider says. */
export interface IdentityWord extends IdentityCheck {
  readonly evaluation: string;
  /** When it happened there, ms since the epoch; to the second. */
  readonly occurredAt: number;
}

/** `stale`: something later, or final, is known; `unknown`: nobody began that check here. */
export type IdentityHeard = 'taken' | 'stale' | 'unknown';
