/**
 * Deny and allow lists and leases: the same attempts through the Worker and through the replay that is given them, line
 * by line the same decisions for the same reasons.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leaseOf, putItems } from '../../commands/backtest/listed.ts';
import { daysOf, firstDay, type Plan } from '../../commands/simulate/calendar.ts';
import { NO_TABLES } from '../../src/network/tables.ts';
import type { ReplayLease } from '../../src/replay/given.ts';
import { ReplayLists } from '../../src/replay/replay-lists.ts';
import { newMerchant } from '../api/backend.ts';
import { LIGHT } from '../support/challenges.ts';
import { leased } from '../support/leases.ts';
import { listed } from '../support/lists.ts';
import { hardened, pay, replay, type Seen } from './both-ways.ts';

const PLAN: Plan = {
  seed: 9,
  days: 1,
  quietDays: 0,
  scale: 0.05,
  start: firstDay,
  pastDays: 0,
  only: ['one_ip', 'cvc_cracking'],
};
const tries = [...daysOf(PLAN)].flat().map(hardened);
const attempts = tries.map(({ attempt }) => attempt);
const ASNS = [...new Set(attempts.flatMap(({ asn }) => asn ?? []))].slice(3, 6);

const CONFIG = {
  card_testing_guard_config: { card_ip_blocking_status: 'enabled', guest_ip_blocking_status: 'enabled' },
  network: {
    operating_countries: ['DE', 'FR'],
    asn: { deny: ASNS },
    leases: {},
  },
  rules: [
    { name: 'even', when: 'ip.country == "DE" && attempt.amount % 2 == 0', then: 'challenge' },
    // Beside a block of the country, which an item or a lease lifts.
    { name: 'beside', when: 'ip.country != "DE" && attempt.amount % 3 == 0', then: 'challenge' },
    { name: 'counted', when: 'ip.country == "DE" && counts.guest_ip >= 1', then: 'challenge' },
  ],
  step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT, max_unanswered: 2 },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: firstDay });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The `at`th different one. */
function some(found: readonly (string | undefined)[], at: number): string {
  return [...new Set(found.filter((one) => one !== undefined))][at] ?? '';
}

const ips = attempts.map(({ ip }) => (ip?.includes(':') ? undefined : ip));
const customers = attempts.map(({ customer_id: id }) => id);
const fromGermany = attempts.filter(({ country, amount }) => country === 'DE' && amount % 2 === 0);
const german = fromGermany.map(({ ip }) => ip);
const germans = fromGermany.map(({ customer_id: id }) => id);
/** Of whom nothing else speaks for him. */
const leasedAt = tries.findIndex(({ attempt: { ip = ':', country = 'NL' } }, index) => {
  return index > 10 && !ip.includes(':') && !['NL', 'DE', 'FR'].includes(country);
});
const network = (ip: string) => `${ip.replace(/\.\d+$/, '.0')}/24`;
const DENIED = [
  { type: 'ip', value: some(ips, 5) },
  { type: 'cidr', value: network(some(ips, 9)) },
  {
    type: 'card_bin',
    value: some(
      attempts.map(({ card }) => card.bin.slice(0, 6)),
      6,
    ),
  },
  { type: 'customer_id', value: some(customers, 1) },
  {
    type: 'email',
    value: some(
      attempts.map(({ email }) => email),
      3,
    ),
    expires_at: new Date(firstDay + 20 * 3_600_000).toISOString(),
  },
  {
    type: 'card_fingerprint',
    value: some(
      attempts.map(({ card }) => card.fingerprint),
      8,
    ),
  },
];
const ALLOWED = [
  { type: 'country', value: 'NL' },
  { type: 'asn', value: String(ASNS[0]) },
  { type: 'ip', value: some(german, 0) },
  ...[0, 1].map((at) => ({ type: 'customer_id', value: some(germans, at) })),
];

it.each(['enforce', 'shadow'])('judges as the Worker does, mode %s', { timeout: 240_000 }, async (mode) => {
  const config = { ...CONFIG, mode };
  const merchant = await newMerchant(config);
  const lists = new ReplayLists();
  for (const [list, items] of [['deny', DENIED] as const, ['allow', ALLOWED] as const]) {
    for (const item of items) await listed(merchant, list, item);
    putItems(
      list,
      items.map((item) => ({ ...item, reason: 'seen before' })),
      lists,
    );
  }
  const live: Seen[] = [];
  const leases: ReplayLease[] = [];
  for (const [index, one] of tries.entries()) {
    vi.setSystemTime(one.at);
    if (index === leasedAt) leases.push(leaseOf(await leased(merchant, { cidr: `${one.attempt.ip}/32` })));
    live.push(...(await pay(merchant, one)));
  }
  const given = { tables: NO_TABLES, kinds: [], lists, leases, areAllLeases: true };
  expect(await replay({ id: merchant, ...config }, tries, given)).toEqual(live);
  const reasons = JSON.stringify(live.map((seen) => seen.reasons));
  for (const { type } of DENIED) expect([type, reasons.includes(`${type} on the deny list`)]).toEqual([type, true]);
  for (const type of ['country', 'asn', 'ip', 'customer_id']) {
    expect([type, reasons.includes(`lifted by the allow list (${type})`)]).toEqual([type, true]);
  }
  expect(reasons.includes('lifted by a lease')).toBe(true);
});
