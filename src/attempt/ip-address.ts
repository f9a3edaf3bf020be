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
/** Four decimal numbers up to 255 without leading zeros: that spelling is the canonical one. */
const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Reads an address, or returns null for anything but its full decimal (IPv4) or colon (IPv6) form without a zone. */
export function parseIp(text: string): IpAddress | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The address in 32-bit words, the most significant first: one for IPv4, four for IPv6. */
export function wordsOf({ text }: IpAddress): readonly number[] {
  return text.includes(':') ? ipv6Words(ipaddr.IPv6.parse(text)) : ipv4Words(text);
}

/** Reads an address as `parseIp` does, into the words that `wordsOf` would give. */
export function parseWords(text: string): readonly number[] | null {
  if (!text.includes(':')) return parseIpv4(text) === null ? null : ipv4Words(text);
  const address = readIpv6(text);
  if (address === null) return null;
  return isMapped(address) ? ipv6Words(address).slice(-1) : ipv6Words(address);
}

/** The canonical spelling of an address in words, as `wordsOf` gives them. */
export function textOfWords(words: readonly number[]): string {
  if (words.length > 1) {
    return new ipaddr.IPv6(words.flatMap((word) => [word >>> 16, word & 0xffff])).toRFC5952String();
  }
  return [24, 16, 8, 0].map((shift) => ((words[0] ?? 0) >>> shift) & 0xff).join('.');
}

function parseIpv4(text: string): IpAddress | null {
  return IPV4.test(text) ? { text, counted: text } : null;
}

function parseIpv6(text: string): IpAddress | null {
  const address = readIpv6(text);
  if (address === null) return null;
  if (isMapped(address)) return parseIpv4(address.toIPv4Address().toString());
  return { text: address.toRFC5952String(), counted: prefix64(address) };
}

function readIpv6(text: string): ipaddr.IPv6 | null {
  if (text.includes('%') || !ipaddr.IPv6.isValid(text) || !hasPlainIpv4Tail(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  // ipaddr.js reads the long-deprecated ::a.b.c.d (RFC 4291, 2.5.5.1) as mapped: it is not.
  return isMapped(address) && text.includes('.') && !/ffff:[\d.]+$/i.test(text) ? null : address;
}

function ipv4Words(text: string): readonly number[] {
  return [text.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0)];
}

function ipv6Words({ parts }: ipaddr.IPv6): readonly number[] {
  return [0, 2, 4, 6].map((at) => (((parts[at] ?? 0) << 16) | (parts[at + 1] ?? 0)) >>> 0);
}

function hasPlainIpv4Tail(text: string): boolean {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  return !tail.includes('.') || IPV4.test(tail);
}

function isMapped(address: ipaddr.IPv6): boolean {
  return address.parts.slice(0, 5).every((group) => group === 0) && address.parts[5] === 0xffff;
}

function prefix64(address: ipaddr.IPv6): string {
  const groups = address.parts.map((group, index) => (index < IPV6_COUNTED_GROUPS ? group : 0));
  return `${new ipaddr.IPv6(groups).toRFC5952String()}/64`;
}
