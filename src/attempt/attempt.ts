/**
 * What is being tried: one attempt to pay, to store a card, or to renew.
 * Holds identities only: the card's number has already become a fingerprint here.
 */
import type { IpAddress } from './ip-address.ts';

export const ATTEMPT_KINDS = ['payment', 'setup', 'renewal'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

/**
 * A card as the guard knows it. Fingerprints are keyed per merchant, so they mean nothing anywhere else: `fp_…` of a
 * number, `pf_…` of a processor's own fingerprint, `tk_…` of a token, `at_…` of whatever is attached to a payment.
 */
export interface Card {
  readonly fingerprint: string;
  /** The same card under the merchant's earlier fingerprint keys, newest first; empty outside a rotation. */
  readonly formerFingerprints: readonly string[];
  /** The first six digits; null where they are not known. */
  readonly bin: string | null;
  /** The first eight digits (ISO/IEC 7812-1:2017); absent where they are not known. */
  readonly issuer?: string;
}

/** A customer id counts only when the merchant vouches for it; everybody else is a guest. */
export type Payer = { readonly kind: 'customer'; readonly id: string } | { readonly kind: 'guest' };

/** Where the request came from, as the edge saw it: nothing in it can be set by a client. */
export interface Whence {
  readonly ip: IpAddress;
  /** ISO 3166-1 alpha-2, `T1` for Tor, or null when the edge does not know. */
  readonly country: string | null;
  readonly asn: number | null;
}

/** An e-mail address as it is counted. Anybody can write anybody's: it proves nothing. */
export interface EmailIdentity {
  /** A keyed digest (`em_…`) of the mailbox, however it is spelt. */
  readonly digest: string;
  /** In lower case. */
  readonly domain: string;
}

export interface Attempt {
  readonly kind: AttemptKind;
  /** Null for a renewal: nobody is there, so it counts under card and customer alone. */
  readonly whence: Whence | null;
  readonly payer: Payer;
  readonly card: Card | null;
  /** The visit that it belongs to, as a keyed digest (`se_…`); null where none is proven. */
  readonly session: string | null;
  /** Absent where none is told, or no rule asks. */
  readonly email?: EmailIdentity;
  /** What the shop says of the payer's device, as a keyed digest (`de_…`); absent as above. */
  readonly device?: string;
  /** In the currency's minor unit; null where it is not told, or no whole number. */
  readonly amountMinor: number | null;
  /** ISO 4217 by its form; null where it is not told. */
  readonly currency: string | null;
}

/** The card's fingerprint under each of the merchant's fingerprint keys, the current one first; none without a card. */
export function namesOf({ card }: Attempt): readonly string[] {
  return card === null ? [] : [card.fingerprint, ...card.formerFingerprints];
}
