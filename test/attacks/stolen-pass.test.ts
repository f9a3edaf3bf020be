/**
 * A pass of a challenge is worth one attempt: that which it was made for. A thousand are tried with another card, amount,
 * currency, country, network, customer and merchant, altered by a bit, and then twice as they should be, at once.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HOSTING, RISKY } from '../support/challenges.ts';
import { acme, manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { passFor } from '../support/passes.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

const OTHER_SHOP = 'https://shop.other.example';
const fields = { ...payRoute.fields, amount: '/amount', currency: '/currency' };
const routes = [{ ...payRoute, fields }];
const limits = {
  card_testing_guard_config: rule('card_ip', 1_000),
  step_up: { ...RISKY.step_up, max_unanswered: 1_000 },
};

let origin: StandInOrigin;

beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme({ ...RISKY, ...limits, routes });
  const other = { ...acme, id: 'other', hosts: ['shop.other.example'], ...RISKY, ...limits, routes };
  expect((await manage('PUT', '/merchants/other', other)).status).toBeLessThan(300);
});
afterEach(() => vi.unstubAllGlobals());

interface Payment extends Try {
  readonly number: string;
  readonly amount?: unknown;
  readonly currency?: string;
  readonly pass?: string;
}

function attempt({ number, amount = 1999, currency = 'EUR', pass, ...change }: Payment): Promise<Response> {
  const body = JSON.stringify({ card: { number }, amount, currency });
  const headers = pass === undefined ? {} : { 'cordon-pass': pass };
  return pay({ cf: HOSTING, body, headers, ...change });
}

const SPELLING = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** With one bit of the character `at` changed. */
function bent(token: string, at: number): string {
  const value = SPELLING.indexOf(token[at] ?? '');
  return `${token.slice(0, at)}${value < 0 ? '_' : SPELLING[value ^ 1]}${token.slice(at + 1)}`;
}

/** Everything that a thief could do with it, none of which may go through. */
function thefts(honest: Payment & { readonly pass: string }, index: number): readonly Payment[] {
  const another = cards(2_000)[1_000 + index] ?? '';
  return [
    { ...honest, number: another },
    { ...honest, amount: 2_000 },
    { ...honest, cf: { ...HOSTING, country: 'DE' } },
    { ...honest, shop: OTHER_SHOP },
    { ...honest, pass: bent(honest.pass, index % honest.pass.length) },
  ];
}

it('a thousand passes: one success each, at the first honest use', { timeout: 240_000 }, async () => {
  const seen: { stolen: number; twice: number; once: number } = { stolen: 0, twice: 0, once: 0 };
  // What loads when a challenge is asked is loaded once: in tests, no request may wait for what another one loads.
  await attempt({ number: cards(3_000)[2_400] ?? '', ip: '10.9.9.9' });
  const all = cards(1_000).map((number, index) => ({ number, index, ip: `10.${index >> 8}.${index & 255}.1` }));
  for (let from = 0; from < all.length; from += 20) {
    await Promise.all(
      all.slice(from, from + 20).map(async ({ number, index, ip }) => {
        const pass = await passFor(await attempt({ number, ip }));
        const honest = { number, ip, pass };
        const stolen = await Promise.all(thefts(honest, index).map(attempt));
        seen.stolen += stolen.filter(({ status }) => status !== 403).length;
        const both = await Promise.all([attempt(honest), attempt(honest)]);
        const successes = both.filter(({ status }) => status === 200).length;
        if (successes === 1) seen.once++;
        if (successes === 2 || (await attempt(honest)).status !== 403) seen.twice++;
      }),
    );
  }
  expect(seen).toEqual({ stolen: 0, twice: 0, once: 1_000 });
  expect(origin.arrived).toHaveLength(1_000);
});

it.each<[string, Partial<Payment>]>([
  ['another currency', { currency: 'USD' }],
  ['an amount that cannot be read', { amount: '19.99' }],
  ['another network', { cf: { ...HOSTING, asn: 14061 } }],
  ['no country', { cf: { asn: HOSTING.asn, tlsVersion: HOSTING.tlsVersion } }],
  ['a customer’s token', { customer: 'cus_1' }],
])('is refused with %s', async (_, change) => {
  const honest = { number: cards(3_000)[2_500] ?? '', ip: '10.9.9.1' };
  const pass = await passFor(await attempt(honest));
  const { customer } = change;
  const changed = await (customer === undefined
    ? attempt({ ...honest, pass, ...change })
    : paidBy(customer, { ...honest, pass }));
  expect([changed.status, await codeOf(changed)]).toEqual([403, 'challenge_required']);
  expect((await attempt({ ...honest, pass })).status).toBe(200);
});

/** The customer's token stands in a header of its own. */
function paidBy(customer: string, { number, ip, pass = '' }: Payment): Promise<Response> {
  const body = JSON.stringify({ card: { number }, amount: 1999, currency: 'EUR' });
  return pay({ cf: HOSTING, ip: ip ?? null, body, customer, headers: { 'cordon-pass': pass } });
}

it('is good from another address of the same network: those of phones change', async () => {
  const number = cards(3_000)[2_600] ?? '';
  const pass = await passFor(await attempt({ number, ip: '10.9.9.2' }));
  expect((await attempt({ number, ip: '10.9.9.3', pass })).status).toBe(200);
});

it('two passes of one challenge buy one attempt', async () => {
  const honest = { number: cards(3_000)[2_700] ?? '', ip: '10.9.9.4' };
  const asked = await attempt(honest);
  const passes = await Promise.all([asked.clone(), asked].map((one) => passFor(one)));
  expect(passes[0]).not.toBe(passes[1]);
  const paid = await Promise.all(passes.map((pass) => attempt({ ...honest, pass })));
  expect(paid.map(({ status }) => status).toSorted()).toEqual([200, 403]);
});

it('is over when its time is', async () => {
  const honest = { number: cards(3_000)[2_800] ?? '', ip: '10.9.9.5' };
  const pass = await passFor(await attempt(honest));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
  const late = await attempt({ ...honest, pass });
  vi.useRealTimers();
  expect([late.status, await codeOf(late)]).toEqual([403, 'challenge_required']);
});
