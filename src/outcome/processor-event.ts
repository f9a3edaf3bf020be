/**
 * What a processor's webhook says about one try to pay, in the one vocabulary. Made only of deliveries whose signature
 * is right: it covers the whole body, but with Adyen eight fields alone (see webhooks/adyen-item.ts).
 */
import type { DeclineReason, OutcomeStatus } from './outcome.ts';

export const PROCESSORS = ['stripe', 'adyen', 'checkout', 'hyperswitch', 'braintree'] as const;
export type Processor = (typeof PROCESSORS)[number];

/**
 * What is known beside the outcome. `refund`: given back, whole where the processor tells that from a part.
 * `processor_block`: the processor's own fraud tool refused it, no issuer did.
 */
export const LABELS = ['dispute', 'fraud_warning', 'refund', 'processor_block'] as const;
export type Label = (typeof LABELS)[number];

export interface ProcessorEvent {
  /** The processor's id of this event, or what stands for one; the same event again has the same. At most 256 long. */
  readonly id: string;
  /** Null for an event that only labels. `unknown`: given up, expired or cancelled, so nobody was refused. */
  readonly outcome: {
    readonly status: OutcomeStatus;
    readonly declineReason: DeclineReason | null;
    /** The processor's own code, as it came; null where it said none. At most 64 characters. */
    readonly declineCode: string | null;
  } | null;
  readonly labels: readonly Label[];
  /** The evaluation's id, where the shop put it into the payment's metadata as `cordon_evaluation`. */
  readonly evaluation: string | null;
  /** The processor's ids of the payment, the one that a shop is likely to know first (an intent before its charge). */
  readonly paymentIds: readonly string[];
  /** The processor's id of this single try (a charge), the same in every event about it; null where it has none. */
  readonly tryId: string | null;
  /** The processor's own fingerprint of the card, and what it says of the card; null where it has none. */
  readonly card: { readonly fingerprint: string; readonly bin: string | null } | null;
  /** When it happened at the processor, ms since the epoch; null where it does not say. */
  readonly occurredAt: number | null;
}

/** A webhook as it came. */
export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type Reading =
  /** Authentic. Empty: nothing that Cordon counts. */
  | { readonly kind: 'events'; readonly events: readonly ProcessorEvent[] }
  /** No signature, a wrong one, or one whose time is over; also the illegible, if the signature is inside. */
  | { readonly kind: 'forged' }
  /** Authentic, and not what its processor documents. */
  | { readonly kind: 'unreadable' };

/** One processor's webhooks: reading them, and the answer that the processor takes for "received". */
export interface WebhookReader {
  /**
   * `secrets`: any of them may have signed (rotation); Adyen's are hexadecimal, Braintree's `public_key:private_key`,
   * all others the text that the processor shows. `now` in ms since the epoch. Throws never.
   */
  readonly read: (delivery: Delivery, secrets: readonly string[], now: number) => Promise<Reading>;
  readonly received: { readonly status: number; readonly contentType: string | null; readonly body: string | null };
}
