/**
 * The model of two locks and three layers (docs/network.md), row by row: who is let in and who is kept out, by each layer
 * alone and by all of them together; and each layer in shadow, which says so, and off, which says nothing.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CERTIFICATE, PIN } from '../support/core-server.ts';
import { upload } from '../support/feeds.ts';
import { knowIssuers } from '../support/issuers.ts';
import { leased, revoke } from '../support/leases.ts';
import { payRoute, putAcme, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { CARD, codeOf, pay, type Try } from '../support/shopper.ts';
import { makeKey, signedHeaders, written } from '../support/signer.ts';

const US_CARD = CARD;
const KP_CARD = '5555555555554444';
const CORE = '198.51.100.9';
const LEASED = '203.0.113.77';
const LISTED = '192.0.2.66';
const HOME = { country: 'NL', asn: 1136, timezone: 'Europe/Amsterdam', tlsVersion: 'TLSv1.3' };
const from = (change: Record<string, unknown>) => ({ cf: { ...HOME, ...change } });
const AWS = { asn: 16_509 };
const PRIVATE_RELAY = { asn: 36_183 };

const key = await makeKey('core-1');
const server = { ...payRoute, access: 'server' };
const at = (path: string) => ({ name: path.slice(1), match: { methods: ['POST'], path } });
const routes = [
  { ...payRoute, fields: { ...payRoute.fields, billing_country: '/country' } },
  { ...server, ...at('/static') },
  { ...server, ...at('/leased'), accepts: ['static', 'leased'] },
  { ...server, ...at('/signed'), egress: { signature: { keys: ['core-1'] } } },
  { ...server, ...at('/certified'), egress: { client_certificate: { sha256: [PIN] } } },
];
const needed = {
  allowlist: [
    { cidr: '198.51.100.0/28', label: 'core' },
    { cidr: '198.51.100.64/28', label: 'pinned', asn: 1136, country: 'NL' },
  ],
  leases: {},
  egress_keys: [written(key)],
};

const body = JSON.stringify({ card: { number: US_CARD }, amount: 1999 });
const paying = (card: string, country?: string) => JSON.stringify({ card: { number: card }, country, amount: 1999 });
const sign = () => signedHeaders({ url: `${SHOP}/signed`, body, key });
const signedTry = async (change: Try = {}): Promise<Try> => {
  return { path: '/signed', ip: CORE, body, headers: await sign(), ...change };
};
const replayed = async (): Promise<Try> => {
  const once = await signedTry();
  await pay(once);
  return once;
};

interface Row {
  readonly row: string;
  readonly network?: Record<string, unknown>;
  readonly reputation?: Record<string, unknown>;
  readonly in: () => Try | Promise<Try>;
  readonly out: () => Try | Promise<Try>;
  /** The reason, and the name of its mode; null: there is no mode, and none may be. */
  readonly reason: string | null;
}

