/**
 * Where a payment comes from, as the edge saw it: countries, networks, Tor, each with a mode of its own.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each([
  ['no rule', {}, { country: 'KP', asn: 666 }, 200],
  ['an operating country', { operating_countries: ['NL'] }, { country: 'NL', asn: 1 }, 200],
  ['no operating country', { operating_countries: ['NL'] }, { country: 'US', asn: 1 }, 403],
  ['a denied country', { deny_countries: ['US'] }, { country: 'US', asn: 1 }, 403],
  ['a country that is not denied', { deny_countries: ['US'] }, { country: 'NL', asn: 1 }, 200],
  ['no country, ignored by default', {}, { asn: 1 }, 200],
  ['XX, ignored by default', {}, { country: 'XX', asn: 1 }, 200],
  ['no country where some operate: a challenge, which falls back to block', { operating_countries: ['NL'] }, {}, 403],
  ['XX where it is ignored', { operating_countries: ['NL'], unknown_country: 'ignore' }, { country: 'XX' }, 200],
  ['XX where it is reviewed', { unknown_country: 'review' }, { country: 'XX' }, 200],
  ['Tor, ignored by default', {}, { country: 'T1' }, 200],
  ['Tor, blocked', { tor: 'block' }, { country: 'T1' }, 403],
  ['Tor, challenged: falls back to block', { tor: 'challenge' }, { country: 'T1' }, 403],
  ['a denied network', { asn: { deny: [64500] } }, { country: 'NL', asn: 64500 }, 403],
  ['another network', { asn: { deny: [64500] } }, { country: 'NL', asn: 64501 }, 200],
  ['an allowed network', { asn: { allow: [64500] } }, { country: 'NL', asn: 64500 }, 200],
  ['a network that is not allowed', { asn: { allow: [64500] } }, { country: 'NL', asn: 64501 }, 403],
  ['an unknown network where some are allowed', { asn: { allow: [64500] } }, { country: 'NL' }, 403],
  ['a denied country in shadow', { deny_countries: ['US'], modes: { country: 'shadow' } }, { country: 'US' }, 200],
  ['a denied country switched off', { deny_countries: ['US'], modes: { country: 'off' } }, { country: 'US' }, 200],
  [
    'one layer in shadow, the other not',
    { deny_countries: ['US'], asn: { deny: [1] }, modes: { country: 'shadow' } },
    { country: 'US', asn: 1 },
    403,
  ],
])('%s', async (_, network, cf, status) => {
  await putAcme({ network });
  expect((await pay({ cf })).status).toBe(status);
  expect(origin.arrived).toHaveLength(status === 200 ? 1 : 0);
});

it('names every layer that spoke, and says how a challenge fell back', async () => {
  const log = vi.spyOn(console, 'log');
  const network = { operating_countries: ['NL'], asn: { deny: [7] }, tor: 'challenge', modes: { asn: 'shadow' } };
  await putAcme({ network, step_up: { fallback: 'review' } });
  expect((await pay({ cf: { country: 'T1', asn: 7 } })).status).toBe(200);
  const line = log.mock.calls.map(([it]) => JSON.parse(String(it))).find(({ event }) => event === 'decision');
  expect([line.decision, line.reasons]).toEqual(['review', ['tor/enforce', 'asn/shadow']]);
});

it('applies to protected routes only', async () => {
  await putAcme({ network: { deny_countries: ['US'] } });
  expect((await pay({ cf: { country: 'US' }, path: '/', method: 'GET', body: null })).status).toBe(200);
});
