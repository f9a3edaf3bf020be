/**
 * A method of step-up: the interface behind which each has a file of its own.
 */
import type { Json } from '../attempt/json-body.ts';
import type { IdentityBook } from './identity-book.ts';
import type { PasskeyShelf } from './passkey-record.ts';
import type { StepUpSettings } from './settings.ts';
import type { Ticket } from './ticket.ts';

/** What a method has to work with besides the ticket. */
export interface Services {
  /** As `fetch`. Time and size are the caller's to limit (third-party.ts). */
  readonly fetch: (request: Request, signal: AbortSignal) => Promise<Response>;
  /** One of the deployment's secrets by its name; null where it has none of that name. */
  readonly sharedSecret: (name: string) => string | null;
  /** A secret of this merchant's for one purpose, always the same; derived, never stored. */
  readonly ownSecret: (purpose: string) => Promise<string>;
  readonly identityBook: IdentityBook;
  /** Where passkeys are kept; null where the page is on none of the merchant's hosts. */
  readonly passkeys: PasskeyShelf | null;
}

/** One challenge that is shown or answered. */
export interface Posing {
  readonly merchant: string;
  /** Of the page: name, and port where it has one. */
  readonly host: string;
  /** The challenge's own address: https, without query. */
  readonly url: string;
  /** Who shows or answers it, as the edge sees him: canonical. */
  readonly ip: string;
  readonly ticket: Ticket;
  readonly settings: StepUpSettings;
  /** Whether the deployment is for production: test keys are none there. */
  readonly isProduction: boolean;
  /** ms since the epoch. */
  readonly now: number;
  readonly services: Services;
}

export type Checked =
  | { readonly kind: 'passed' }
  /** `because`: for the log and for people, never for the payer. */
  | { readonly kind: 'failed'; readonly because: string }
  /** Nothing is decided. `task`: what the page must know to go on. */
  | { readonly kind: 'pending'; readonly retryAfterSeconds: number; readonly task?: Json }
  /** Whoever decides about it does not answer, or not as he says that he does. `because`: for the log. */
  | { readonly kind: 'unavailable'; readonly because: string }
  /** A limit of the merchant's own: payers can bring that about, so no fallback follows. */
  | { readonly kind: 'spent'; readonly because: string };

/** This payer cannot run it, however well it works for others. */
export const NOT_FOR_PAYER = Symbol('not for this payer');

/** `pose`: what the page must know to run it; null where it cannot be had now. `answer` comes from anybody. */
export interface Method {
  pose(on: Posing): Promise<Json | null | typeof NOT_FOR_PAYER>;
  check(answer: unknown, on: Posing): Promise<Checked>;
}
