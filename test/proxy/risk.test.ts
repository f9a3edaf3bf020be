/**
 * The risk of a payment, in front of the checkout and in the API alike: what is heard of it, its score, and what that does.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoadedTables } from '../../src/config/feeds/loaded-tables.ts';
import { api, evaluated, newMerchant } from '../api/backend.ts';
import { acme, payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

const HOSTING = { country: 'NL', asn: 16509 };
const HOME = { country: 'NL', asn: 1136 };
/** An attempt that touches no counter is on no record. */
const COUNTED = { card_testing_guard_config: rule('card_ip', 9) };
const hosting = (response: string) => ({ network: { asn: { hosting: response } } });
const contributions = [
  { source: 'hosting', score: 40, message: 'AS16509 (Amazon Web Services) is a hosting network', mode: 'enforce' },
] as const;

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('from a data centre', () => {
  it.each([
    ['ignored', hosting('ignore'), 200],
    ['counted', hosting('score'), 200],
    ['counted above the threshold', { ...hosting('score'), reputation: { step_up_above: 39 } }, 403],
    ['reviewed', hosting('review'), 200],
    ['challenged, which falls back to block', hosting('challenge'), 403],
    ['blocked', hosting('block'), 403],
    ['blocked in shadow', { network: { asn: { hosting: 'block' }, modes: { hosting: 'shadow' } } }, 200],
    ['blocked and off', { network: { asn: { hosting: 'block' }, modes: { hosting: 'off' } } }, 200],
  ])('%s', async (_, change, status) => {
    await putAcme(change);
    expect((await pay({ cf: HOSTING })).status).toBe(status);
    expect(origin.arrived).toHaveLength(status === 200 ? 1 : 0);
    expect((await pay({ cf: HOME })).status).toBe(200);
  });
});

it('is on record as it was decided, and told again', async () => {
  const log = vi.spyOn(console, 'log');
  await putAcme({ ...hosting('score'), ...COUNTED });
  const id = (await pay({ cf: HOSTING })).headers.get('cordon-evaluation');
  const told = await (await api('GET', `/evaluations/${id}`)).json();
  const reasons = [{ code: 'hosting', rule: 'hosting', message: contributions[0].message, mode: 'enforce' }];
  const risk = { confidence: 1, contributions, silent: [] };
  expect(told).toMatchObject({ decision: 'allow', risk_score: 40, risk_level: 'normal', risk, reasons });
  const line = log.mock.calls.map(([it]) => JSON.parse(String(it))).find(({ event }) => event === 'decision');
  expect(line).toMatchObject({ risk_score: 40, confidence: 1, signals: ['hosting:40/enforce'], silent: [] });
});

it('is not assessed where nothing is listened to: the answer and the line are as before', async () => {
  const log = vi.spyOn(console, 'log');
  await putAcme(COUNTED);
  const id = (await pay({ cf: HOSTING })).headers.get('cordon-evaluation');
  const told = await (await api('GET', `/evaluations/${id}`)).json();
  expect(told).toMatchObject({ risk_score: 0, risk_level: 'not_assessed', risk: null });
  const line = log.mock.calls.map(([it]) => JSON.parse(String(it))).find(({ event }) => event === 'decision');
  expect(line).not.toHaveProperty('risk_score');
});

it('looks nothing up where nothing is listened to', async () => {
  const looked = (['prepare', 'consult', 'classOf', 'issuerCountry'] as const).map((what) =>
    vi.spyOn(LoadedTables.prototype, what),
  );
  await putAcme({ network: { modes: { hosting: 'off' }, asn: { hosting: 'block' } } });
  expect((await pay({ cf: HOSTING })).status).toBe(200);
  for (const look of looked) expect(look).not.toHaveBeenCalled();
  await putAcme(hosting('score'));
  expect((await pay({ cf: HOSTING })).status).toBe(200);
  expect(looked[2]).toHaveBeenCalled();
});

it('spares the merchant’s own servers', async () => {
  const allowlist = [{ cidr: '203.0.113.0/24', label: 'core' }];
  const routes = [{ ...payRoute, access: 'server' }];
  await putAcme({ ...acme, routes, network: { allowlist, asn: { hosting: 'block' } } });
  expect((await pay({ cf: HOSTING })).status).toBe(200);
});

