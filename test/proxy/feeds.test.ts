/**
 * Imported lists at work in front of a checkout: what a merchant listens to, what it does, and what a silence means.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, evaluated, newMerchant } from '../api/backend.ts';
import { forgetFeeds, remove, upload } from '../support/feeds.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

const COUNTED = { card_testing_guard_config: rule('card_ip', 9) };
/** A whisper that does something; without a key that linters take for a promise's. */
const doing = (response: string, more: Record<string, unknown> = {}) => {
  return { name: 'bad-hosts', weight: 0.1, ...Object.fromEntries([['then', response]]), ...more };
};
const BAD = '198.51.100.7';

let origin: StandInOrigin;
/** Ahead of the real time, and never back: an isolate looks for lists anew when time has gone by. */
let now = Date.now() + 365 * 86_400_000;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
  await forgetFeeds();
  await upload('bad-hosts', `${BAD},85\n192.0.2.0/24,40\nAS64500,30`);
  passHalfAMinute();
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** So that the isolate, which outlives a test, looks for what is new. */
function passHalfAMinute(): void {
  now += 31_000;
  vi.setSystemTime(now);
}

async function toldOf(answer: Response) {
  const told = await api('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`);
  return (await told.json()) as { decision: string; risk_score: number; risk: unknown; reasons: unknown[] };
}

/** A first attempt, after which the isolate has what it needs. */
async function warmUp(): Promise<void> {
  await pay({ ip: '203.0.113.250' });
  await vi.waitFor(async () => {
    passHalfAMinute();
    await pay({ ip: '203.0.113.250' });
  });
  origin.arrived.length = 0;
}

describe('a listed address', () => {
  it.each([
    ['counts', ['bad-hosts'], 403, 85],
    ['counts, and a merchant may allow a higher score', ['bad-hosts'], 200, 85, { step_up_above: 85 }],
    ['counts by its weight', [{ name: 'bad-hosts', weight: 0.5 }], 200, 43],
    ['is refused', [doing('block')], 403, 9],
    ['is let be below the score that is meant', [doing('block', { then_at: 10 })], 200, 9],
    ['is marked for review', [doing('review')], 200, 9],
  ] as readonly [string, unknown[], number, number, object?][])('%s', async (_, feeds, status, score, more = {}) => {
    await putAcme({ reputation: { feeds, ...more }, ...COUNTED });
    await warmUp();
    const answer = await pay({ ip: BAD });
    expect([answer.status, origin.arrived.length]).toEqual([status, status === 200 ? 1 : 0]);
    if (status === 200) expect((await toldOf(answer)).risk_score).toBe(score);
    expect((await pay({ ip: '203.0.113.9' })).status).toBe(200);
  });

  it('counts for nobody who does not listen, and in shadow for nobody', async () => {
    await putAcme(COUNTED);
    expect((await pay({ ip: BAD })).status).toBe(200);
    const feeds = [doing('block', { weight: 1 })];
    await putAcme({
      reputation: { feeds },
      network: { modes: { reputation: 'shadow', risk_score: 'shadow' } },
      ...COUNTED,
    });
    await warmUp();
    const answer = await pay({ ip: BAD });
    expect(answer.status).toBe(200);
    expect(await toldOf(answer)).toMatchObject({
      decision: 'allow',
      reasons: expect.arrayContaining([
        expect.objectContaining({ code: 'reputation', rule: 'feed:bad-hosts', mode: 'shadow' }),
      ]),
    });
  });

  it('is one in the API too, by address and by network', async () => {
    await putAcme({ reputation: { feeds: ['bad-hosts'] } });
    await warmUp();
    const merchant = await newMerchant({ reputation: { feeds: ['bad-hosts'], step_up_above: 100 } });
    const score = async (ip: string, asn?: number) =>
      (await evaluated(merchant, { ip, asn, card: { number: '4242424242424242' } })).risk_score;
    expect(
      await Promise.all([score(BAD), score('192.0.2.77'), score('203.0.113.9'), score('203.0.113.9', 64500)]),
    ).toEqual([85, 40, 0, 30]);
  });
});

describe('a feed that says nothing', () => {
  it.each([
    ['allow', 200],
    ['block', 403],
  ])('on_silence: %s', async (onSilence, status) => {
    await putAcme({ reputation: { feeds: ['never-was'], on_silence: onSilence }, ...COUNTED });
    const answer = await pay();
    expect(answer.status).toBe(status);
    // What was refused before any counter is on no record.
    if (status !== 200) return;
    expect(await toldOf(answer)).toMatchObject({
      risk: { confidence: 0, silent: [{ source: 'feed:never-was', reason: 'missing' }] },
      reasons: [{ code: 'reputation', rule: 'feed:never-was' }],
    });
  });

  it('because its value in KV is broken, breaks no payment', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await upload('fragile', `${BAD},85`);
    await env.MERCHANTS.put('feed:fragile', 'CTBLnonsense');
    await putAcme({ reputation: { feeds: ['fragile'] }, ...COUNTED });
    await warmUp();
    const answer = await pay({ ip: BAD });
    expect(answer.status).toBe(200);
    expect(await toldOf(answer)).toMatchObject({ risk: { silent: [{ source: 'feed:fragile', reason: 'missing' }] } });
  });

  it('because it was deleted, is missed within half a minute', async () => {
    await putAcme({ reputation: { feeds: ['bad-hosts'] }, ...COUNTED });
    await warmUp();
    expect((await pay({ ip: BAD })).status).toBe(403);
    await remove('bad-hosts');
    await warmUp();
    expect(await toldOf(await pay({ ip: BAD }))).toMatchObject({ risk: { silent: [{ reason: 'missing' }] } });
  });
});

