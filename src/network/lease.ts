/**
 * Leases: entries of the allowlist with an owner and a short life. How wide and how long one may be, and whether one
 * of them holds an address; where several do, any is enough. Pure: `now` is passed in, times are ms since the epoch.
 */
import { parseWords } from '../attempt/ip-address.ts';
import { hostMask, type IpPrefix } from '../attempt/ip-prefix.ts';

/** "IP survival time under two hours". */
export const LEASE_SECONDS_LIMIT = 7_200;
/** The fewest bits that the addresses of a lease share. */
export const WIDEST_LEASE = { ipv4: 24, ipv6: 48 } as const;

export interface Lease {
  readonly id: string;
  readonly prefix: IpPrefix;
  readonly owner: string;
  readonly reason: string | null;
  /** How long it was asked for, and is renewed for unless said otherwise. */
  readonly ttlMs: number;
  readonly createdAt: number;
  /** `admin`, or `key:` and the id of a key. */
  readonly createdBy: string;
  /** The first moment at which it is none any more. */
  readonly expiresAt: number;
  /** However often it is renewed, it ends by then. */
  readonly renewableUntil: number;
}

export function isTooWide({ words, length }: IpPrefix): boolean {
  return length < (words.length === 1 ? WIDEST_LEASE.ipv4 : WIDEST_LEASE.ipv6);
}

export function isLive({ expiresAt }: Pick<Lease, 'expiresAt'>, now: number): boolean {
  return expiresAt > now;
}

/** A live lease that holds the address, given in its canonical spelling. */
export function findLease<T extends Pick<Lease, 'prefix' | 'expiresAt'>>(
  leases: Iterable<T>,
  address: string,
  now: number,
): T | null {
  const words = parseWords(address);
  if (words === null) return null;
  for (const lease of leases) if (isLive(lease, now) && holds(lease.prefix, words)) return lease;
  return null;
}

/**
 * When a lease ends that is renewed now. It is never made shorter, nor longer than was promised when it was made or is
 * allowed today (`maxTotalMs` since then). Null: it has all that it can have.
 */
export function renewedEnd(
  { ttlMs: asked, createdAt, expiresAt, renewableUntil }: Lease,
  { ttlMs = asked, maxTotalMs }: { readonly ttlMs?: number; readonly maxTotalMs: number },
  now: number,
): number | null {
  const last = Math.min(renewableUntil, createdAt + maxTotalMs);
  return last <= expiresAt ? null : Math.max(expiresAt, Math.min(now + ttlMs, last));
}

function holds({ words, length }: IpPrefix, address: readonly number[]): boolean {
  if (words.length !== address.length) return false;
  return words.every((word, index) => ((word ^ (address[index] ?? 0)) & ~hostMask(length, index)) === 0);
}
