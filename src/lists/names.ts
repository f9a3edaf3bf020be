/**
 * By which names an attempt is looked up on the lists. Those of its prefixes depend on which lengths the lists hold,
 * which the gate knows. Pure.
 */

import { domainsAbove } from '../attempt/email-address.ts';
import { parseWords } from '../attempt/ip-address.ts';
import { hostMask, textOfPrefix } from '../attempt/ip-prefix.ts';
import type { ItemType, Name } from './item.ts';

/** What is known of who tries to pay. Null where it is not, or not by somebody who is believed. */
export interface Identities {
  /** Canonical spelling. */
  readonly ip: string | null;
  readonly country: string | null;
  readonly asn: number | null;
  /** Fingerprints, of every card that the attempt names, each by all its names. */
  readonly cards: readonly string[];
  readonly bins: readonly string[];
  /** A verified customer's. */
  readonly customer: string | null;
  /** A keyed digest, and the domain in clear. */
  readonly email: { readonly digest: string; readonly domain: string } | null;
}

/** An address stands as a `cidr` too: the gate looks for the prefixes that hold it. */
export function namesOf(who: Identities, types: ReadonlySet<ItemType>): readonly Name[] {
  return [...types].flatMap((type) => valuesOf(type, who).map((value): Name => [type, value]));
}

function valuesOf(type: ItemType, { ip, country, asn, cards, bins, customer, email }: Identities): readonly string[] {
  switch (type) {
    case 'ip':
    case 'cidr':
      return known(ip);
    case 'asn':
      return asn === null ? [] : [String(asn)];
    case 'country':
      return known(country);
    case 'card_fingerprint':
      return cards;
    case 'card_bin':
      return bins;
    case 'email':
      return known(email?.digest ?? null);
    case 'email_domain':
      return email === null ? [] : domainsAbove(email.domain);
    case 'customer_id':
      return known(customer);
  }
}

function known(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}

/** How many bits the prefixes have that stand on the lists. */
export interface PrefixLengths {
  readonly ipv4: readonly number[];
  readonly ipv6: readonly number[];
}

/** The prefixes of these lengths that hold an address, in their canonical spelling. */
export function prefixesOf(ip: string, { ipv4, ipv6 }: PrefixLengths): readonly string[] {
  const words = parseWords(ip);
  if (words === null) return [];
  return (words.length === 1 ? ipv4 : ipv6).map((length) => {
    const network = words.map((word, index) => (word & ~hostMask(length, index)) >>> 0);
    return textOfPrefix({ words: network, length });
  });
}
