/**
 * What is remembered of checks of identity between the payer's calls and the provider's: of one challenge, by the gate.
 */

export type CheckState = 'open' | 'processing' | 'failed' | 'canceled' | 'verified';

export interface IdentityCheck {
  /** The provider's id of it. */
  readonly session: string;
  readonly state: CheckState;
  /** The provider's word for why it failed. */
  readonly because: string | null;
}

/** Of the challenge that is answered. Where the gate does not answer, `unavailable`. */
export interface IdentityBook {
  /** Null where none was begun. */
  find(): Promise<IdentityCheck | null | 'unavailable'>;
  /** Takes one of the day's. */
  afford(dailyBudget: number): Promise<'granted' | 'spent' | 'unavailable'>;
  /** `other`: another was begun for this challenge. */
  begin(session: string): Promise<'begun' | 'other' | 'unavailable'>;
}