it('an imported list says what networks are for', async () => {
  await upload('classes', 'AS64511,hosting', '?kind=networks');
  await putAcme({ network: { asn: { hosting: 'block' } } });
  await warmUp();
  expect((await pay({ cf: { country: 'NL', asn: 64511 } })).status).toBe(403);
  expect((await pay({ cf: { country: 'NL', asn: 64512 } })).status).toBe(200);
});

it('an imported list says whose a card is', async () => {
  await upload('bins', '424242,US', '?kind=bins');
  await putAcme({ network: { country_mismatch: 'score' }, ...COUNTED });
  await warmUp();
  const here = await toldOf(await pay({ cf: { country: 'US', asn: 1 } }));
  const elsewhere = await toldOf(await pay({ cf: { country: 'NL', asn: 1136 } }));
  expect([here.risk_score, elsewhere.risk_score]).toEqual([0, 20]);
});

it('an imported list lets a payer in from where his card was issued, and from nowhere else', async () => {
  await upload('bins', '424242,US', '?kind=bins');
  await putAcme({ network: { operating_countries: ['NL'], payer_country: true } });
  await warmUp();
  const statusFrom = async (country: string, card: string) => (await pay({ cf: { country, asn: 1 }, card })).status;
  expect(await statusFrom('US', '4242424242424242')).toBe(200);
  expect(await statusFrom('FR', '4242424242424242')).toBe(403);
  expect(await statusFrom('US', '5555555555554444')).toBe(403);
});

it('an imported list may name relays and gateways, against which a feed counts half', async () => {
  await upload('classes', 'AS64511,gateway', '?kind=networks');
  await putAcme({ reputation: { feeds: [doing('block', { weight: 1 })], step_up_above: 100 }, ...COUNTED });
  await warmUp();
  expect((await pay({ ip: BAD, cf: { country: 'NL', asn: 64512 } })).status).toBe(403);
  const answer = await pay({ ip: BAD, cf: { country: 'NL', asn: 64511 } });
  expect((await toldOf(answer)).risk_score).toBe(43);
});

it.each([
  ['a name that none can have', ['Bad Hosts'], '/reputation/feeds/0'],
  ['one twice', ['a', { name: 'a' }], '/reputation/feeds'],
  ['the deployment’s own', ['shared'], '/reputation/feeds/0'],
  ['a weight above 1', [{ name: 'a', weight: 2 }], '/reputation/feeds/0'],
])('%s is a fault of the configuration', async (_, feeds, path) => {
  const answer = await api('PUT', '/merchants/faulty', { body: { id: 'faulty', reputation: { feeds } } });
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.some((fault) => fault.path.startsWith(path))]).toEqual([422, true]);
});