const ROWS: readonly Row[] = [
  {
    row: 'first lock: https is forced, never degraded',
    in: () => ({}),
    out: () => ({ shop: 'http://shop.acme.example' }),
    reason: null,
  },
  {
    row: 'first lock: no weak encryption',
    in: () => from({ tlsVersion: 'TLSv1.2' }),
    out: () => from({ tlsVersion: 'TLSv1.1' }),
    reason: 'tls_version',
  },
  {
    row: '1: core servers are bound to static addresses',
    in: () => ({ path: '/static', ip: CORE }),
    out: () => ({ path: '/static', ip: '198.51.100.16' }),
    reason: 'allowlist_miss',
  },
  {
    row: '1: and to the network that these belong to',
    in: () => ({ path: '/static', ip: '198.51.100.65' }),
    out: () => ({ path: '/static', ip: '198.51.100.65', ...from({ asn: 64_500 }) }),
    reason: 'allowlist_pin_mismatch',
  },
  {
    row: '1: and to the country that these belong to',
    in: () => ({ path: '/static', ip: '198.51.100.65' }),
    out: () => ({ path: '/static', ip: '198.51.100.65', ...from({ country: 'BR' }) }),
    reason: 'allowlist_pin_mismatch',
  },
  {
    row: '1: leases for dynamic addresses, where a route accepts them',
    in: () => ({ path: '/leased', ip: LEASED }),
    out: () => ({ path: '/leased', ip: '203.0.113.78' }),
    reason: 'allowlist_miss',
  },
  {
    row: '1: and nowhere else',
    in: () => ({ path: '/static', ip: CORE }),
    out: () => ({ path: '/static', ip: LEASED }),
    reason: 'allowlist_miss',
  },
  {
    row: '1: approved egress by signature',
    in: signedTry,
    out: () => signedTry({ headers: {} }),
    reason: 'egress_unverified',
  },
  { row: '1: each signature once', in: signedTry, out: replayed, reason: 'egress_unverified' },
  {
    row: '1: approved egress by certificate',
    in: () => ({ path: '/certified', ip: CORE, ...from({ tlsClientAuth: CERTIFICATE }) }),
    out: () => ({ path: '/certified', ip: CORE }),
    reason: 'egress_unverified',
  },
  {
    row: '2: countries of operation',
    network: { operating_countries: ['NL', 'DE'] },
    in: () => from({ country: 'DE' }),
    out: () => from({ country: 'MX' }),
    reason: 'country',
  },
  {
    row: '2: and the payer’s own country',
    network: { operating_countries: ['NL'], payer_country: true },
    in: () => ({ body: paying(US_CARD), ...from({ country: 'US' }) }),
    out: () => ({ body: paying(KP_CARD, 'US'), ...from({ country: 'US' }) }),
    reason: 'country',
  },
  {
    row: '2: regions and continents',
    network: { operating_countries: ['region:eu', 'continent:OC'] },
    in: () => from({ country: 'AU', timezone: 'Australia/Sydney' }),
    out: () => from({ country: 'CH' }),
    reason: 'country',
  },
  {
    row: '2: denied, whatever else lets in',
    network: { operating_countries: ['region:eu'], deny_countries: ['HU'] },
    in: () => ({}),
    out: () => from({ country: 'HU' }),
    reason: 'country',
  },
  {
    row: '2: what an unknown country means is set',
    network: { unknown_country: 'block' },
    in: () => ({}),
    out: () => from({ country: 'XX' }),
    reason: 'country_unknown',
  },
  {
    row: '2: what Tor means is set',
    network: { tor: 'block' },
    in: () => ({}),
    out: () => from({ country: 'T1' }),
    reason: 'tor',
  },
  {
    row: '2: networks by number',
    network: { asn: { deny: [64_500] } },
    in: () => ({}),
    out: () => from({ asn: 64_500 }),
    reason: 'asn',
  },
  {
    row: '2: data centres are suspect, private relays are not',
    network: { asn: { hosting: 'block' } },
    in: () => from(PRIVATE_RELAY),
    out: () => from(AWS),
    reason: 'hosting',
  },
  {
    row: '2: disagreement of address, card, billing and time zone adds up',
    network: { country_mismatch: 'score' },
    reputation: { step_up_above: 30 },
    in: () => ({ body: paying(US_CARD, 'US'), ...from({ country: 'US', timezone: 'America/New_York' }) }),
    out: () => ({ body: paying(KP_CARD, 'DE'), ...from({ country: 'NL', timezone: 'Asia/Tokyo' }) }),
    reason: 'risk_score',
  },
  {
    row: '3: reputation, above 70 the payer must prove who he is',
    reputation: { feeds: ['two-locks'] },
    in: () => ({ ip: '192.0.2.67' }),
    out: () => ({ ip: LISTED }),
    reason: 'risk_score',
  },
  {
    row: '3: a list that refuses by itself',
    reputation: { feeds: [{ name: 'two-locks', then: 'block', then_at: 90 }], step_up_above: 100 },
    in: () => ({ ip: '192.0.2.67' }),
    out: () => ({ ip: LISTED }),
    reason: 'reputation',
  },
];

