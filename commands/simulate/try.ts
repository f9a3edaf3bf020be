// One line of a simulated file before it is written, and what is told of it beside: of whom it is.

export const methods = ['proof_of_work', 'turnstile', '3ds', 'passkey', 'identity'] as const;
export type Passed = Readonly<Record<(typeof methods)[number], boolean>>;

/** As the contract's attempt. */
export interface Attempt {
  readonly ip?: string;
  readonly country?: string;
  readonly asn?: number;
  readonly card: { readonly fingerprint: string; readonly bin: string; readonly country: string };
  readonly customer_id?: string;
  readonly email?: string;
  readonly session_id?: string;
  readonly device_id?: string;
  readonly user_agent?: string;
  readonly amount: number;
  readonly currency: string;
  readonly billing_country?: string;
  readonly kind: 'payment' | 'setup' | 'renewal';
}

/** What the processor says, if it is asked. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'pending' | 'unknown';
  readonly decline_reason?: string;
}

export interface Try {
  /** ms since the epoch. */
  readonly at: number;
  readonly label: string;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  readonly passed: Passed;
}

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

/** The bounds of a day that is simulated. */
export interface Day {
  readonly index: number;
  /** ms since the epoch. */
  readonly start: number;
}

export function lineOf({ at, attempt, outcome, passed }: Try): string {
  return JSON.stringify({ at: new Date(at).toISOString(), attempt, outcome, challenge_passed: passed });
}
