/**
 * How wide a lease may be, which addresses it holds, and until when it can be renewed.
 */
import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../../src/attempt/ip-prefix.ts';
import { findLease, isTooWide, type Lease, renewedEnd } from '../../src/network/lease.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

function prefixOf(cidr: string) {
  const reading = parsePrefix(cidr);
  if (reading.kind !== 'prefix') throw new Error(reading.kind);
  return reading.prefix;
}

const lease = (cidr: string, change: Partial<Lease> = {}): Lease => ({
  id: cidr,
  prefix: prefixOf(cidr),
  owner: 'o',
  reason: null,
  ttlMs: 10 * MINUTE,
  createdAt: NOW,
  createdBy: 'admin',
  expiresAt: NOW + 10 * MINUTE,
  renewableUntil: NOW + 60 * MINUTE,
  ...change,
});

it.each([
  ['203.0.113.0/24', false],
  ['203.0.113.9/32', false],
  ['203.0.112.0/23', true],
  ['0.0.0.0/0', true],
  ['2001:db8:1::/48', false],
  ['2001:db8::/47', true],
  ['::/0', true],
  ['::ffff:203.0.113.0/120', false],
  ['::ffff:203.0.112.0/119', true],
])('%s is too wide: %s', (cidr, expected) => {
  expect(isTooWide(prefixOf(cidr))).toBe(expected);
});

describe('an address is held', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.0', true],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.112.255', false],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.9/32', '203.0.113.9', true],
    ['203.0.113.9/32', '203.0.113.8', false],
    ['255.255.255.0/24', '255.255.255.255', true],
    ['2001:db8:1::/48', '2001:db8:1:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1::/48', '2001:db8:2::', false],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['::/48', '203.0.113.9', false],
    ['203.0.113.0/24', '::cb00:7109', false],
    ['::ffff:203.0.113.0/120', '203.0.113.9', true],
    ['203.0.113.0/24', 'nonsense', false],
  ])('by %s: %s is %s', (cidr, address, expected) => {
    expect(findLease([lease(cidr)], address, NOW) !== null).toBe(expected);
  });

  it('by any of several, of which one has ended', () => {
    const ended = lease('203.0.113.0/24', { expiresAt: NOW });
    const inner = lease('203.0.113.0/28');
    expect(findLease([ended, inner], '203.0.113.9', NOW)?.id).toBe('203.0.113.0/28');
    expect(findLease([ended, inner], '203.0.113.16', NOW)).toBeNull();
  });

  it('until the very millisecond at which the lease ends', () => {
    const { expiresAt } = lease('203.0.113.0/24');
    expect(findLease([lease('203.0.113.0/24')], '203.0.113.9', expiresAt - 1)).not.toBeNull();
    expect(findLease([lease('203.0.113.0/24')], '203.0.113.9', expiresAt)).toBeNull();
  });
});

describe('a renewal', () => {
  const at = (minutes: number, terms: { ttlMs?: number; maxTotalMs?: number } = {}, change: Partial<Lease> = {}) => {
    const end = renewedEnd(
      lease('203.0.113.0/24', change),
      { maxTotalMs: 60 * MINUTE, ...terms },
      NOW + minutes * MINUTE,
    );
    return end === null ? null : (end - NOW) / MINUTE;
  };

  it.each([
    ['ends as long from now as was asked for', 5, { ttlMs: 20 * MINUTE }, {}, 25],
    ['is as long as the lease was made for, unless said', 5, {}, {}, 15],
    ['ends no later than was promised', 9, { ttlMs: 120 * MINUTE }, {}, 60],
    [
      'ends no later than the configuration in force allows',
      9,
      { ttlMs: 120 * MINUTE, maxTotalMs: 30 * MINUTE },
      {},
      30,
    ],
    ['gains nothing by a configuration that allows more', 9, { ttlMs: 120 * MINUTE, maxTotalMs: 900 * MINUTE }, {}, 60],
    ['makes no lease shorter', 1, { ttlMs: MINUTE }, {}, 10],
    ['of a lease that has all its time is none', 59, {}, { expiresAt: NOW + 60 * MINUTE }, null],
    ['of a lease that has more than is allowed today is none', 1, { maxTotalMs: 5 * MINUTE }, {}, null],
  ])('%s', (_, minutes, terms, change, expected) => {
    expect(at(minutes, terms, change)).toBe(expected);
  });
});
