/**
 * Velocity rules in front of a checkout: what the route reads is counted, and a challenge that only a counter asks for
 * is met by a pass in one call.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PaymentGate } from '../../src/gate/payment-gate.ts';
import { LIGHT, passOf } from '../support/challenges.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

const NUMBERS = cards(200);
let next = 0;
let addresses = 0;
let origin: StandInOrigin;
const STEP_UP = { methods: ['proof_of_work'], proof_of_work: LIGHT };
const route = { ...payRoute, fields: { ...payRoute.fields, email: '/email', device_id: '/device' } };
const withMoney = { ...route, fields: { ...route.fields, amount: '/amount', currency: '/currency' } };
const put = (change: object, more: object = {}) =>
  putAcme({
    routes: [route],
    velocity: [{ name: `r${addresses}`, limit: 2, window_seconds: 3_600, ...change }],
    step_up: STEP_UP,
    ...more,
  });

beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const freshCard = () => NUMBERS[next++] ?? '';
const freshIp = () => `198.18.${++addresses >> 8}.${addresses & 255}`;
const tried = (
  { number = freshCard(), ...said }: { number?: string; email?: string; device?: string },
  other: Try = {},
) => pay({ ip: freshIp(), body: JSON.stringify({ card: { number, cvc: '123' }, amount: 1999, ...said }), ...other });

it('blocks an address after so many distinct cards', async () => {
  await put({ by: ['ip'], count: 'distinct_cards' });
  const ip = freshIp();
  const same = freshCard();
  for (const number of [same, same, same, freshCard()]) expect((await tried({ number }, { ip })).status).toBe(402);
  const refused = await tried({ number: same }, { ip });
  expect(refused.status).toBe(403);
  expect(await codeOf(refused)).toBe('payment_refused');
  expect(origin.arrived).toHaveLength(4);
});

it.each([
  { by: 'email', same: { email: 'Same.Buyer+shop@gmail.com' } },
  { by: 'device', same: { device: 'device-1' } },
])('challenges who comes with the same $by, and lets him through with his pass', async ({ by, same }) => {
  await put({ by: [by], then: 'challenge' });
  for (let i = 0; i < 2; i++) expect((await tried(same)).status).toBe(402);
  const number = freshCard();
  const asked = await tried({ ...same, number });
  expect(asked.status).toBe(403);
  expect(origin.arrived).toHaveLength(2);
  const pass = await passOf(asked);
  const spy = vi.spyOn(PaymentGate.prototype, 'admitText');
  const paid = await tried({ ...same, number }, { headers: { 'cordon-pass': pass } });
  expect(paid.status).toBe(402);
  expect(spy).toHaveBeenCalledTimes(1);
  const again = await tried({ ...same, number }, { headers: { 'cordon-pass': pass } });
  expect(await codeOf(again)).toBe('challenge_required');
  expect(origin.arrived).toHaveLength(3);
});

it('looks at those attempts alone of which its condition holds, and never by a copy of a block', async () => {
  await put({ by: ['ip'], when: 'attempt.currency == "EUR"' }, { routes: [withMoney] });
  const ip = freshIp();
  const paid = (currency: string) =>
    pay({ ip, body: JSON.stringify({ card: { number: freshCard() }, amount: 1999, currency }) });
  for (const currency of ['EUR', 'USD', 'EUR']) expect((await paid(currency)).status).toBe(402);
  for (let i = 0; i < 2; i++) expect(await codeOf(await paid('EUR'))).toBe('payment_refused');
  expect((await paid('USD')).status).toBe(402);
});

it('a pass that nothing asks for stays good', async () => {
  await put({ by: ['email'], then: 'challenge' });
  const email = 'one@example.com';
  for (let i = 0; i < 2; i++) await tried({ email });
  const number = freshCard();
  const pass = await passOf(await tried({ email, number }));
  // The same card and amount, with another address of e-mail: nobody asks for a pass.
  const headers = { 'cordon-pass': pass };
  expect((await tried({ email: 'two@example.com', number }, { headers })).status).toBe(402);
  expect((await tried({ email, number }, { headers })).status).toBe(402);
  expect(await codeOf(await tried({ email, number }, { headers }))).toBe('challenge_required');
});

it('without a method the fallback answers, and what it lets through counts', async () => {
  await put({ name: 'fallback', by: ['email'], then: 'challenge' }, { step_up: { fallback: 'review' } });
  const email = 'three@example.com';
  for (let i = 0; i < 5; i++) expect((await tried({ email })).status).toBe(402);
  const ip = freshIp();
  await put({ name: 'blocks', by: ['ip'], then: 'challenge' }, { step_up: {} });
  for (let i = 0; i < 2; i++) expect((await tried({}, { ip })).status).toBe(402);
  expect(await codeOf(await tried({}, { ip }))).toBe('payment_refused');
});
