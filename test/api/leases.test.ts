/**
 * Leases made, listed, renewed and revoked, and what the API says to whoever asks for too much.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asAuditLines } from '../support/audit.ts';
import { askForLease, leaseBody, leased, leasesOf, renew, revoke } from '../support/leases.ts';
import { rule } from '../support/merchant.ts';
import {
  api,
  ask,
  attempt,
  configure,
  decided,
  evaluated,
  everythingStored,
  newKey,
  newMerchant,
  problemOf,
  tell,
} from './backend.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const lessor = (leases: object = {}, change: object = {}) => newMerchant({ network: { leases }, ...change });
const faultsIn = async (answer: Response) =>
  ((await answer.json()) as { errors: { path: string; message: string }[] }).errors;
const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

describe('a lease that is made', () => {
  it('says all that there is to know of it, and its proof once', async () => {
    const merchant = await lessor();
    const made = await leased(merchant, { reason: 'scanners move' });
    expect(made).toEqual({
      id: expect.stringMatching(/^le_[0-9a-f]{28}$/),
      proof: expect.stringMatching(/^lp_[0-9a-f]{40}$/),
      cidr: '203.0.113.0/28',
      owner: 'risk scanning',
      reason: 'scanners move',
      created_at: expect.stringMatching(/Z$/),
      created_by: 'admin',
      expires_at: expect.stringMatching(/Z$/),
      renewable_until: expect.stringMatching(/Z$/),
    });
    expect(seconds(made.created_at, made.expires_at)).toBe(600);
    expect(seconds(made.created_at, made.renewable_until)).toBe(86_400);
    const { proof, ...told } = made;
    expect(await leasesOf(merchant)).toEqual({ leases: [told], next_cursor: null });
    expect(await everythingStored(merchant)).not.toContain(proof);
    expect(await everythingStored(merchant)).not.toContain(proof.slice(3));
  });

  it.each([
    ['::ffff:203.0.113.0/124', '203.0.113.0/28'],
    ['2001:DB8:1:0::/48', '2001:db8:1::/48'],
    ['203.0.113.9/32', '203.0.113.9/32'],
    ['2001:db8::1/128', '2001:db8::1/128'],
  ])('of %s is told as %s', async (cidr, told) => {
    expect(await leased(await lessor(), { cidr })).toMatchObject({ cidr: told, reason: null });
  });

  it('may overlap others: each holds its addresses by itself', async () => {
    const merchant = await lessor({}, { network: { leases: {}, deny_countries: ['US'] } });
    const wide = await leased(merchant, { cidr: '203.0.113.0/24' });
    const narrow = await leased(merchant, { cidr: '203.0.113.8/29' });
    const from = { ...attempt, country: 'US' };
    await revoke(merchant, wide.id);
    expect(await decided(merchant, from)).toEqual(['allow', 'country']);
    await revoke(merchant, narrow.id);
    expect(await decided(merchant, from)).toEqual(['block', 'country']);
  });
});

describe('what cannot be leased', () => {
  it.each<[string, object, string, RegExp]>([
    ['a wider prefix', { cidr: '203.0.112.0/23' }, '/cidr', /no wider than \/24/],
    ['a wider one of mapped addresses', { cidr: '::ffff:203.0.112.0/119' }, '/cidr', /no wider than \/24/],
    ['a wider one in IPv6', { cidr: '2001:db8::/47' }, '/cidr', /\/48/],
    ['everything', { cidr: '0.0.0.0/0' }, '/cidr', /no wider/],
    ['a bare address', { cidr: '203.0.113.9' }, '/cidr', /one address is 203\.0\.113\.9\/32/],
    ['bits beyond the prefix', { cidr: '203.0.113.9/28' }, '/cidr', /the network is 203\.0\.113\.0\/28/],
    ['octal', { cidr: '0313.0.113.0/28' }, '/cidr', /must be a prefix/],
    ['a zone', { cidr: 'fe80::%eth0/64' }, '/cidr', /must be a prefix/],
    ['no prefix', { cidr: 7 }, '/cidr', /./],
    ['more than two hours', { ttl_seconds: 7_201 }, '/ttl_seconds', /7200/],
    ['no time', { ttl_seconds: 0 }, '/ttl_seconds', /1/],
    ['half a second', { ttl_seconds: 0.5 }, '/ttl_seconds', /./],
    ['an owner without a name', { owner: '' }, '/owner', /./],
    ['a card number for a reason', { reason: 'test 4242424242424242' }, '/reason', /card number/],
    ['a field that nobody knows', { until: '2030-01-01T00:00:00Z' }, '/until', /./],
  ])('%s', async (_, change, path, message) => {
    const merchant = await lessor();
    const answer = await askForLease(merchant, change);
    expect(answer.status).toBe(422);
    expect(await faultsIn(answer)).toMatchObject([{ path, message: expect.stringMatching(message) }]);
    expect((await leasesOf(merchant)).leases).toEqual([]);
  });

  it('every fault at once', async () => {
    const answer = await askForLease(await lessor(), { cidr: '0.0.0.0/0', owner: '', ttl_seconds: 9_999 });
    expect((await faultsIn(answer)).map(({ path }) => path).sort()).toEqual(['/cidr', '/owner', '/ttl_seconds']);
  });

  it('longer than all of its renewals might take', async () => {
    const answer = await askForLease(await lessor({ max_total_seconds: 60 }), { ttl_seconds: 61 });
    expect(await faultsIn(answer)).toEqual([{ path: '/ttl_seconds', message: 'max_total_seconds is 60' }]);
  });

  it('more than there may be at a time, exactly, however many ask at once', async () => {
    const merchant = await lessor({ max_active: 7 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => askForLease(merchant, { cidr: `203.0.113.${i}/32` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    const refused = answers.find(({ status }) => status !== 201);
    expect(await problemOf(refused ?? new Response())).toEqual([409, 'lease_limit']);
    const { leases } = await leasesOf(merchant);
    expect(leases).toHaveLength(7);
    await revoke(merchant, leases[0]?.id ?? '');
    expect((await askForLease(merchant)).status).toBe(201);
    passSeconds(600);
    expect((await askForLease(merchant)).status).toBe(201);
    expect((await leasesOf(merchant)).leases).toHaveLength(1);
  });
});

it('a merchant without leases is told so by every call', async () => {
  const merchant = await newMerchant();
  const answers = [
    await api('GET', `/merchants/${merchant}/leases`),
    await askForLease(merchant),
    await renew(merchant, { id: 'le_1', proof: 'p' }),
    await revoke(merchant, 'le_1'),
  ];
  for (const answer of answers) expect(await problemOf(answer)).toEqual([409, 'leases_off']);
});

describe('a renewal', () => {
  it('goes on from now, and no further than was promised', async () => {
    const merchant = await lessor({ max_total_seconds: 1_000 });
    const made = await leased(merchant);
    passSeconds(500);
    const renewed = await renew(merchant, made, { ttl_seconds: 7_200 });
    expect(renewed.status).toBe(200);
    const { proof, ...told } = made;
    expect(await renewed.json()).toEqual({ ...told, expires_at: made.renewable_until });
    expect(await problemOf(await renew(merchant, made))).toEqual([409, 'lease_spent']);
    passSeconds(500);
    expect(await problemOf(await renew(merchant, made))).toEqual([404, 'not_found']);
    expect(proof).not.toBe('');
  });

  it.each([
    ['without a time lasts as long as when it was made', undefined, 900],
    ['of a shorter time makes it no shorter', 60, 600],
    ['of a longer time makes it longer', 1_200, 1_500],
  ])('%s', async (_, ttl_seconds, total) => {
    const merchant = await lessor();
    const made = await leased(merchant);
    passSeconds(300);
    const answer = await renew(merchant, made, ttl_seconds === undefined ? {} : { ttl_seconds });
    const { expires_at } = (await answer.json()) as { expires_at: string };
    expect(seconds(made.created_at, expires_at)).toBe(total);
  });

  it('obeys the configuration in force: less is less at once, more is what was promised', async () => {
    const merchant = await lessor({ max_total_seconds: 3_600 });
    const made = await leased(merchant);
    await configure(merchant, { network: { leases: { max_total_seconds: 700 } } });
    const short = (await (await renew(merchant, made, { ttl_seconds: 7_200 })).json()) as { expires_at: string };
    expect(seconds(made.created_at, short.expires_at)).toBe(700);
    await configure(merchant, { network: { leases: { max_total_seconds: 604_800 } } });
    const long = (await (await renew(merchant, made, { ttl_seconds: 7_200 })).json()) as { expires_at: string };
    expect(seconds(made.created_at, long.expires_at)).toBe(3_600);
  });

  it.each([
    ['no proof', {}, [422, 'invalid_attempt']],
    ['another lease’s proof', { proof: `lp_${'0'.repeat(40)}` }, [403, 'invalid_proof']],
    ['a time that is too long', { ttl_seconds: 7_201 }, [422, 'invalid_attempt']],
    ['another owner', { owner: 'me' }, [422, 'invalid_attempt']],
  ])('with %s is none', async (_, change, expected) => {
    const merchant = await lessor();
    const { id, proof, expires_at } = await leased(merchant);
    const body = Object.keys(change).length === 0 ? {} : { proof, ...change };
    passSeconds(1);
    expect(await problemOf(await api('POST', `/merchants/${merchant}/leases/${id}/renew`, { body }))).toEqual(expected);
    expect((await leasesOf(merchant)).leases[0]?.expires_at).toBe(expires_at);
  });
});

it.each(['nonsense', '__proto__', '%00', "' OR 1=1 --", 'x'.repeat(3_000)])('there is no lease %s', async (id) => {
  const merchant = await lessor();
  await leased(merchant);
  const name = encodeURIComponent(id);
  expect(await problemOf(await revoke(merchant, name))).toEqual([404, 'not_found']);
  expect(await problemOf(await renew(merchant, { id: name, proof: 'p' }))).toEqual([404, 'not_found']);
  expect((await leasesOf(merchant)).leases).toHaveLength(1);
});

it('pages name each lease once', async () => {
  const merchant = await lessor();
  for (let i = 0; i < 5; i++) {
    await leased(merchant, { cidr: `203.0.113.${i}/32` });
    passSeconds(1);
  }
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof leasesOf>> = await leasesOf(merchant, `?limit=2&cursor=${cursor}`);
    seen.push(...page.leases.map(({ cidr }) => cidr));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual([0, 1, 2, 3, 4].map((i) => `203.0.113.${i}/32`));
  for (const query of ['?cursor=le_1', '?cursor=%27', '?limit=0', '?limit=1001', '?limit=1e1']) {
    expect((await api('GET', `/merchants/${merchant}/leases${query}`)).status).toBe(400);
  }
});

describe('on record', () => {
  it('is who made, renewed and revoked it, and why; never its proof', async () => {
    const log = vi.spyOn(console, 'log');
    const merchant = await lessor();
    const { id: keyId, key } = await newKey(merchant, { scopes: ['manage'] });
    const { id, proof } = await leased(merchant, { reason: 'scanners move' }, { key });
    expect((await leasesOf(merchant)).leases).toMatchObject([{ created_by: `key:${keyId}`, reason: 'scanners move' }]);
    await renew(merchant, { id, proof: 'lp_wrong' });
    await renew(merchant, { id, proof });
    await revoke(merchant, id, { key });
    const lines = asAuditLines(log.mock.calls).filter(({ what }) => what.startsWith('lease.'));
    expect(lines).toMatchObject([
      {
        who: `key:${keyId}`,
        what: 'lease.create',
        merchant,
        after: { id, owner: 'risk scanning', reason: 'scanners move' },
      },
      { who: 'admin', what: 'lease.renew_refused', after: { id, because: 'wrong_proof' } },
      { who: 'admin', what: 'lease.renew', after: { id } },
      { who: `key:${keyId}`, what: 'lease.revoke', before: { id, reason: 'scanners move' } },
    ]);
    expect(log.mock.calls.join()).not.toContain(proof);
  });
});

describe('a key', () => {
  it.each([
    ['manage', 201],
    ['evaluate', 403],
    ['report', 403],
  ])('with the scope %s alone: %i', async (scope, status) => {
    const merchant = await lessor();
    const { key } = await newKey(merchant, { scopes: [scope] });
    expect((await askForLease(merchant, {}, { key })).status).toBe(status);
    expect((await api('GET', `/merchants/${merchant}/leases`, { key })).status).toBe(status === 201 ? 200 : 403);
  });
});

it('leases of a deleted merchant let nobody into a later one of its name', async () => {
  const change = { network: { leases: {}, deny_countries: ['US'] } };
  const merchant = await newMerchant(change);
  await leased(merchant);
  expect((await decided(merchant, { ...attempt, country: 'US' }))[0]).toBe('allow');
  expect((await api('DELETE', `/merchants/${merchant}`)).status).toBe(204);
  await configure(merchant, change);
  expect((await decided(merchant, { ...attempt, country: 'US' }))[0]).toBe('block');
  expect((await leasesOf(merchant)).leases).toEqual([]);
});

describe('an evaluation', () => {
  const network = { leases: {}, operating_countries: ['DE'], asn: { deny: [1136] }, tor: 'block' };
  const from = { ...attempt, country: 'US', asn: 1136 };

  it('under a lease of the payer’s address is not judged by where it comes from, and says so', async () => {
    const merchant = await newMerchant({ network });
    expect(await decided(merchant, from)).toEqual(['block', 'country', 'asn']);
    const { id } = await leased(merchant);
    const { decision, reasons, reservation, id: evaluation } = await evaluated(merchant, from);
    expect([decision, reservation === null]).toEqual(['allow', false]);
    expect(reasons).toEqual([
      { code: 'country', mode: 'shadow', message: 'US is not an operating country; lifted by a lease' },
      { code: 'asn', mode: 'shadow', message: 'AS1136 is denied; lifted by a lease' },
    ]);
    await revoke(merchant, id);
    expect(await decided(merchant, from)).toEqual(['block', 'country', 'asn']);
    expect(await (await api('GET', `/evaluations/${evaluation}`)).json()).toMatchObject({ decision: 'allow', reasons });
  });

  it('is counted all the same, refused or not', async () => {
    const merchant = await newMerchant({ network, card_testing_guard_config: rule('card_ip', 2) });
    expect((await decided(merchant, from))[0]).toBe('block');
    await leased(merchant);
    for (let i = 0; i < 2; i++)
      expect((await tell((await evaluated(merchant, from)).id, { status: 'failed' })).status).toBe(200);
    expect(await decided(merchant, from)).toEqual(['block', 'country', 'asn', 'velocity:card_ip']);
    const { reasons } = await evaluated(merchant, from);
    expect(reasons.map(({ mode }) => mode)).toEqual(['shadow', 'shadow', 'enforce']);
  });

  it('of another address, or without one, is what it was', async () => {
    const merchant = await newMerchant({ network });
    await leased(merchant);
    expect((await decided(merchant, { ...from, ip: '203.0.113.16' }))[0]).toBe('block');
    expect((await decided(merchant, { ...from, ip: '::ffff:203.0.113.15' }))[0]).toBe('allow');
    expect(await decided(merchant, { card: attempt.card, kind: 'renewal', country: 'US' })).toEqual(['allow']);
  });

  it('asked again with its Idempotency-Key is the same answer, lease or no lease', async () => {
    const merchant = await newMerchant({ network });
    const call = { headers: { 'idempotency-key': 'try-1' } };
    const first = await (await ask(merchant, from, call)).json();
    await leased(merchant);
    expect(await (await ask(merchant, from, call)).json()).toEqual(first);
  });

  it('of a merchant in shadow records what a lease would have lifted', async () => {
    const merchant = await newMerchant({ network, mode: 'shadow' });
    await leased(merchant);
    const { decision, reasons } = await evaluated(merchant, from);
    expect([decision, reasons.map(({ message }) => message)]).toEqual([
      'allow',
      ['US is not an operating country; lifted by a lease', 'AS1136 is denied; lifted by a lease'],
    ]);
  });
});

describe('the configuration', () => {
  it.each<[string, object, string]>([
    ['no time at all', { max_total_seconds: 0 }, '/network/leases/max_total_seconds'],
    ['more than a week', { max_total_seconds: 604_801 }, '/network/leases/max_total_seconds'],
    ['none at a time', { max_active: 0 }, '/network/leases/max_active'],
    ['too many at a time', { max_active: 1_001 }, '/network/leases/max_active'],
    ['what nobody knows', { ttl: 1 }, '/network/leases/ttl'],
  ])('takes not %s', async (_, leases, path) => {
    const answer = await api('PUT', '/merchants/m0', { body: { id: 'm0', network: { leases } } });
    expect(answer.status).toBe(422);
    expect((await faultsIn(answer)).map((fault) => fault.path)).toEqual([path]);
  });
});

it('the body that the tests send is one that is taken', async () => {
  expect((await askForLease(await lessor(), leaseBody)).status).toBe(201);
});
