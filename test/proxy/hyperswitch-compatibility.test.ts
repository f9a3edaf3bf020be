/**
 * The eleven cases that a guard compatible with Hyperswitch's passes. In proxy mode a customer counts only when the
 * shop's token proves it, so "a logged-in payer" and "customer X" here mean a verified one; everyone else is a guest.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acme, manage, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let subnet = 0;
// Storage is shared within the file: every case gets addresses, cards and customers of its own.
const fresh = () => ({ ip: `203.0.${subnet}.7`, card: cards(200)[subnet] ?? CARD, customer: `cus_${subnet}` });

beforeEach(() => {
  subnet++;
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function guardWith(...rules: Record<string, unknown>[]): Promise<void> {
  await putAcme({ card_testing_guard_config: Object.assign({}, ...rules) });
}

/** 402: it reached the processor and was declined; 403: refused by the guard. */
async function statuses(...tries: Try[]): Promise<number[]> {
  const seen: number[] = [];
  for (const attempt of tries) seen.push((await pay(attempt)).status);
  return seen;
}

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

it('1: refuses the fourth try of one card from one address, whoever the customer is', async () => {
  await guardWith(rule('card_ip', 3));
  const { ip, card } = fresh();
  const tries = [1, 2, 3, 4].map((n) => ({ ip, card, customer: `case_1_${n}` }));
  expect(await statuses(...tries)).toEqual([402, 402, 402, 403]);
});

it('2: refuses the third try of a customer, whatever the card and address (verified customer)', async () => {
  await guardWith(rule('customer_id', 2));
  const { customer } = fresh();
  const tries = cards(3).map((card, n) => ({ customer, card, ip: `192.0.2.${n + 1}` }));
  expect(await statuses(...tries)).toEqual([402, 402, 403]);
});

it('3: refuses the third try of a card by guests', async () => {
  await guardWith(rule('guest_user_card', 2));
  const { card } = fresh();
  expect(await statuses({ card, ip: '192.0.2.11' }, { card, ip: '192.0.2.12' }, { card, ip: '192.0.2.13' })).toEqual([
    402, 402, 403,
  ]);
});

it('4: lets a good payment through after one failure of the customer (verified customer)', async () => {
  await guardWith(rule('customer_id', 2));
  const { customer } = fresh();
  expect(await statuses({ customer })).toEqual([402]);
  origin.answer(answers.succeed);
  expect(await statuses({ customer })).toEqual([200]);
});

it('5: lets everything through when every rule is disabled, whatever the thresholds', async () => {
  const prefixes = ['card_ip', 'guest_user_card', 'customer_id', 'guest_ip'] as const;
  await guardWith(...prefixes.map((prefix) => rule(prefix, 1, 'disabled')));
  const payer = fresh();
  expect(await statuses(payer, payer, payer, payer)).toEqual([402, 402, 402, 402]);
});

it('6: counts on after a success: it resets nothing', async () => {
  await guardWith(rule('card_ip', 2));
  const { ip, card } = fresh();
  expect(await statuses({ ip, card })).toEqual([402]);
  origin.answer(answers.succeed);
  expect(await statuses({ ip, card })).toEqual([200]);
  origin.answer(answers.decline);
  expect(await statuses({ ip, card }, { ip, card })).toEqual([402, 403]);
});

it('7: renews the expiry with every failure: those at 0 and at 0.9 still count at 1.5', async () => {
  await guardWith(rule('card_ip', 2), { card_testing_guard_expiry: 1000 });
  const { ip, card } = fresh();
  expect(await statuses({ ip, card })).toEqual([402]);
  passSeconds(900);
  expect(await statuses({ ip, card })).toEqual([402]);
  passSeconds(600);
  expect(await statuses({ ip, card })).toEqual([403]);
  passSeconds(401);
  expect(await statuses({ ip, card })).toEqual([402]);
});

it('8: does not extend a block by refused attempts', async () => {
  await guardWith(rule('card_ip', 1), { card_testing_guard_expiry: 1000 });
  const { ip, card } = fresh();
  expect(await statuses({ ip, card })).toEqual([402]);
  passSeconds(900);
  expect(await statuses({ ip, card })).toEqual([403]);
  passSeconds(101);
  expect(await statuses({ ip, card })).toEqual([402]);
});

it('9: refuses to guests a card that a logged-in payer burnt, and still allows it to that customer', async () => {
  await guardWith(rule('guest_user_card', 2));
  const { card, customer } = fresh();
  expect(await statuses({ card, customer }, { card, customer })).toEqual([402, 402]);
  expect(await statuses({ card })).toEqual([403]);
  expect(await statuses({ card, customer })).toEqual([402]);
});

it('10: counts the number alone: expiry date and CVC play no part', async () => {
  await guardWith(rule('card_ip', 2));
  const { ip, card } = fresh();
  const body = (cvc: string, expiry: string) => JSON.stringify({ card: { number: card, cvc, expiry } });
  expect(await statuses({ ip, body: body('111', '01/30') }, { ip, body: body('222', '02/31') })).toEqual([402, 402]);
  expect(await statuses({ ip, body: body('333', '03/32') })).toEqual([403]);
});

it('10: counts the same number at another merchant on another counter', async () => {
  await guardWith(rule('card_ip', 1));
  const { ip, card } = fresh();
  expect(await statuses({ ip, card }, { ip, card })).toEqual([402, 403]);
  const other = { ...acme, id: 'other', hosts: ['other.example'], card_testing_guard_config: rule('card_ip', 1) };
  expect((await manage('PUT', '/merchants/other', other)).status).toBe(201);
  expect((await pay({ ip, card, shop: 'https://other.example' })).status).toBe(402);
});

it('11: refuses a guest after that many failures of guests from one address, and allows a customer there', async () => {
  await guardWith(rule('guest_ip', 3));
  const { ip, customer } = fresh();
  const tries = cards(54)
    .slice(50)
    .map((card) => ({ ip, card }));
  expect(await statuses(...tries)).toEqual([402, 402, 402, 403]);
  expect(await statuses({ ip, customer })).toEqual([402]);
});
