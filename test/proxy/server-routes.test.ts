/**
 * A route for the merchant's own servers: who may use it, what is recorded of who may not, and what being known spares.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acme, manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let log: { mock: { calls: unknown[][] } };
beforeEach(() => {
  origin = new StandInOrigin();
  log = vi.spyOn(console, 'log');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const serverRoute = { ...payRoute, access: 'server' };
const shopperRoute = { ...payRoute, name: 'checkout', match: { methods: ['POST'], path: '/checkout' } };
const PLAIN = '203.0.113.9';
const PINNED = '198.51.100.9';
const STRANGER = '192.0.2.9';
const allowlist = [
  { cidr: '203.0.113.0/28', label: 'plain' },
  { cidr: '198.51.100.0/28', label: 'pinned', asn: 1136, country: 'NL' },
  { cidr: '2001:db8:1::/48', label: 'six', country: 'NL' },
];

/** A merchant with one route for servers and one for shoppers. */
const put = (network: Record<string, unknown> = {}, change: Record<string, unknown> = {}) =>
  putAcme({ routes: [serverRoute, shopperRoute], network: { allowlist, ...network }, ...change });

function decisions(): { decision: string; reasons: string[]; route: string; mode: string }[] {
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  return lines.filter(({ event }) => event === 'decision');
}

const NL = { country: 'NL', asn: 1136 };

describe('lets in', () => {
  it.each<[string, Try]>([
    ['who is on the list', { ip: PLAIN }],
    ['who is on it as a mapped address', { ip: '::ffff:203.0.113.9' }],
    ['who is on it in IPv6', { ip: '2001:DB8:1::0:9', cf: NL }],
    ['who is on it without pins, seen from nowhere', { ip: PLAIN, cf: {} }],
    ['who is on it and where the entry belongs', { ip: PINNED, cf: NL }],
  ])('%s', async (_, attempt) => {
    await put();
    expect((await pay(attempt)).status).toBe(200);
    expect(origin.arrived).toHaveLength(1);
    expect(decisions()).toMatchObject([{ decision: 'allow', reasons: [] }]);
  });
});

