/**
 * Addresses that somebody on the internet can have: of all others no provider knows anything, and none shall hear.
 */
import ipaddr from 'ipaddr.js';
import type { IpAddress } from '../attempt/ip-address.ts';

/** Whether the address is globally reachable unicast: not private, shared (RFC 6598), reserved, mapped or a tunnel's. */
export function isPublic({ text }: IpAddress): boolean {
  return ipaddr.parse(text).range() === 'unicast';
}
