/**
 * Name two cards where one is paid with: a shop takes the one or the other, so both are counted, and what its answer
 * says of "the card" joins neither. Nor does an answer that took no card at all.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

const LIMIT = 3;
const route = {
  ...payRoute,
  card: 'optional',
  fields: { card_number: '/card/number', token: ['/token', '/saved'] },
  outcome: { ...payRoute.outcome, card_token: '/card_token' },
};
const confirm = { ...route, name: 'confirm', match: { methods: ['POST'], path: '/api/pay/{id}' }, attached_to: '{id}' };
const update = { ...confirm, name: 'update', match: { methods: ['PUT'], path: '/api/pay/{id}' }, attempt_unless: {} };

let origin: StandInOrigin;
let made = 0;
beforeEach(async () => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
  await putAcme({
    routes: [route, confirm, update],
    card_testing_guard_config: rule('guest_user_card', LIMIT),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const numbers = cards(1_000);
const freshNumber = () => numbers[50 + made++] ?? '';
const freshName = () => `name_${made++}`;
const payWith = async (body: object, path = '/api/pay', method = 'POST') =>
  (await pay({ path, method, ip: `198.19.0.${made++ % 250}`, body: JSON.stringify(body) })).status;

/** How many tries with the card, each beside another decoy, reach the shop; 20 are made. */
async function triesThatPass(bodyOf: () => object): Promise<number> {
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push(await payWith(bodyOf()));
  return statuses.filter((status) => status === 402).length;
}

describe('a decoy beside the card that is meant', () => {
  it('a number beside a token', async () => {
    const token = freshName();
    expect(await triesThatPass(() => ({ token, card: { number: freshNumber() } }))).toBe(LIMIT);
    expect(await payWith({ token })).toBe(403);
  });

  it('a token beside a number', async () => {
    const number = freshNumber();
    expect(await triesThatPass(() => ({ token: freshName(), card: { number } }))).toBe(LIMIT);
    expect(await payWith({ card: { number } })).toBe(403);
  });

  it('a token beside a token', async () => {
    const saved = freshName();
    expect(await triesThatPass(() => ({ token: freshName(), saved }))).toBe(LIMIT);
    expect(await payWith({ token: saved })).toBe(403);
  });
});

it('an answer to a request with two cards tells nothing of either', async () => {
  const [token, number] = [freshName(), freshNumber()];
  origin.answer(() => Response.json({ id: 'pay_x', status: 'succeeded', card_token: token }));
  expect(await payWith({ card: { number }, token })).toBe(200);
  origin.answer(answers.decline);
  for (let i = 0; i < LIMIT; i++) expect(await payWith({ card: { number } })).toBe(402);
  expect(await payWith({ token })).toBe(402);
});

describe('an attached card', () => {
  const attach = (payment: string, number: string) => payWith({ card: { number } }, `/api/pay/${payment}`, 'PUT');
  const confirmed = (payment: string) => payWith({}, `/api/pay/${payment}`);
  const shop = (payment: string, taken: boolean) => () =>
    Response.json({ id: payment, status: 'requires_confirmation' }, { status: taken ? 200 : 400 });

  it('stays the card of a payment when another was not taken', async () => {
    const [payment, card] = [freshName(), freshNumber()];
    let passed = 0;
    for (let i = 0; i < 10; i++) {
      origin.answer(shop(payment, true));
      await attach(payment, card);
      origin.answer(shop(payment, false));
      await attach(payment, freshNumber());
      origin.answer(() => Response.json({ id: payment, status: 'failed' }, { status: 402 }));
      if ((await confirmed(payment)) === 402) passed++;
    }
    expect(passed).toBe(LIMIT);
  });

  it('is another once another was taken', async () => {
    const [payment, card] = [freshName(), freshNumber()];
    origin.answer(shop(payment, true));
    await attach(payment, card);
    origin.answer(answers.decline);
    for (let i = 0; i < LIMIT; i++) await confirmed(payment);
    expect(await confirmed(payment)).toBe(403);
    origin.answer(shop(payment, true));
    await attach(payment, freshNumber());
    origin.answer(answers.decline);
    expect(await confirmed(payment)).toBe(402);
  });
});
