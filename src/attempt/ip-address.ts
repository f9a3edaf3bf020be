/**
 * Addresses in one canonical spelling, and the unit by which they are counted.
 * A strict wrapper around ipaddr.js, which by itself takes octal, hexadecimal and short forms.
 */
import ipaddr from 'ipaddr.js';

export interface IpAddress {
  /** RFC 5952 for IPv6, dotted decimal for IPv4; a mapped IPv4 address is that IPv4 address. */
  readonly text: string;
  /** What counters use: the address itself for IPv4, its /64 for IPv6 (one subscriber owns a whole /64). */
  readonly counted: string;
}

const IPV6_COUNTED_GROUPS = 4;

/** Reads an address, or returns null for anything but its full decimal (IPv4) or colon (IPv6) form without a zone. */
export function parseIp(text: string): IpAddress | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The address in 32-bit words, the most significant first: one for IPv4, four for IPv6. */
export function wordsOf({ text }: IpAddress): readonly number[] {
  const numbers = text.includes(':') ? ipaddr.IPv6.parse(text).parts : text.split('.').map(Number);
  const [perWord, bits] = text.includes(':') ? [2, 16] : [4, 8];
  return Array.from({ length: numbers.length / perWord }, (_, word) =>
    numbers.slice(word * perWord, (word + 1) * perWord).reduce((sum, part) => ((sum << bits) | part) >>> 0, 0),
  );
}

/** The canonical spelling of an address in words, as `wordsOf` gives them. */
export function textOfWords(words: readonly number[]): string {
  if (words.length > 1) {
    return new ipaddr.IPv6(words.flatMap((word) => [word >>> 16, word & 0xffff])).toRFC5952String();
  }
  return [24, 16, 8, 0].map((shift) => ((words[0] ?? 0) >>> shift) & 0xff).join('.');
}

function parseIpv4(text: string): IpAddress | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  const canonical = ipaddr.IPv4.parse(text).toString();
  return { text: canonical, counted: canonical };
}

function parseIpv6(text: string): IpAddress | null {
  if (text.includes('%') || !ipaddr.IPv6.isValid(text) || !hasPlainIpv4Tail(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  // ipaddr.js reads the long-deprecated ::a.b.c.d (RFC 4291, 2.5.5.1) as mapped: it is not.
  if (isMapped(address) && text.includes('.') && !/ffff:[\d.]+$/i.test(text)) return null;
  if (isMapped(address)) return parseIpv4(address.toIPv4Address().toString());
  return { text: address.toRFC5952String(), counted: prefix64(address) };
}

function hasPlainIpv4Tail(text: string): boolean {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  return !tail.includes('.') || ipaddr.IPv4.isValidFourPartDecimal(tail);
}

function isMapped(address: ipaddr.IPv6): boolean {
  return address.parts.slice(0, 5).every((group) => group === 0) && address.parts[5] === 0xffff;
}

function prefix64(address: ipaddr.IPv6): string {
  const groups = address.parts.map((group, index) => (index < IPV6_COUNTED_GROUPS ? group : 0));
  return `${new ipaddr.IPv6(groups).toRFC5952String()}/64`;
}
