/**
 * Leases in front of a checkout: on routes that accept them they let a caller in, everywhere they set aside what is
 * said of the address. In force and gone at the next request.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { answered, graphqlRoute, mutation, PATH, payment, result } from '../support/graphql-shop.ts';
import { leased, revoke } from '../support/leases.ts';
import { manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';
import { cookieFor } from '../support/visit.ts';

let origin: StandInOrigin;
let log: { mock: { calls: unknown[][] } };
beforeEach(() => {
  origin = new StandInOrigin();
  log = vi.spyOn(console, 'log');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const id of made.splice(0)) await revoke('acme', id);
});

const LISTED = '198.51.100.9';
const LEASED = '203.0.113.9';
const STRANGER = '192.0.2.9';
const server = (accepts: readonly string[], change: object = {}) => ({
  ...payRoute,
  access: 'server',
  accepts,
  ...change,
});
const shopper = { ...payRoute, name: 'checkout', match: { methods: ['POST'], path: '/checkout' } };
const allowlist = [
  { cidr: '198.51.100.0/28', label: 'core' },
  { cidr: '198.51.100.64/28', label: 'pinned', asn: 1136 },
];

interface Setting {
  readonly accepts?: readonly string[];
  readonly route?: object;
  readonly network?: object;
  readonly change?: object;
}

const put = ({ accepts = ['static', 'leased'], route = {}, network = {}, change = {} }: Setting = {}) =>
  putAcme({
    routes: [server(accepts, route), shopper],
    network: { allowlist, leases: { max_active: 1_000 }, ...network },
    ...change,
  });

const made: string[] = [];
/** Lets an address in for the rest of the test. */
async function lease(cidr = '203.0.113.0/28'): Promise<string> {
  const { id } = await leased('acme', { cidr });
  made.push(id);
  return id;
}

interface Line {
  readonly decision: string;
  readonly reasons: string[];
  readonly lease?: string;
}

function decisions(): Line[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  return lines.filter(({ event }) => event === 'decision');
}

describe('a route that accepts', () => {
  it.each<[string, readonly string[], string, number, readonly string[]]>([
    ['both: who is listed', ['static', 'leased'], LISTED, 200, []],
    ['both: who is leased', ['static', 'leased'], LEASED, 200, []],
    ['both: a stranger', ['static', 'leased'], STRANGER, 403, ['allowlist_miss/enforce']],
    ['static entries: who is listed', ['static'], LISTED, 200, []],
    ['static entries: who is leased', ['static'], LEASED, 403, ['allowlist_miss/enforce']],
    ['leases: who is listed', ['leased'], LISTED, 403, ['allowlist_miss/enforce']],
    ['leases: who is leased', ['leased'], LEASED, 200, []],
    ['leases: a stranger', ['leased'], STRANGER, 403, ['allowlist_miss/enforce']],
  ])('%s', async (_, accepts, ip, status, reasons) => {
    await put({ accepts });
    const id = await lease();
    expect((await pay({ ip })).status).toBe(status);
    expect(origin.arrived).toHaveLength(status === 200 ? 1 : 0);
    const [line] = decisions();
    expect(line).toMatchObject({ decision: status === 200 ? 'allow' : 'block', reasons });
    expect(line?.lease).toBe(ip === LEASED && status === 200 ? id : undefined);
  });

  it('leases refuses a stranger in the words of every refusal, though its body was read', async () => {
    await put();
    for (const body of [undefined, 'x', '{}', null]) {
      const attempt: Try = body === undefined ? { ip: STRANGER } : { ip: STRANGER, body };
      const answer = await pay(attempt);
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'payment_refused']);
    }
    expect(decisions().map(({ reasons }) => reasons)).toEqual(Array(4).fill(['allowlist_miss/enforce']));
    expect(origin.arrived).toEqual([]);
  });

  it('leases says to who is leased what could not be read', async () => {
    await put();
    await lease();
    expect(await codeOf(await pay({ ip: LEASED, body: 'x' }))).toBe('unreadable');
    expect(decisions()).toMatchObject([{ reasons: ['unreadable/enforce'] }]);
  });

  it('leases lets a leased caller by, whose static entry is pinned elsewhere', async () => {
    await put();
    const elsewhere = { ip: '198.51.100.65', cf: { country: 'NL', asn: 64500 } };
    expect((await pay(elsewhere)).status).toBe(403);
    await lease('198.51.100.64/32');
    expect((await pay(elsewhere)).status).toBe(403);
    await lease('198.51.100.65/32');
    expect((await pay(elsewhere)).status).toBe(200);
    expect(decisions().map(({ reasons }) => reasons.join())).toEqual([
      'allowlist_pin_mismatch/enforce',
      'allowlist_pin_mismatch/enforce',
      '',
    ]);
  });
});