it('reads the billing country where the route names it, and lets nothing hang on it', async () => {
  const fields = { ...payRoute.fields, billing_country: '/billing/country' };
  await putAcme({ routes: [{ ...payRoute, fields }], network: { country_mismatch: 'score' }, ...COUNTED });
  const scoreWith = async (country: unknown) => {
    const body = JSON.stringify({ card: { number: '4242424242424242' }, billing: { country } });
    const answer = await pay({ cf: HOME, body });
    expect(answer.status).toBe(200);
    const told = await (await api('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`)).json();
    return (told as { risk_score: number }).risk_score;
  };
  expect(await scoreWith('NL')).toBe(0);
  expect(await scoreWith('de')).toBe(10);
  expect(await scoreWith('Germany')).toBe(0);
  expect(await scoreWith(['DE'])).toBe(0);
});

describe('asked by a backend', () => {
  const attempt = { ip: '203.0.113.9', country: 'NL', asn: 16509 };

  it('is the same', async () => {
    const merchant = await newMerchant(hosting('score'));
    const risk = { confidence: 1, contributions, silent: [] };
    const first = await evaluated(merchant, attempt);
    expect(first).toMatchObject({ decision: 'allow', risk_score: 40, risk_level: 'normal', risk });
    expect(await (await api('GET', `/evaluations/${first.id}`)).json()).toMatchObject({ risk_score: 40, risk });
  });

  it('compares what the backend says of card and payer', async () => {
    const merchant = await newMerchant({ network: { country_mismatch: 'score' } });
    const card = { fingerprint: 'f1', country: 'DE' };
    const { risk_score, reasons } = await evaluated(merchant, { ...attempt, card, billing_country: 'FR' });
    expect(risk_score).toBe(39);
    expect(reasons.map(({ code }) => code)).toEqual(['country_mismatch', 'country_mismatch', 'country_mismatch']);
  });

  it('compares the time zone of the payer’s device', async () => {
    const merchant = await newMerchant({ network: { country_mismatch: 'score' } });
    const scoreOf = async (time_zone: string) => (await evaluated(merchant, { ...attempt, time_zone })).risk_score;
    expect(await scoreOf('Europe/Amsterdam')).toBe(0);
    expect(await scoreOf('America/New_York')).toBe(10);
  });

  it.each([
    [39, 'normal', 40, 39],
    [64, 'normal', 70, 64],
    [65, 'elevated', 70, 65],
    [74, 'elevated', 80, 74],
    [75, 'highest', 80, 75],
  ])('a score of %d is %s', async (size, level, above, score) => {
    const merchant = await newMerchant({
      ...hosting('score'),
      reputation: { step_up_above: above, sizes: { hosting: size } },
    });
    expect(await evaluated(merchant, attempt)).toMatchObject({ risk_score: score, risk_level: level });
  });

  it('above the threshold is a challenge, which says how it falls back', async () => {
    const merchant = await newMerchant({
      ...hosting('score'),
      reputation: { step_up_above: 39 },
      step_up: { fallback: 'review' },
    });
    const { decision, reasons } = await evaluated(merchant, attempt);
    expect(decision).toBe('review');
    expect(reasons.map(({ code }) => code)).toEqual(['hosting', 'risk_score']);
    expect(reasons[1]?.message).toBe('the risk score is 40, above 39; no step-up is configured, fallback: review');
  });

  it('is told and stops nothing for a merchant in shadow, and nothing is asked for one that is off', async () => {
    const shadow = await newMerchant({ ...hosting('block'), mode: 'shadow' });
    const { decision, reasons, risk_score } = await evaluated(shadow, attempt);
    expect({ decision, risk_score }).toEqual({ decision: 'allow', risk_score: 40 });
    expect(reasons).toMatchObject([{ code: 'hosting', mode: 'shadow' }]);
    const off = await newMerchant({ ...hosting('block'), mode: 'off' });
    expect(await evaluated(off, attempt)).toMatchObject({ risk_level: 'not_assessed', reasons: [] });
  });

  it('of a renewal is not assessed: it comes from nowhere', async () => {
    const merchant = await newMerchant(hosting('block'));
    const renewal = { kind: 'renewal', card: { fingerprint: 'f1' } };
    expect(await evaluated(merchant, renewal)).toMatchObject({ decision: 'allow', risk_level: 'not_assessed' });
  });

  it('of a network that is not known leaves a doubt, and no score', async () => {
    const merchant = await newMerchant(hosting('score'));
    const { risk, risk_score, risk_level } = await evaluated(merchant, { ip: '203.0.113.9' });
    expect({ risk_score, risk_level }).toEqual({ risk_score: 0, risk_level: 'normal' });
    expect(risk).toMatchObject({ confidence: 0, silent: [{ source: 'hosting', reason: 'missing' }] });
  });
});
