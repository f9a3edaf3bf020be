/**
 * Beside the operating countries the payer's own is let in: the one in which the card was issued, and no other.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decided, newMerchant } from '../api/backend.ts';
import { knowIssuers } from '../support/issuers.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { CARD, pay } from '../support/shopper.ts';

const OTHER_CARD = '5555555555554444';
const network = { operating_countries: ['NL'], payer_country: true };
const from = (country: string) => ({ country, asn: 1136 });

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const reasonsOf = async (attempt: Parameters<typeof pay>[0]) => {
  const log = vi.spyOn(console, 'log');
  const { status } = await pay(attempt);
  const line = log.mock.calls.map(([it]) => JSON.parse(String(it))).findLast(({ event }) => event === 'decision');
  return [status, ...line.reasons];
};

describe('in front of the checkout', () => {
  beforeEach(knowIssuers);

  it.each([
    ['an operating country', network, from('NL'), CARD, [200]],
    ['the card’s country', network, from('US'), CARD, [200]],
    ['neither', network, from('FR'), CARD, [403, 'country/enforce']],
    ['the country of another card', network, from('US'), OTHER_CARD, [403, 'country/enforce']],
    ['the country of a card that no table knows', network, from('US'), '378282246310005', [403, 'country/enforce']],
    [
      'the card’s country, without payer_country',
      { operating_countries: ['NL'] },
      from('US'),
      CARD,
      [403, 'country/enforce'],
    ],
    [
      'the card’s country, which is denied',
      { ...network, deny_countries: ['US'] },
      from('US'),
      CARD,
      [403, 'country/enforce'],
    ],
    [
      'the card’s country, denied in a region',
      { ...network, deny_countries: ['continent:NA'] },
      from('US'),
      CARD,
      [403, 'country/enforce'],
    ],
    ['no country that is known', network, {}, CARD, [403, 'country_unknown/enforce']],
    ['Tor', { ...network, tor: 'block' }, from('T1'), CARD, [403, 'tor/enforce']],
    ['neither, in shadow', { ...network, modes: { country: 'shadow' } }, from('FR'), CARD, [200, 'country/shadow']],
    [
      'a denied network of the card’s country',
      { ...network, asn: { deny: [1136] } },
      from('US'),
      CARD,
      [403, 'asn/enforce'],
    ],
  ])('from %s', async (_, rules, cf, card, expected) => {
    await putAcme({ network: rules });
    expect(await reasonsOf({ cf, card })).toEqual(expected);
    expect(origin.arrived).toHaveLength(expected[0] === 200 ? 1 : 0);
  });

  it.each([CARD, '378282246310005'])('a typed billing country opens nothing: %s', async (number) => {
    const fields = { ...payRoute.fields, billing_country: '/billing/country' };
    await putAcme({ routes: [{ ...payRoute, fields }], network });
    const body = JSON.stringify({ card: { number }, billing: { country: 'FR' } });
    expect(await reasonsOf({ cf: from('FR'), body })).toEqual([403, 'country/enforce']);
  });

  it('a number beside the token of another card opens nothing', async () => {
    const fields = { ...payRoute.fields, token: '/token' };
    await putAcme({ routes: [{ ...payRoute, fields }], network });
    const body = JSON.stringify({ card: { number: CARD }, token: 'pm_1' });
    expect(await reasonsOf({ cf: from('US'), body })).toEqual([403, 'country/enforce']);
  });
});

it('looks up eight digits at most, and keeps none of them', async () => {
  const asked = await knowIssuers();
  const log = vi.spyOn(console, 'log');
  await putAcme({ network, card_testing_guard_config: rule('card_ip', 9) });
  expect((await pay({ cf: from('US') })).status).toBe(200);
  expect(asked).toEqual(['42424242']);
  expect(JSON.stringify(log.mock.calls)).not.toContain('42424242');
});

it('looks up nothing where nobody asks', async () => {
  const asked = await knowIssuers();
  await putAcme({ network: { operating_countries: ['NL'] } });
  expect((await pay({ cf: from('NL') })).status).toBe(200);
  expect(asked).toEqual([]);
});

describe('asked by a backend', () => {
  const attempt = { ip: '203.0.113.9', country: 'US' };

  it.each([
    ['the country that the caller names for the card', { card: { fingerprint: 'f1', country: 'US' } }, ['allow']],
    ['the country of the card’s number', { card: { number: CARD } }, ['allow']],
    ['the country of the card’s BIN', { card: { fingerprint: 'f1', bin: '424242' } }, ['allow']],
    ['another country than the caller names', { card: { number: CARD, country: 'DE' } }, ['block', 'country']],
    ['the billing country alone', { billing_country: 'US' }, ['block', 'country']],
    ['a card of which nothing is known', { card: { fingerprint: 'f1' } }, ['block', 'country']],
    ['no card', {}, ['block', 'country']],
  ])('from %s', async (_, said, expected) => {
    await knowIssuers();
    const merchant = await newMerchant({ network });
    expect(await decided(merchant, { ...attempt, ...said })).toEqual(expected);
  });
});