describe('a request that makes several payments', () => {
  const payments = (card: string) => JSON.stringify(mutation(payment('a', card), payment('b', card)));
  const several = (card: string, ip: string) => pay({ path: PATH, ip, body: payments(card) });

  it('is let in whole or not at all, and each payment is counted', async () => {
    const route = { ...graphqlRoute, access: 'server', accepts: ['leased'] };
    await put({ change: { routes: [route], card_testing_guard_config: rule('guest_user_card', 2) } });
    origin.answer(() => answered({ a: result.declined, b: result.declined }));
    const card = cards(40)[35] ?? '';
    expect((await several(card, LEASED)).status).toBe(403);
    const id = await lease();
    expect((await several(card, LEASED)).status).toBe(200);
    expect((await several(card, LEASED)).status).toBe(403);
    await revoke('acme', id);
    expect((await several(cards(40)[36] ?? '', LEASED)).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
    expect(decisions().map(({ reasons, lease: by }) => `${reasons} ${by === id}`)).toEqual([
      ...Array(2).fill('allowlist_miss/enforce false'),
      ...Array(2).fill(' true'),
      ...Array(2).fill('velocity:guest_card/enforce true'),
      ...Array(2).fill('allowlist_miss/enforce false'),
    ]);
  });

  it('is no attempt where it pays nothing, and passes under a lease alone', async () => {
    await put({ change: { routes: [{ ...graphqlRoute, access: 'server', accepts: ['leased'] }] } });
    const body = JSON.stringify({ query: '{ products { name } }' });
    expect((await pay({ path: PATH, ip: LEASED, body })).status).toBe(403);
    await lease();
    expect((await pay({ path: PATH, ip: LEASED, body })).status).toBe(200);
  });
});

describe('in force and gone at the next request', () => {
  it.each(['counted', 'without a counter'])('%s', async (how) => {
    await put({ change: how === 'counted' ? { card_testing_guard_config: rule('card_ip', 9) } : {} });
    expect((await pay({ ip: LEASED })).status).toBe(403);
    const id = await lease();
    expect((await pay({ ip: LEASED })).status).toBe(200);
    expect((await revoke('acme', id)).status).toBe(204);
    expect((await pay({ ip: LEASED })).status).toBe(403);
    expect(origin.arrived).toHaveLength(1);
  });

  it('also where what is sent is no attempt: nothing passes that the gate was not asked about', async () => {
    await put({ route: { attempt_unless: { '/confirm': [false] } } });
    const body = JSON.stringify({ confirm: false });
    expect((await pay({ ip: LEASED, body })).status).toBe(403);
    const id = await lease();
    expect((await pay({ ip: LEASED, body })).status).toBe(200);
    await revoke('acme', id);
    expect((await pay({ ip: LEASED, body })).status).toBe(403);
    expect((await pay({ ip: LISTED, body })).status).toBe(200);
    expect(origin.arrived).toHaveLength(2);
  });

  it('an expired lease is none, under a configuration that stays the same', async () => {
    await put();
    const { id, expires_at } = await leased('acme', { ttl_seconds: 1 });
    made.push(id);
    expect((await pay({ ip: LEASED })).status).toBe(200);
    await vi.waitUntil(() => Date.now() >= Date.parse(expires_at), { timeout: 3_000, interval: 20 });
    expect((await pay({ ip: LEASED })).status).toBe(403);
  });
});

describe('a lease spares who is leased in', () => {
  const strict = { operating_countries: ['DE'], deny_countries: ['NL'], tor: 'block', asn: { deny: [1136] } };

  it('on a server route: the rules about countries and networks, which stay on record', async () => {
    await put({ network: strict });
    await lease();
    expect((await pay({ ip: LEASED })).status).toBe(200);
    expect(decisions()).toMatchObject([{ decision: 'allow', reasons: ['country/shadow', 'asn/shadow'] }]);
  });

  it.each<[string, Try['cf'], readonly string[]]>([
    ['a denied country and network', { country: 'NL', asn: 1136 }, ['country/shadow', 'asn/shadow']],
    ['an unknown country', { asn: 1 }, ['country_unknown/shadow']],
    ['Tor', { country: 'T1', asn: 1 }, ['tor/shadow']],
  ])('on a route for shoppers: %s', async (_, cf = {}, reasons) => {
    await put({ network: { ...strict, unknown_country: 'block' } });
    expect((await pay({ ip: LEASED, cf, path: '/checkout' })).status).toBe(403);
    const id = await lease();
    expect((await pay({ ip: LEASED, cf, path: '/checkout' })).status).toBe(200);
    expect(decisions()[1]).toMatchObject({ decision: 'allow', reasons, lease: id });
    await revoke('acme', id);
    expect((await pay({ ip: LEASED, cf, path: '/checkout' })).status).toBe(403);
  });

  it('a review, too', async () => {
    await put({ network: { unknown_country: 'review' } });
    await pay({ ip: LEASED, cf: {}, path: '/checkout' });
    await lease();
    await pay({ ip: LEASED, cf: {}, path: '/checkout' });
    expect(decisions()).toMatchObject([
      { decision: 'review', reasons: ['country_unknown/enforce'] },
      { decision: 'allow', reasons: ['country_unknown/shadow'] },
    ]);
  });

  it.each<[string, object, object, readonly string[]]>([
    ['a data centre', { asn: { hosting: 'block' } }, {}, ['hosting']],
    ['the risk', { asn: { hosting: 'score' } }, { reputation: { step_up_above: 39 } }, ['hosting', 'risk_score']],
  ])('on a route for shoppers: %s', async (_, network, change, codes) => {
    await put({ network, change });
    const from: Try = { ip: LEASED, cf: { country: 'NL', asn: 16509 }, path: '/checkout' };
    expect((await pay(from)).status).toBe(403);
    await lease();
    expect((await pay(from)).status).toBe(200);
    const [refused, allowed] = decisions().map(({ reasons }) => reasons.map((it) => it.split(':')[0]?.split('/')[0]));
    expect([refused, allowed]).toEqual([codes, codes]);
    expect(decisions()[1]?.reasons.every((reason) => reason.endsWith('/shadow'))).toBe(true);
  });

  it.each([
    ['and touches counters', { card_testing_guard_config: rule('card_ip', 9) }],
    ['and touches none', {}],
  ])('while its session is used for no more than may be: %s', async (_, change) => {
    const session = { mode: 'enforce', max_cards: 1 };
    await put({ network: { deny_countries: ['NL'] }, change: { session, ...change } });
    await lease();
    const headers = { cookie: await cookieFor('acme') };
    const [one = '', other = ''] = cards(60).slice(Object.keys(change).length === 0 ? 40 : 42);
    const from: Try = { ip: LEASED, path: '/checkout', headers };
    expect((await pay({ ...from, card: one })).status).toBe(200);
    expect((await pay({ ...from, card: other })).status).toBe(403);
    expect((await pay({ ...from, card: one, ip: '192.0.2.1' })).status).toBe(403);
    expect(decisions().map(({ reasons }) => reasons.join())).toEqual([
      'country/shadow',
      'country/shadow,no_session/enforce',
      'country/enforce',
    ]);
  });

  it('and no other address', async () => {
    await put({ network: strict });
    await lease('203.0.113.9/32');
    expect((await pay({ ip: '203.0.113.8', path: '/checkout' })).status).toBe(403);
    expect((await pay({ ip: '203.0.113.10', path: '/checkout' })).status).toBe(403);
    expect((await pay({ ip: '::ffff:203.0.113.9', path: '/checkout' })).status).toBe(200);
  });

  it('but not the session that a shop’s page hands out, nor the TLS version', async () => {
    await put({ network: { ...strict, minimum_tls: '1.3' }, change: { session: { mode: 'enforce' } } });
    await lease();
    expect((await pay({ ip: LEASED, path: '/checkout' })).status).toBe(403);
    const old = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.2' };
    expect(await codeOf(await pay({ ip: LEASED, cf: old }))).toBe('tls_version');
    expect(decisions()).toMatchObject([{ reasons: ['country/enforce', 'asn/enforce', 'no_session/enforce'] }]);
  });

  it.each([
    ['card', 'guest_user_card', {}],
    ['card and address', 'card_ip', {}],
    ['customer', 'customer_id', { customer: 'cus_1' }],
    ['address', 'guest_ip', {}],
  ] as const)('but never the counters of the %s', async (name, prefix, attempt) => {
    await put({ network: strict, change: { card_testing_guard_config: rule(prefix, 2) } });
    await lease('203.0.113.0/24');
    origin.answer(answers.decline);
    const card = cards(20)[['card', 'card and address', 'customer', 'address'].indexOf(name) + 10] ?? '';
    const ip = `203.0.113.${100 + name.length}`;
    for (const path of ['/api/pay', '/checkout']) {
      const statuses = [];
      for (let tried = 0; tried < 3; tried++) statuses.push((await pay({ ip, card, path, ...attempt })).status);
      expect(statuses).toEqual(path === '/api/pay' ? [402, 402, 403] : [403, 403, 403]);
    }
    expect(origin.arrived).toHaveLength(2);
  });
});

it('an attempt in flight under a lease is told as it was decided', async () => {
  const strict = { operating_countries: ['DE'] };
  await put({ network: strict, change: { card_testing_guard_config: rule('card_ip', 9) } });
  await lease();
  const release = origin.hold(answers.succeed);
  const sent = pay({ ip: LEASED });
  await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
  const id = origin.arrived[0]?.headers.get('cordon-evaluation');
  const told = await manage('POST', `/evaluations/${id}/outcome`, { status: 'succeeded' });
  expect(await told.json()).toMatchObject({ decision: 'allow', reasons: [{ code: 'country', mode: 'shadow' }] });
  release();
  expect((await sent).status).toBe(200);
});

describe('costs nothing where it changes nothing', () => {
  it.each<[string, Setting, Try]>([
    ['a listed caller', {}, { ip: LISTED }],
    ['a shopper from a good country', {}, { path: '/checkout' }],
    ['a stranger, without leases', { accepts: ['static'], network: { leases: undefined } }, { ip: STRANGER }],
    [
      'a shopper from a denied country, without leases',
      { accepts: ['static'], network: { leases: undefined, deny_countries: ['NL'] } },
      { path: '/checkout' },
    ],
  ])('%s: the gate is not asked about leases', async (_, setting, attempt) => {
    await put(setting);
    await pay(attempt); // the policy is at hand by now
    const asked = spyOnGate();
    await pay(attempt);
    expect(asked()).toEqual([]);
  });
});

describe('in modes', () => {
  it.each([
    ['shadow', ['allowlist_miss/shadow']],
    ['off', []],
  ])('with allowlist_miss %s a stranger goes on, and who is leased is no miss', async (mode, reasons) => {
    await put({ network: { modes: { allowlist_miss: mode } } });
    expect((await pay({ ip: STRANGER })).status).toBe(200);
    await lease();
    expect((await pay({ ip: LEASED })).status).toBe(200);
    expect(decisions()).toMatchObject([{ reasons }, { reasons: [] }]);
  });

  it('a merchant in shadow forwards a stranger, and records what would have been', async () => {
    await put({ change: { mode: 'shadow' } });
    await lease();
    for (const ip of [STRANGER, LEASED]) {
      expect((await pay({ ip })).status).toBe(200);
      expect((await pay({ ip, body: 'x' })).status).toBe(200);
    }
    expect(decisions().map(({ decision, reasons }) => `${decision} ${reasons}`)).toEqual([
      'block allowlist_miss/enforce',
      'block unreadable/enforce,allowlist_miss/enforce',
      'allow ',
      'block unreadable/enforce',
    ]);
  });

  it('a lease is nothing to a route for static entries, whatever the merchant’s mode', async () => {
    await put({ accepts: ['static'], change: { mode: 'shadow' } });
    await lease();
    const asked = spyOnGate();
    expect((await pay({ ip: LEASED })).status).toBe(200);
    expect(decisions()).toMatchObject([{ decision: 'block', reasons: ['allowlist_miss/enforce'] }]);
    expect(asked()).toEqual([]);
  });

  it('a merchant who is off forwards everyone', async () => {
    await put({ change: { mode: 'off' } });
    expect((await pay({ ip: STRANGER })).status).toBe(200);
  });
});

describe('without the gate', () => {
  it.each(['block', 'review', 'allow'])(
    'a leased caller is refused, whatever on_gate_unavailable says: %s',
    async (word) => {
      const change = { on_gate_unavailable: word, card_testing_guard_config: rule('card_ip', 9) };
      await put({ change });
      await lease();
      await pay({ ip: LISTED });
      loseGate();
      expect((await pay({ ip: LEASED })).status).toBe(403);
      expect((await pay({ ip: LEASED, body: 'x' })).status).toBe(403);
      expect((await pay({ ip: LISTED })).status).toBe(word === 'block' ? 403 : 200);
      expect(decisions()[1]?.reasons[0]).toBe('allowlist_miss/enforce');
    },
  );

  it('nor does a lease lift anything where no counter is touched', async () => {
    await put({ network: { deny_countries: ['NL'] }, change: { on_gate_unavailable: 'allow' } });
    await lease();
    await pay({ ip: LISTED });
    loseGate();
    expect((await pay({ ip: LEASED, path: '/checkout' })).status).toBe(403);
    expect(decisions().at(-1)).toMatchObject({ reasons: ['country/enforce'] });
  });
});

it('a gate of an earlier release, which knows no leases, lets nobody in by them', async () => {
  await put({ change: { card_testing_guard_config: rule('guest_user_card', 1) } });
  await lease();
  const admit = Gate.prototype.admit;
  vi.spyOn(Gate.prototype, 'admit').mockImplementation(function (this: Gate, request) {
    const { lease: _, ...known } = request;
    return admit.call(this, known);
  });
  const [card = ''] = cards(30).slice(29);
  expect((await pay({ ip: LEASED, card })).status).toBe(403);
  expect(origin.arrived).toEqual([]);
  // Nor does it keep the place that it took.
  await vi.waitFor(async () => expect((await pay({ ip: LISTED, card })).status).toBe(200));
});

it('puts the configuration in force at the next attempt: leases switched off let nobody in', async () => {
  await put({ network: { deny_countries: ['NL'] } });
  await lease();
  expect((await pay({ ip: LEASED, path: '/checkout' })).status).toBe(200);
  await put({ accepts: ['static'], network: { deny_countries: ['NL'], leases: undefined } });
  expect((await pay({ ip: LEASED, path: '/checkout' })).status).toBe(403);
  expect((await pay({ ip: LEASED })).status).toBe(403);
  await put();
  expect((await pay({ ip: LEASED })).status).toBe(200);
});

/** What the gate is asked about leases from now on. */
function spyOnGate(): () => unknown[] {
  const alone = vi.spyOn(Gate.prototype, 'leaseOf');
  const admitted = vi.spyOn(Gate.prototype, 'admit');
  return () => [...alone.mock.calls, ...admitted.mock.calls.map(([{ lease: asked }]) => asked).filter((it) => it)];
}

function loseGate(): void {
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
}