/** Everything at once. Data centres and countries that do not fit are refused here, whoever else is. */
const ALL = {
  network: {
    operating_countries: ['region:eu', 'AU'],
    payer_country: true,
    deny_countries: ['HU'],
    unknown_country: 'block',
    tor: 'block',
    asn: { deny: [64_500], hosting: 'block', vpn: 'score' },
    country_mismatch: 'score',
  },
  reputation: { feeds: [{ name: 'two-locks', then: 'block', then_at: 90 }], step_up_above: 30 },
};

let lease: string;
let origin: StandInOrigin;
let log: { mock: { calls: unknown[][] } };
beforeEach(async () => {
  origin = new StandInOrigin();
  await upload('two-locks', `${LISTED},95\n`);
  await knowIssuers();
  log = vi.spyOn(console, 'log');
});
afterEach(async () => {
  await revoke('acme', lease);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Layers = Pick<Row, 'network' | 'reputation'>;

async function put({ network = {}, reputation = {} }: Layers, modes: Record<string, string> = {}): Promise<void> {
  await putAcme({ routes, network: { ...needed, ...network, modes }, reputation });
  lease = (await leased('acme', { cidr: `${LEASED}/32` })).id;
}

/** Whether it reached the origin, and every reason that was recorded with it. */
async function attempt(one: Try): Promise<{ readonly isIn: boolean; readonly said: string }> {
  const before = origin.arrived.length;
  const calls = log.mock.calls.length;
  const answer = await pay(one);
  const isIn = origin.arrived.length > before;
  expect(answer.status === 200).toBe(isIn);
  const lines = log.mock.calls.slice(calls).map(([line]) => JSON.parse(String(line)) as { reasons?: string[] });
  const reasons = lines.flatMap((line) => line.reasons ?? []);
  return { isIn, said: [...reasons, isIn ? '' : await codeOf(answer)].join(' ') };
}

const spoken = (reason: string | null, mode: string) => {
  if (reason === null) return /https_required/;
  // Below TLS 1.2 the answer itself says why, and there is no decision.
  return mode === 'enforce' && reason === 'tls_version' ? /tls_version/ : new RegExp(`\\b${reason}(:\\S+)?/${mode}`);
};

describe.each(ROWS)('$row', ({ reason, in: good, out: bad, ...layers }) => {
  it.each([
    ['alone', layers],
    ['with all the others', ALL],
  ])('lets in and keeps out, %s', async (_, config) => {
    await put(config);
    expect((await attempt(await good())).isIn).toBe(true);
    const refused = await attempt(await bad());
    expect(refused).toMatchObject({ isIn: false, said: expect.stringMatching(spoken(reason, 'enforce')) });
  });
});

const WITH_MODES = ROWS.flatMap(({ reason, ...row }) => (reason === null ? [] : [{ ...row, reason }]));

describe.each(WITH_MODES)('$row', ({ reason, out: bad, ...layers }) => {
  it('in shadow refuses nobody, and says what it would have', async () => {
    await put(layers, { [reason]: 'shadow' });
    const through = await attempt(await bad());
    expect(through).toMatchObject({ isIn: true, said: expect.stringMatching(spoken(reason, 'shadow')) });
  });

  it('off says nothing', async () => {
    await put(layers, { [reason]: 'off' });
    const through = await attempt(await bad());
    expect(through.isIn).toBe(true);
    expect(through.said).not.toContain(reason);
  });
});

it('every reason of the two locks has its row', async () => {
  const { NETWORK_CODES } = await import('../../src/network/network-rules.ts');
  const shown = new Set(ROWS.map(({ reason }) => reason));
  // Disagreement only counts: its row shows the score.
  expect(NETWORK_CODES.filter((code) => !shown.has(code))).toEqual(['country_mismatch']);
});
