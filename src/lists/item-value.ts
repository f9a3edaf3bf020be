/**
 * Values of items as people write them, read into the one spelling that is looked up; or why not. Nothing here repeats
 * what was written: it may be a card number in the wrong place. Pure.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';
import { readDomain, readEmail } from '../attempt/email-address.ts';
import { parseIp } from '../attempt/ip-address.ts';
import { type IpPrefix, parsePrefix, textOfPrefix } from '../attempt/ip-prefix.ts';
import { isCountry } from '../network/regions.ts';
import type { ItemType, ListName } from './item.ts';

export type ValueReading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** The fewest bits that the addresses of an item share: a list is no way to shut, or open, half of the internet. */
export const WIDEST = { deny: { ipv4: 8, ipv6: 19 }, allow: { ipv4: 16, ipv6: 32 } } as const;

const HIGHEST_ASN = 4_294_967_295;
const ASN = /^(?:[Aa][Ss])?([1-9]\d{0,9})$/;
/** Cloudflare's code for Tor. */
const TOR = 'T1';
const BIN = /^(?:\d{6}|\d{8})$/;
const LONGEST_NAME = 256;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const CARD_MESSAGE = 'looks like a card number: a card is given as card.number, or by its fingerprint';

/** Of an e-mail the value is the address itself: whoever keeps it keeps its digest. */
export function readValue(type: ItemType, text: string, list: ListName): ValueReading {
  if (looksLikeCard(type, text)) return { ok: false, message: CARD_MESSAGE };
  switch (type) {
    case 'ip':
      return readIp(text);
    case 'cidr':
      return readCidr(text, list);
    case 'asn':
      return readAsn(text);
    case 'country':
      return isCountry(text) || text === TOR
        ? value(text)
        : fault('must be an ISO 3166-1 alpha-2 code in upper case, or T1 for Tor');
    case 'card_bin':
      return BIN.test(text) ? value(text) : fault('must be the first 6 or 8 digits of card numbers');
    case 'card_fingerprint':
    case 'customer_id':
      return readName(text);
    case 'email':
      return orFault(readEmail(text)?.address ?? null, 'must be a plain e-mail address');
    case 'email_domain':
      return orFault(readDomain(text), 'must be a domain of two labels or more, such as example.com');
  }
}

/** A BIN and an address have too few digits. Everything else is looked at wherever it is written. */
function looksLikeCard(type: ItemType, text: string): boolean {
  return type !== 'ip' && type !== 'cidr' && holdsCardNumber(text, type === 'card_fingerprint' ? '/card' : '');
}

function readIp(text: string): ValueReading {
  const address = parseIp(text.trim());
  if (address !== null) return value(address.text);
  return fault(text.includes('/') ? 'must be one address; a prefix is a cidr' : 'must be an IPv4 or IPv6 address');
}

function readCidr(text: string, list: ListName): ValueReading {
  const reading = parsePrefix(text.trim());
  switch (reading.kind) {
    case 'prefix':
      return isTooWide(reading.prefix, list)
        ? fault(`must be no wider than /${WIDEST[list].ipv4}, in IPv6 /${WIDEST[list].ipv6}`)
        : value(textOfPrefix(reading.prefix));
    case 'bare_address':
      return fault('must be a prefix; one address is an ip');
    case 'host_bits':
      return fault('has bits set beyond its prefix');
    case 'malformed':
      return fault('must be a prefix such as 203.0.113.0/24 or 2001:db8::/48');
  }
}

function isTooWide({ words, length }: IpPrefix, list: ListName): boolean {
  return length < (words.length === 1 ? WIDEST[list].ipv4 : WIDEST[list].ipv6);
}

function readAsn(text: string): ValueReading {
  const digits = ASN.exec(text.trim())?.[1];
  const isAsn = digits !== undefined && Number(digits) <= HIGHEST_ASN;
  return isAsn ? value(digits) : fault('must be the number of an autonomous system, such as AS64500');
}

function readName(text: string): ValueReading {
  if (text === '' || text.length > LONGEST_NAME) return fault(`must be 1 to ${LONGEST_NAME} characters`);
  return UNSEEN.test(text) ? fault('must not hold characters that nobody sees') : value(text);
}

function value(text: string): ValueReading {
  return { ok: true, value: text };
}

function fault(message: string): ValueReading {
  return { ok: false, message };
}

function orFault(text: string | null, message: string): ValueReading {
  return text === null ? fault(message) : value(text);
}
