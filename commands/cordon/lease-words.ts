// The words of `cordon lease`.

import { only } from './only-word.ts';
import { UsageError } from './usage.ts';

export type LeaseCommand =
  | { kind: 'lease list'; merchant: string }
  | { kind: 'lease add'; merchant: string; cidr: string; owner: string; reason: string | undefined; ttlSeconds: number }
  | { kind: 'lease renew'; merchant: string; lease: string; ttlSeconds: number | undefined }
  | { kind: 'lease revoke'; merchant: string; lease: string };

interface Values {
  owner?: string | undefined;
  reason?: string | undefined;
  ttl?: string | undefined;
}

const leaseHints = {
  list: 'lease list ID',
  add: 'lease add ID CIDR --owner O [--ttl SECONDS] [--reason R]',
  renew: 'lease renew ID LEASE_ID [--ttl SECONDS]; the proof is asked for, never given here',
  revoke: 'lease revoke ID LEASE_ID',
} as const;

export function readLeaseCommand([verb, ...rest]: readonly string[], { owner, reason, ttl }: Values): LeaseCommand {
  switch (verb) {
    case 'list':
      return { kind: 'lease list', merchant: only(rest, leaseHints.list) };
    case 'add': {
      const [merchant, cidr] = pair(rest, leaseHints.add);
      if (owner === undefined) throw new UsageError('Whose address is it? Give --owner.');
      return { kind: 'lease add', merchant, cidr, owner, reason, ttlSeconds: secondsOf(ttl) ?? defaultTtlSeconds };
    }
    case 'renew': {
      const [merchant, lease] = pair(rest, leaseHints.renew);
      return { kind: 'lease renew', merchant, lease, ttlSeconds: secondsOf(ttl) };
    }
    case 'revoke': {
      const [merchant, lease] = pair(rest, leaseHints.revoke);
      return { kind: 'lease revoke', merchant, lease };
    }
    default:
      throw new UsageError('Expected: lease list, add, renew or revoke, and the id of a merchant');
  }
}

const defaultTtlSeconds = 3600;

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError('--ttl is a whole number of seconds.');
  return Number(text);
}

function pair(words: readonly string[], expected: string): [string, string] {
  const [one, other] = words;
  if (one === undefined || other === undefined || words.length > 2) throw new UsageError(`Expected: ${expected}`);
  return [one, other];
}
