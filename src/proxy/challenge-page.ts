/**
 * The one place where a payer who is asked for a challenge may be shown a page. What renders it is another room's, and is
 * brought here by app.ts.
 */
import type { Unreadable } from '../attempt/unreadable.ts';
import type { Policy } from '../config/policy.ts';
import type { Offer } from '../decision/step-up.ts';
import type { Visit } from './visit.ts';

/** A payment that is asked for a challenge. Its body is in hand (`visit.hold()`). */
export interface Challenged {
  readonly visit: Visit;
  readonly policy: Policy;
  /** The evaluation's id. */
  readonly evaluation: string;
  readonly challenge: Offer;
  /** It came with a pass that has let a payment in: its payer may not mean to pay twice. */
  readonly isRepeated: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

/** A payment that a page sent again, and that cannot be opened. */
export interface Unopened {
  readonly visit: Visit;
  /** The evaluation's id. */
  readonly evaluation: string;
  readonly fault: Extract<Unreadable, { because: 'sealed' }>['fault'];
}

/** Null for a caller who is to be told in JSON. */
export interface PaymentPages {
  readonly challenged: (challenged: Challenged) => Promise<Response | null>;
  readonly unopened: (unopened: Unopened) => Promise<Response | null>;
}
