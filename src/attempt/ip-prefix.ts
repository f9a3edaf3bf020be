/**
 * Prefixes in CIDR notation (RFC 4632, RFC 4291 section 2.3) in one canonical spelling. As strict as addresses are:
 * what two readers could read as two networks is refused, a bit beyond the prefix above all.
 */
import { type IpAddress, parseWords, textOfWords, wordsOf } from './ip-address.ts';

export interface IpPrefix {
  /** The first address, as `wordsOf` gives it. */
  readonly words: readonly number[];
  /** How many bits all its addresses share. */
  readonly length: number;
}

export type PrefixReading =
  | { readonly kind: 'prefix'; readonly prefix: IpPrefix }
  /** An address without a length: it may be meant as `prefix`, which is to be written so. */
  | { readonly kind: 'bare_address'; readonly prefix: string }
  /** Bits are set that no address of the network shares: `network` is the one that it lies in. */
  | { readonly kind: 'host_bits'; readonly network: string }
  | { readonly kind: 'malformed' };

const LENGTH = /^(?:0|[1-9]\d{0,2})$/;
/** RFC 4291, 2.5.5.2: an IPv4 address is mapped below these many bits. */
const MAPPED_BITS = 96;

/** Reads a prefix. One of IPv4-mapped addresses is that IPv4 prefix, and one that holds more than those is malformed. */
export function parsePrefix(text: string): PrefixReading {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const words = parseWords(written);
  if (words === null) return { kind: 'malformed' };
  if (slash < 0) return { kind: 'bare_address', prefix: textOfPrefix({ words, length: words.length * 32 }) };
  const length = lengthOf(text.slice(slash + 1), words.length === 1 && written.includes(':'));
  if (length === null || length > words.length * 32) return { kind: 'malformed' };
  const network = words.map((word, index) => (word & ~hostMask(length, index)) >>> 0);
  const hasHostBits = network.some((word, index) => word !== words[index]);
  if (hasHostBits) return { kind: 'host_bits', network: textOfPrefix({ words: network, length }) };
  return { kind: 'prefix', prefix: { words, length } };
}

/** The canonical spelling, such as `203.0.113.0/28` or `2001:db8::/32`. */
export function textOfPrefix({ words, length }: IpPrefix): string {
  return `${textOfWords(words)}/${length}`;
}

const COUNTED_LENGTH = { ipv4: 24, ipv6: 48 } as const;

/** The network that an address is counted with: a /24, or the /48 that a subscriber may rotate in. */
export function countedPrefix(ip: IpAddress): string {
  const { text } = ip;
  if (!text.includes(':')) return `${text.slice(0, text.lastIndexOf('.'))}.0/${COUNTED_LENGTH.ipv4}`;
  const length = COUNTED_LENGTH.ipv6;
  const words = wordsOf(ip).map((word, index) => (word & ~hostMask(length, index)) >>> 0);
  return textOfPrefix({ words, length });
}

/** The bits of one word that a prefix of this length leaves open. */
export function hostMask(length: number, word: number): number {
  const fixed = length - word * 32;
  // JavaScript shifts by the count modulo 32, so that a shift by 32 would shift nothing.
  if (fixed <= 0) return 0xffffffff;
  return fixed >= 32 ? 0 : 0xffffffff >>> fixed;
}

function lengthOf(text: string, isMapped: boolean): number | null {
  if (!LENGTH.test(text)) return null;
  const length = isMapped ? Number(text) - MAPPED_BITS : Number(text);
  return length < 0 ? null : length;
}