describe('refuses, in the words of every refusal, and records why', () => {
  it.each<[string, Try, string]>([
    ['a stranger', { ip: STRANGER }, 'allowlist_miss'],
    ['the next address', { ip: '203.0.113.16' }, 'allowlist_miss'],
    ['a stranger in IPv6', { ip: '2001:db8:2::9' }, 'allowlist_miss'],
    ['the bits of a listed address in IPv6', { ip: '::cb00:7109' }, 'allowlist_miss'],
    ['another network', { ip: PINNED, cf: { ...NL, asn: 64500 } }, 'allowlist_pin_mismatch'],
    ['another country', { ip: PINNED, cf: { ...NL, country: 'DE' } }, 'allowlist_pin_mismatch'],
    ['an unknown network', { ip: PINNED, cf: { country: 'NL' } }, 'allowlist_pin_mismatch'],
    ['a network that the edge gives as 0', { ip: PINNED, cf: { ...NL, asn: 0 } }, 'allowlist_pin_mismatch'],
    ['an unknown country', { ip: PINNED, cf: { ...NL, country: 'XX' } }, 'allowlist_pin_mismatch'],
    ['no country', { ip: PINNED, cf: { asn: 1136 } }, 'allowlist_pin_mismatch'],
    ['Tor', { ip: PINNED, cf: { ...NL, country: 'T1' } }, 'allowlist_pin_mismatch'],
  ])('%s', async (_, attempt, code) => {
    await put();
    const answer = await pay(attempt);
    expect([answer.status, await codeOf(answer.clone())]).toEqual([403, 'payment_refused']);
    expect(Object.keys((await answer.json()) as object).sort()).toEqual([
      'code',
      'evaluation',
      'status',
      'title',
      'type',
    ]);
    expect(answer.headers.get('cordon-evaluation')).toMatch(/^ev_/);
    expect(origin.arrived).toEqual([]);
    expect(decisions()).toMatchObject([{ decision: 'block', reasons: [`${code}/enforce`], route: 'pay' }]);
  });

  it('says the same of a stranger, of one from elsewhere and of a payer who is shut', async () => {
    await put({}, { card_testing_guard_config: rule('guest_ip', 1) });
    origin.answer(answers.decline);
    await pay({ ip: '203.0.113.8' });
    const all = [{ ip: '203.0.113.8' }, { ip: STRANGER }, { ip: PINNED, cf: {} }];
    const texts = await Promise.all(
      all.map(async (one) => JSON.stringify({ ...((await (await pay(one)).json()) as object), evaluation: '' })),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('in Hyperswitch’s words where the route says so', async () => {
    await put({}, { routes: [{ ...serverRoute, refusal: 'hyperswitch' }] });
    const answer = await pay({ ip: STRANGER });
    expect([answer.status, (await answer.json()) as object]).toMatchObject([400, { error: { code: 'IR_16' } }]);
  });

  it('everyone, when the list is empty', async () => {
    await put({ allowlist: [] });
    expect((await pay({ ip: PLAIN })).status).toBe(403);
  });

  it('who has no address, as everywhere', async () => {
    await put();
    expect(await codeOf(await pay({ ip: null }))).toBe('no_client_address');
  });
});

describe('before the body is read', () => {
  it('a stranger is turned away, though it never comes', async () => {
    await put();
    const body = new ReadableStream({ pull: () => new Promise(() => {}) });
    expect((await pay({ ip: STRANGER, body })).status).toBe(403);
    expect(decisions()).toMatchObject([{ decision: 'block', reasons: ['allowlist_miss/enforce'] }]);
  });

  it.each([
    ['a body that is no JSON', { body: 'x' }],
    ['no body', { body: null }],
    ['a body without a card', { body: '{}' }],
    ['another type', { headers: { 'content-type': 'text/plain' } }],
  ])('so that %s is nothing to him', async (_, attempt) => {
    await put();
    expect(await codeOf(await pay({ ip: STRANGER, ...attempt }))).toBe('payment_refused');
    expect(decisions()).toMatchObject([{ reasons: ['allowlist_miss/enforce'] }]);
  });

  it('also where what he sends would be no attempt', async () => {
    await put({}, { routes: [{ ...serverRoute, attempt_unless: { '/confirm': [false] } }] });
    const body = JSON.stringify({ confirm: false });
    expect((await pay({ ip: STRANGER, body })).status).toBe(403);
    expect((await pay({ ip: PLAIN, body })).status).toBe(200);
    expect(origin.arrived).toHaveLength(1);
  });
});

describe('on the ways around the route', () => {
  it.each<[string, Try, number]>([
    ['another spelling of the path', { path: '/API/pay' }, 400],
    ['another method', { method: 'PUT' }, 405],
  ])('%s is refused, and who tried is on record', async (_, attempt, status) => {
    await put();
    expect((await pay({ ip: STRANGER, ...attempt })).status).toBe(status);
    expect(decisions()).toMatchObject([{ reasons: ['unreadable/enforce', 'allowlist_miss/enforce'] }]);
    expect(origin.arrived).toEqual([]);
  });
});

describe('at the moment of the attempt', () => {
  it('an entry that has expired is none', async () => {
    await put({ allowlist: [{ cidr: '203.0.113.0/28', label: 'old', expires_at: '2020-01-01T00:00:00Z' }] });
    expect((await pay({ ip: PLAIN })).status).toBe(403);
    expect(decisions()).toMatchObject([{ reasons: ['allowlist_miss/enforce'] }]);
  });

  it('an entry expires under a configuration that stays the same', async () => {
    const expires_at = new Date(Date.now() + 400).toISOString();
    await put({ allowlist: [{ cidr: '203.0.113.0/28', label: 'short', expires_at }] });
    expect((await pay({ ip: PLAIN })).status).toBe(200);
    await vi.waitUntil(() => Date.now() > Date.parse(expires_at));
    expect((await pay({ ip: PLAIN })).status).toBe(403);
  });
});

describe('spares who is on it', () => {
  const strict = {
    operating_countries: ['DE'],
    deny_countries: ['NL'],
    tor: 'block',
    unknown_country: 'block',
    asn: { deny: [1136] },
  };

  it.each([
    ['a denied country and network', NL],
    ['an unknown country', {}],
    ['Tor', { country: 'T1', asn: 1 }],
  ])('the rules about %s', async (_, cf) => {
    await put(strict);
    expect((await pay({ ip: PLAIN, cf })).status).toBe(200);
    expect(decisions()).toMatchObject([{ reasons: [] }]);
  });

  it('but not on a route for shoppers, where the list plays no part', async () => {
    await put(strict);
    expect((await pay({ ip: PLAIN, path: '/checkout' })).status).toBe(403);
    expect(decisions()).toMatchObject([{ route: 'checkout', reasons: ['country/enforce', 'asn/enforce'] }]);
    await put();
    expect((await pay({ ip: STRANGER, path: '/checkout' })).status).toBe(200);
  });

  it('and nobody whose pins do not hold, or whose entry has expired', async () => {
    const expired = { cidr: '203.0.113.0/28', label: 'old', expires_at: '2020-01-01T00:00:00Z' };
    await put({ ...strict, allowlist: [expired, allowlist[1]] });
    await pay({ ip: PLAIN });
    await pay({ ip: PINNED, cf: { country: 'FR', asn: 1136 } });
    expect(decisions().map(({ reasons }) => reasons.join())).toEqual([
      'allowlist_miss/enforce,country/enforce,asn/enforce',
      'allowlist_pin_mismatch/enforce,country/enforce,asn/enforce',
    ]);
  });

  it.each([
    ['card', 'guest_user_card', {}],
    ['card and address', 'card_ip', {}],
    ['customer', 'customer_id', { customer: 'cus_1' }],
    ['address', 'guest_ip', {}],
  ] as const)('but never the counters of the %s', async (_, prefix, attempt) => {
    await put({}, { card_testing_guard_config: rule(prefix, 2) });
    origin.answer(answers.decline);
    const [card = ''] = cards(1);
    const statuses = [];
    for (let tried = 0; tried < 3; tried++) statuses.push((await pay({ ip: '203.0.113.7', card, ...attempt })).status);
    expect(statuses).toEqual([402, 402, 403]);
  });

  it('nor the reading of the body', async () => {
    await put();
    expect((await pay({ ip: PLAIN, body: 'x' })).status).toBe(400);
  });
});

describe('in modes', () => {
  const elsewhere = { ip: PINNED, cf: { country: 'NL', asn: 64500 } };

  it.each<[string, Record<string, string>, Try, number, readonly string[]]>([
    ['a stranger in shadow', { allowlist_miss: 'shadow' }, { ip: STRANGER }, 200, ['allowlist_miss/shadow']],
    ['a stranger with the layer off', { allowlist_miss: 'off' }, { ip: STRANGER }, 200, []],
    ['a pin in shadow', { allowlist_pin_mismatch: 'shadow' }, elsewhere, 200, ['allowlist_pin_mismatch/shadow']],
    ['a pin with the layer off', { allowlist_pin_mismatch: 'off' }, elsewhere, 200, []],
    [
      'a stranger while pins are off',
      { allowlist_pin_mismatch: 'off' },
      { ip: STRANGER },
      403,
      ['allowlist_miss/enforce'],
    ],
    ['a pin while misses are off', { allowlist_miss: 'off' }, elsewhere, 403, ['allowlist_pin_mismatch/enforce']],
  ])('%s', async (_, modes, attempt, status, reasons) => {
    await put({ modes });
    expect((await pay(attempt)).status).toBe(status);
    expect(decisions()).toMatchObject([{ reasons }]);
  });

  it.each([
    ['allowlist_miss', 'shadow', { ip: STRANGER, cf: NL }],
    ['allowlist_miss', 'off', { ip: STRANGER, cf: NL }],
    ['allowlist_pin_mismatch', 'shadow', { ip: PINNED, cf: { country: 'NL', asn: 64500 } }],
    ['allowlist_pin_mismatch', 'off', { ip: PINNED, cf: { country: 'NL', asn: 64500 } }],
  ])('who is let go on by %s: %s meets the country rules', async (code, mode, attempt) => {
    await put({ modes: { [code]: mode }, deny_countries: ['NL'] });
    expect((await pay(attempt)).status).toBe(403);
    expect(decisions()[0]?.reasons.at(-1)).toBe('country/enforce');
  });

  it('a merchant in shadow forwards a stranger, and records what would have been', async () => {
    await put({}, { mode: 'shadow' });
    expect((await pay({ ip: STRANGER })).status).toBe(200);
    expect((await pay({ ip: STRANGER, body: 'x' })).status).toBe(200);
    expect(decisions()).toMatchObject([
      { decision: 'block', mode: 'shadow', reasons: ['allowlist_miss/enforce'] },
      { decision: 'block', mode: 'shadow', reasons: ['unreadable/enforce', 'allowlist_miss/enforce'] },
    ]);
  });

  it('a merchant who is off forwards everyone', async () => {
    await put({}, { mode: 'off' });
    expect((await pay({ ip: STRANGER })).status).toBe(200);
    expect(decisions()).toMatchObject([{ decision: 'allow', mode: 'off', reasons: [] }]);
  });
});

it('asks no server for a session', async () => {
  await put({}, { session: { mode: 'enforce' } });
  expect((await pay({ ip: PLAIN })).status).toBe(200);
  expect((await pay({ ip: PLAIN, path: '/checkout' })).status).toBe(403);
  expect(decisions().map(({ reasons }) => reasons)).toEqual([[], ['no_session/enforce']]);
});

it('puts the configuration in force at the next attempt: an entry added, an entry taken away', async () => {
  await put({ allowlist: [] });
  expect((await pay({ ip: PLAIN })).status).toBe(403);
  await put();
  expect((await pay({ ip: PLAIN })).status).toBe(200);
  await put({ allowlist: [] });
  expect((await pay({ ip: PLAIN })).status).toBe(403);
});

describe('the configuration', () => {
  const faultsOf = async (route: Record<string, unknown>) => {
    const answer = await manage('PUT', '/merchants/acme', { ...acme, routes: [{ ...payRoute, ...route }] });
    return answer.status === 422 ? ((await answer.json()) as { errors: object[] }).errors : [];
  };

  it.each([
    ['static entries', { access: 'server', accepts: ['static'] }, []],
    [
      'leased ones, where there are leases',
      { access: 'server', accepts: ['static', 'leased'] },
      [{ path: '/routes/0/accepts/1', message: 'needs network.leases' }],
    ],
    [
      'leased ones alone',
      { access: 'server', accepts: ['leased'] },
      [{ path: '/routes/0/accepts/0', message: 'needs network.leases' }],
    ],
    [
      'one twice',
      { access: 'server', accepts: ['static', 'static'] },
      [{ path: '/routes/0/accepts', message: 'one is named twice' }],
    ],
    ['nothing', { access: 'server', accepts: [] }, [{ path: '/routes/0/accepts', message: expect.any(String) }]],
    [
      'entries on a route for shoppers',
      { accepts: ['static'] },
      [{ path: '/routes/0/accepts', message: 'is for routes whose access is server' }],
    ],
  ])('accepts %s', async (_, route, errors) => {
    expect(await faultsOf(route)).toEqual(errors);
  });
});
