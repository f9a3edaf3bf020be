/**
 * A provider that is slow, down or talks nonsense: the decision comes within its time limit, says so in its reasons, and
 * follows the configured word; in front of a checkout and in the API.
 */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { api, ask, evaluated, newKey, newMerchant } from '../api/backend.ts';
import { gateOf, rowsOf } from '../gate/asking.ts';
import { type Arrived, breaking, dripping, hanging, StandInProviders, scored, slowly } from '../reputation/stand-in.ts';
import { acme, ORIGIN, payRoute, putAcme, rule } from '../support/merchant.ts';
import { pay } from '../support/shopper.ts';

const TIMEOUT_MS = 200;
/** What a busy machine may add. */
const SLACK_MS = 2_000;
const abuseipdb = { name: 'abuseipdb', key_name: 'CORDON_REPUTATION_ABUSEIPDB', timeout_ms: 1_000 };
/** Whose circuit no fault has opened before. */
const other = { name: 'ipqualityscore', key_name: 'CORDON_REPUTATION_IPQUALITYSCORE', timeout_ms: 1_000 };
const COUNTED = { card_testing_guard_config: rule('card_ip', 9) };

type ProviderSays = (arrived: Arrived, signal: AbortSignal) => Response | Promise<Response>;

let world: StandInProviders;
let last = 0;
/** An address that nobody asked about yet. */
const newIp = () => `185.230.${Math.floor(++last / 250)}.${(last % 250) + 1}`;

