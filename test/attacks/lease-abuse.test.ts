/**
 * Renew a lease for ever; get an address leased, then test cards from it; use one after it was revoked.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, decided, newKey, newMerchant, problemOf } from '../api/backend.ts';
import { askForLease, leased, leasesOf, renew, revoke } from '../support/leases.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const { id } of (await leasesOf('acme')).leases ?? []) await revoke('acme', id);
});

const MINUTE_MS = 60_000;
const serverRoute = { ...payRoute, access: 'server', accepts: ['leased'] };
const put = (change: object = {}, leases: object = {}) =>
  putAcme({ routes: [serverRoute], network: { leases }, ...change });
const statusFrom = async (ip: string, headers: Record<string, string> = {}) => (await pay({ ip, headers })).status;

describe('renewed for ever', () => {
  it('it ends when its time is over, however often and however early it is renewed', async () => {
    await put({}, { max_total_seconds: 7_200 });
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const startedAt = Date.now();
    const lease = await leased('acme', { ttl_seconds: 600 });
    let renewals = 0;
    let lastLetIn = 0;
    for (let minute = 0; minute <= 180; minute += 5) {
      vi.setSystemTime(startedAt + minute * MINUTE_MS);
      if ((await renew('acme', lease, { ttl_seconds: 600 })).status === 200) renewals++;
      if ((await statusFrom('203.0.113.9')) === 200) lastLetIn = minute;
    }
    expect(renewals).toBeGreaterThan(10);
    expect(lastLetIn).toBe(115);
    expect(await leasesOf('acme')).toEqual({ leases: [], next_cursor: null });
  });

  it('not a second longer by asking for all of it at once, or in parallel at its end', async () => {
    await put({}, { max_total_seconds: 1_000 });
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const lease = await leased('acme', { ttl_seconds: 999 });
    vi.setSystemTime(Date.parse(lease.expires_at) - 1);
    const answered = await Promise.all(Array.from({ length: 20 }, () => renew('acme', lease, { ttl_seconds: 7_200 })));
    expect(answered.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(409)]);
    vi.setSystemTime(Date.parse(lease.created_at) + 1_000_000 - 1);
    expect(await statusFrom('203.0.113.9')).toBe(200);
    vi.setSystemTime(Date.parse(lease.created_at) + 1_000_000);
    expect(await statusFrom('203.0.113.9')).toBe(403);
  });

  it('nor once it has ended: not with its own proof', async () => {
    await put();
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const lease = await leased('acme', { ttl_seconds: 60 });
    vi.setSystemTime(Date.parse(lease.expires_at));
    expect((await renew('acme', lease)).status).toBe(404);
    expect(await statusFrom('203.0.113.9')).toBe(403);
  });
});

describe('renewed by somebody else', () => {
  const forgeries = (proof: string, others: string) => [
    `lp_${'0'.repeat(40)}`,
    others,
    proof.toUpperCase(),
    proof.slice(0, -1),
    `${proof}0`,
    ` ${proof}`,
    proof.slice(3),
    `lp_${proof.slice(3).split('').reverse().join('')}`,
  ];

  it('with any proof but its own it is refused, and stays as it was', async () => {
    await put();
    const lease = await leased('acme');
    const other = await leased('acme', { cidr: '198.51.100.0/28' });
    const before = await leasesOf('acme');
    for (const proof of forgeries(lease.proof, other.proof)) {
      expect(await problemOf(await renew('acme', { id: lease.id, proof })), proof).toEqual([403, 'invalid_proof']);
    }
    expect(await leasesOf('acme')).toEqual(before);
  });

  it('with the hash that is stored it is refused', async () => {
    await put();
    const { id, proof } = await leased('acme');
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(proof))).toHex();
    expect((await renew('acme', { id, proof: hash })).status).toBe(403);
  });

  it('with the proof of one that was revoked nothing comes back', async () => {
    await put();
    const lease = await leased('acme');
    await revoke('acme', lease.id);
    expect((await renew('acme', lease)).status).toBe(404);
    expect(await statusFrom('203.0.113.9')).toBe(403);
  });
});

describe('at another merchant', () => {
  it('a key opens no lease of it, whichever call is tried', async () => {
    const victim = await newMerchant({ network: { leases: {} } });
    const { key } = await newKey(await newMerchant({ network: { leases: {} } }));
    const lease = await leased(victim);
    const before = await leasesOf(victim);
    const tried = [
      await askForLease(victim, {}, { key }),
      await api('GET', `/merchants/${victim}/leases`, { key }),
      await api('POST', `/merchants/${victim}/leases/${lease.id}/renew`, { key, body: { proof: lease.proof } }),
      await revoke(victim, lease.id, { key }),
    ];
    expect(tried.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(await leasesOf(victim)).toEqual(before);
  });

  it('a lease is none, by its id, its proof or its address', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => newMerchant({ network: { leases: {}, deny_countries: ['US'] } })),
    );
    const lease = await leased(one ?? '');
    expect((await revoke(other ?? '', lease.id)).status).toBe(404);
    expect((await renew(other ?? '', lease)).status).toBe(404);
    const attempt = { ip: '203.0.113.9', country: 'US' };
    expect((await decided(one ?? '', attempt))[0]).toBe('allow');
    expect((await decided(other ?? '', attempt))[0]).toBe('block');
  });
});

describe('made wider', () => {
  it.each([
    '203.0.112.0/23',
    '0.0.0.0/0',
    '::/0',
    '::ffff:0:0/96',
    '2001:db8::/47',
    '203.0.113.0/024',
    '203.0.113.0/+24',
  ])('not by %s', async (cidr) => {
    await put();
    expect((await askForLease('acme', { cidr })).status).toBe(422);
  });

  it('a /24 holds its 256 addresses and neither neighbour, however they are written', async () => {
    await put();
    await leased('acme', { cidr: '203.0.113.0/24' });
    const statuses: Record<string, number> = {};
    for (const ip of ['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0']) {
      statuses[ip] = await statusFrom(ip);
      statuses[`::ffff:${ip}`] = await statusFrom(`::ffff:${ip}`);
    }
    expect(
      Object.entries(statuses)
        .filter(([, status]) => status === 200)
        .map(([ip]) => ip),
    ).toEqual(['203.0.113.0', '::ffff:203.0.113.0', '203.0.113.255', '::ffff:203.0.113.255']);
    expect(await statusFrom('::cb00:7109')).toBe(403);
    expect(await statusFrom('64:ff9b::203.0.113.9')).toBe(403);
  });

  it('a /48 holds its addresses and neither neighbour', async () => {
    await put();
    await leased('acme', { cidr: '2001:db8:1::/48' });
    const tried = ['2001:db8:0:ffff::1', '2001:db8:1::', '2001:DB8:1:ffff:ffff:ffff:ffff:ffff', '2001:db8:2::'];
    expect(await Promise.all(tried.map((ip) => statusFrom(ip)))).toEqual([403, 200, 200, 403]);
  });

  it('nor by a header that names a leased address', async () => {
    await put();
    await leased('acme', { cidr: '203.0.113.9/32' });
    const names = ['x-forwarded-for', 'true-client-ip', 'x-real-ip', 'forwarded', 'cf-connecting-ipv6'];
    for (const name of names) expect(await statusFrom('192.0.2.9', { [name]: '203.0.113.9' }), name).toBe(403);
    expect(origin.arrived).toEqual([]);
  });
});

describe('testing cards from a leased address', () => {
  it.each([
    ['one card', 'guest_user_card', (i: number) => ({ ip: `203.0.113.${i}`, card: cards(60)[50] ?? '' })],
    ['one address', 'guest_ip', (i: number) => ({ ip: '203.0.113.200', card: cards(40)[i] ?? '' })],
    ['one card at one address', 'card_ip', () => ({ ip: '203.0.113.201', card: cards(60)[51] ?? '' })],
  ] as const)('is counted as anywhere: %s', async (_, prefix, attempt) => {
    await put({ card_testing_guard_config: rule(prefix, 3) });
    await leased('acme', { cidr: '203.0.113.0/24' });
    origin.answer(answers.decline);
    const sent = await Promise.all(Array.from({ length: 20 }, (_, i) => pay(attempt(i))));
    expect(sent.filter(({ status }) => status === 402)).toHaveLength(3);
    expect(origin.arrived).toHaveLength(3);
  });

  it('an attempt that is under way when the lease goes is seen through, and no later one is let in by it', async () => {
    await put({ card_testing_guard_config: rule('card_ip', 9) });
    const { id } = await leased('acme', { cidr: '203.0.113.202/32' });
    const release = origin.hold(answers.succeed);
    const early = pay({ ip: '203.0.113.202' });
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
    await revoke('acme', id);
    expect(await statusFrom('203.0.113.202')).toBe(403);
    release();
    expect((await early).status).toBe(200);
  });
});

describe('revoked beside 200 requests in flight', () => {
  const EACH = 50;

  it.each([
    ['that are counted', { card_testing_guard_config: rule('card_ip', 1_000) }],
    ['that touch no counter', {}],
    ['that are no attempts', { routes: [{ ...serverRoute, attempt_unless: {} }] }],
  ])('none that starts after the answer is let in: %s', async (_, change) => {
    await put(change);
    const { id } = await leased('acme', { cidr: '203.0.113.0/24' });
    const body = 'routes' in change ? { body: '{}' } : {};
    let next = 0;
    const some = () => Array.from({ length: EACH }, () => pay({ ip: `203.0.113.${next++}`, ...body }));
    const release = origin.hold(answers.succeed);
    const before = some();
    await vi.waitFor(() => expect(origin.arrived).toHaveLength(EACH), { timeout: 10_000 });
    const beside = some();
    const revoking = revoke('acme', id);
    beside.push(...some());
    expect((await revoking).status).toBe(204);
    const after = some();
    const late = await Promise.all(after);
    expect(late.map(({ status }) => status)).toEqual(Array(EACH).fill(403));
    release();
    const statuses = async (sent: readonly Promise<Response>[]) =>
      (await Promise.all(sent)).map(({ status }) => status);
    expect(await statuses(before)).toEqual(Array(EACH).fill(200));
    const letIn = (await statuses(beside)).filter((status) => status === 200).length;
    // Whoever was let in beside the revocation reached the origin, and nobody else did.
    expect(origin.arrived).toHaveLength(EACH + letIn);
  });

  it('in force as fast: every request that starts after the answer to its making is let in', async () => {
    await put({ card_testing_guard_config: rule('card_ip', 1_000) });
    expect(await statusFrom('203.0.113.9')).toBe(403);
    await leased('acme', { cidr: '203.0.113.0/24' });
    const sent = await Promise.all(Array.from({ length: EACH }, (_, i) => pay({ ip: `203.0.113.${i + 100}` })));
    expect(sent.map(({ status }) => status)).toEqual(Array(EACH).fill(200));
  });
});

it('without the gate no lease lets anybody in, though the merchant said to let all payers go on', async () => {
  await put({ on_gate_unavailable: 'allow', card_testing_guard_config: rule('card_ip', 9) });
  await leased('acme');
  expect(await statusFrom('203.0.113.9')).toBe(200);
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect(await statusFrom('203.0.113.9')).toBe(403);
  expect(origin.arrived).toHaveLength(1);
});
