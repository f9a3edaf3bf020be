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

function parseIpv4(text: string): IpAddress | null {
  return IPV4.test(text) ? { text, counted: text } : null;
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
  return !tail.includes('.') || IPV4.test(tail);
}

function isMapped(address: ipaddr.IPv6): boolean {
  return address.parts.slice(0, 5).every((group) => group === 0) && address.parts[5] === 0xffff;
}

function prefix64(address: ipaddr.IPv6): string {
  const groups = address.parts.map((group, index) => (index < IPV6_COUNTED_GROUPS ? group : 0));
  return `${new ipaddr.IPv6(groups).toRFC5952String()}/64`;
}