beforeEach(async () => {
  world = new StandInProviders();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  providerSays(scored(0));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The origin always takes the payment. */
function providerSays(says: ProviderSays): void {
  world.answer((arrived, signal) => {
    return arrived.url.origin === ORIGIN ? Response.json({ id: 'pay_1', status: 'succeeded' }) : says(arrived, signal);
  });
}

const reached = () => world.arrived.filter(({ url }) => url.origin === ORIGIN).length;
const askedAbout = () => world.arrived.filter(({ url }) => url.origin !== ORIGIN).length;

/** A merchant of the API's, whose gate is there already. */
async function merchantWith(reputation: Record<string, unknown>): Promise<string> {
  const merchant = await newMerchant({ reputation: { providers: [abuseipdb], ...reputation } });
  await runInDurableObject(gateOf(merchant), () => {});
  return merchant;
}

const FAULTS: readonly (readonly [string, ProviderSays, string])[] = [
  ['slow', slowly(6_000, scored(99)), 'timeout'],
  ['hanging after its headers', hanging(), 'timeout'],
  ['dripping its answer', dripping(30), 'timeout'],
  ['breaking off', breaking(), 'unreachable'],
  ['not there', () => Promise.reject(new TypeError('connection refused')), 'unreachable'],
  ['broken', () => new Response('oops', { status: 500 }), 'unreachable'],
  ['used up', () => new Response('', { status: 429, headers: { 'retry-after': '9' } }), 'over_budget'],
  ['refusing the key', () => new Response('', { status: 401 }), 'refused'],
  ['talking nonsense', () => Response.json({ data: { abuseConfidenceScore: 'high' } }), 'nonsense'],
  ['sending us elsewhere', () => Response.redirect('https://elsewhere.example/'), 'nonsense'],
];

describe.each(FAULTS)('a provider that is %s', (_, says, reason) => {
  const source = 'provider:abuseipdb';
  // What fails at once has time to: only who is late must be cut short.
  const limitMs = reason === 'timeout' ? TIMEOUT_MS : 1_000;
  const providers = [{ ...abuseipdb, timeout_ms: limitMs }];

  it.each(['allow', 'review', 'challenge', 'block'])('%s, in time, with the reason', async (on_silence) => {
    providerSays(says);
    const merchant = await merchantWith({ providers, on_silence });
    const begun = performance.now();
    const evaluation = await evaluated(merchant, { ip: newIp() });
    expect(performance.now() - begun).toBeLessThan(limitMs + SLACK_MS);
    const said = `${source} said nothing (${reason}); on_silence: ${on_silence}`;
    const message = expect.stringMatching(new RegExp(`^${said.replace(/[()]/g, '\\$&')}(?:$|; no step-up)`));
    expect(evaluation).toMatchObject({
      decision: on_silence === 'challenge' ? 'block' : on_silence,
      risk_score: 0,
      reasons: [{ code: 'reputation', rule: source, message, mode: 'enforce' }],
      risk: { confidence: 0, contributions: [], silent: [{ source, reason }] },
    });
  });

  it.each([
    ['allow', 200],
    ['block', 403],
  ])('in front of a checkout: %s', async (on_silence, status) => {
    providerSays(says);
    await putAcme({ ...COUNTED, reputation: { providers, on_silence } });
    const begun = performance.now();
    const answer = await pay({ ip: newIp() });
    expect(performance.now() - begun).toBeLessThan(limitMs + SLACK_MS);
    expect([answer.status, reached()]).toEqual([status, status === 200 ? 1 : 0]);
    if (status !== 200) return expect(await answer.text()).not.toMatch(/reputation|abuseipdb/i);
    const told = await api('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`);
    const { risk } = (await told.json()) as ToldEvaluation;
    // One that an earlier payment found to be so is left alone.
    expect(risk?.silent).toEqual([
      { source, reason: expect.stringMatching(`${reason}|circuit_open|refused|over_budget`) },
    ]);
  });
});

describe('whom nobody asks about', () => {
  beforeEach(() => providerSays(scored(100)));
  const listening = { reputation: { providers: [{ ...other, then: 'block' }] } };

  it('addresses that are nobody’s', async () => {
    await putAcme(listening);
    expect((await pay({ ip: '203.0.113.9' })).status).toBe(200);
    expect(askedAbout()).toBe(0);
  });

  it('the merchant’s own servers', async () => {
    const ip = newIp();
    const network = { allowlist: [{ cidr: `${ip}/32`, label: 'core' }] };
    await putAcme({ ...listening, routes: [{ ...payRoute, access: 'server' }], network });
    expect((await pay({ ip })).status).toBe(200);
    expect(askedAbout()).toBe(0);
  });

  it('strangers on their routes, who are turned away', async () => {
    await putAcme({ ...listening, routes: [{ ...payRoute, access: 'server' }] });
    expect((await pay({ ip: newIp() })).status).toBe(403);
    expect(askedAbout()).toBe(0);
  });

  const unlisted = { modes: { allowlist_miss: 'shadow' } };

  it('renewals, which come from a server', async () => {
    await putAcme({ ...listening, routes: [{ ...payRoute, access: 'server', kind: 'renewal' }], network: unlisted });
    expect((await pay({ ip: newIp() })).status).toBe(200);
    const merchant = await merchantWith({});
    await evaluated(merchant, { kind: 'renewal', card: { fingerprint: 'f' } });
    expect(askedAbout()).toBe(0);
  });

  const leased = { ...payRoute, access: 'server', accepts: ['static', 'leased'] };
  const leasing = { leases: { max_total_seconds: 7_200 } };

  it('addresses that a lease must hold', async () => {
    await putAcme({ ...listening, routes: [leased], network: leasing });
    expect((await pay({ ip: newIp() })).status).toBe(403);
    expect(askedAbout()).toBe(0);
  });

  it('but whom no lease is asked of: leases that are on switch no provider off', async () => {
    await putAcme({ ...listening, routes: [leased], network: { ...unlisted, ...leasing } });
    expect((await pay({ ip: newIp() })).status).toBe(403);
    expect(askedAbout()).toBe(1);
  });

  it('who passes by', async () => {
    await putAcme(listening);
    await pay({ ip: newIp(), path: '/', method: 'GET', body: null });
    expect(askedAbout()).toBe(0);
  });

  it('a merchant who is off, and one whose layer is off', async () => {
    await putAcme({ ...listening, mode: 'off' });
    await pay({ ip: newIp() });
    await putAcme({ ...listening, network: { modes: { reputation: 'off' } } });
    await pay({ ip: newIp() });
    expect(askedAbout()).toBe(0);
  });

  it('on the word of somebody without a key', async () => {
    const merchant = await merchantWith({});
    const { key } = await newKey(merchant);
    expect(
      (
        await ask(
          merchant,
          { ip: newIp() },
          { key: key.replace(/^ck_(.{16})./, 'ck_$1f').replace(/^(ck_.{20})../, '$100') },
        )
      ).status,
    ).toBe(401);
    expect(askedAbout()).toBe(0);
    expect((await ask(merchant, { ip: newIp() }, { key })).status).toBe(200);
    expect(askedAbout()).toBe(1);
  });
});

describe('what is heard', () => {
  it('of both providers makes one score, with each in the reasons', async () => {
    providerSays(scored(50));
    const merchant = await merchantWith({ providers: [abuseipdb, other], step_up_above: 74 });
    const evaluation = await evaluated(merchant, { ip: newIp() });
    expect(evaluation).toMatchObject({
      decision: 'block',
      risk_score: 75,
      risk_level: 'highest',
      risk: { confidence: 1 },
    });
    expect(evaluation.reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['reputation', 'provider:abuseipdb'],
      ['reputation', 'provider:ipqualityscore'],
      ['risk_score', undefined],
    ]);
  });

  it('of one beside the silence of the other halves the confidence, and not the score', async () => {
    providerSays((arrived) => (arrived.url.host.includes('abuse') ? new Response('x') : scored(60)(arrived)));
    const merchant = await merchantWith({ providers: [abuseipdb, other] });
    const evaluation = await evaluated(merchant, { ip: newIp() });
    expect(evaluation).toMatchObject({ decision: 'allow', risk_score: 60, risk: { confidence: 0.5 } });
  });

  it.each([
    [74, 'allow'],
    [75, 'block'],
  ])('of score %i, with `then` at 75, is to %s', async (score, decision) => {
    providerSays(scored(score));
    const merchant = await merchantWith({ providers: [{ ...abuseipdb, then: 'block' }], step_up_above: 100 });
    expect(await evaluated(merchant, { ip: newIp() })).toMatchObject({ decision, risk_score: score });
  });

  it('of an IPv6 subscriber is about all his addresses', async () => {
    providerSays(scored(60));
    const merchant = await merchantWith({});
    for (const ip of ['2606:4700:99::1', '2606:4700:99::2']) {
      expect(await evaluated(merchant, { ip })).toMatchObject({ risk_score: 60 });
    }
    expect(askedAbout()).toBe(1);
  });

  it('in shadow is on record, and refuses nobody', async () => {
    providerSays(scored(100));
    const modes = { reputation: 'shadow' };
    await putAcme({ ...COUNTED, network: { modes }, reputation: { providers: [{ ...other, then: 'block' }] } });
    expect((await pay({ ip: newIp() })).status).toBe(200);
  });
});

describe('an allowed payment from an address that is known', () => {
  it('asks neither provider nor gate again', async () => {
    await putAcme({ ...COUNTED, reputation: { providers: [other] } });
    const ip = newIp();
    expect((await pay({ ip })).status).toBe(200);
    const spent = () => rowsOf<{ taken: number }>(gateOf('acme'), 'SELECT provider, taken FROM budgets');
    const before = await spent();
    for (let i = 0; i < 60; i++) expect((await pay({ ip })).status).toBe(200);
    expect(askedAbout()).toBe(1);
    expect(await spent()).toEqual(before);
  });

  it('nothing of the payment but the address goes out', async () => {
    await putAcme({ ...COUNTED, reputation: { providers: [other] } });
    const ip = newIp();
    await pay({ ip, headers: { cookie: 'a=b', 'user-agent': 'Browser/1' }, customer: 'cus_1' });
    const [sent] = world.arrived.filter(({ url }) => url.origin !== ORIGIN);
    expect([...(sent?.headers.keys() ?? [])]).toEqual(['accept', 'ipqs-key', 'user-agent']);
    expect(sent?.headers.get('user-agent')).toBe('Cordon');
    expect(sent?.url.search).toBe(`?ip=${ip}&strictness=0&allow_public_access_points=true`);
    expect(acme.hosts.some((host) => sent?.url.href.includes(host))).toBe(false);
  });
});
