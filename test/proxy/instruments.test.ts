/**
 * All kinds of instrument, through the whole Worker: a card that is attached in one request and confirmed in another,
 * a token whose fingerprint the shop's answer tells. Whatever the request calls it, it is one card.
 */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counts, gateOf, rowsIn } from '../gate/asking.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { type Arrived, StandInOrigin } from '../support/origin.ts';
import { attach, confirm, step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards, codeOf } from '../support/shopper.ts';

const PACK = cards(60);
let next = 0;
const freshCard = () => PACK[++next] ?? '';
const freshId = () => `pay_${++next}`;

let origin: StandInOrigin;
/** The id that the shop gives to the next payment it makes. */
let made = '';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  origin.answer(answer);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function answer({ url }: Arrived): Response {
  const [, , id, action] = new URL(url).pathname.split('/');
  return action === 'confirm' && id !== undefined ? told.failed(id) : told.made(made);
}

const shop = (guard: object, change: object = {}) =>
  putAcme({ routes: stepRoutes({ continues: false }), card_testing_guard_config: guard, ...change });

/** A card is attached to a new payment, from an address of its own; the payment's id. */
async function attached(card: string): Promise<string> {
  made = freshId();
  expect((await attach(card, { ip: freshAddress() })).status).toBe(200);
  return made;
}

function takeGateAway(): void {
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
}

const confirmed = async (id: string) => (await confirm(id, { ip: freshAddress() })).status;

describe('a card that is attached now and confirmed later', () => {
  it('is one card, to however many payments it was attached', async () => {
    await shop(rule('guest_user_card', 3));
    const card = freshCard();
    const payments = [await attached(card), await attached(card), await attached(card), await attached(card)];
    const statuses = [];
    for (const id of payments) statuses.push(await confirmed(id));
    expect(statuses).toEqual([402, 402, 402, 403]);
    expect((await step('/payments', { confirm: true, card: { number: card } }, { ip: freshAddress() })).status).toBe(
      403,
    );
  });

  it('is the card that was shut by its number', async () => {
    await shop(rule('guest_user_card', 1));
    const card = freshCard();
    origin.answer(() => told.failed('pay_0'));
    expect((await step('/payments', { confirm: true, card: { number: card } }, { ip: freshAddress() })).status).toBe(
      402,
    );
    origin.answer(answer);
    expect(await confirmed(await attached(card))).toBe(403);
  });

  it('is another card once another is attached', async () => {
    await shop(rule('guest_user_card', 1));
    const id = await attached(freshCard());
    expect(await confirmed(id)).toBe(402);
    made = id;
    await attach(freshCard(), { ip: freshAddress() });
    expect(await confirmed(id)).toBe(402);
  });

  it('counts nothing and holds nothing by being attached', async () => {
    await shop({ ...rule('guest_user_card', 1), ...rule('card_ip', 1), ...rule('guest_ip', 1) });
    const [card, ip] = [freshCard(), freshAddress()];
    const before = await counts(gateOf('acme'));
    for (let n = 0; n < 3; n++) {
      made = freshId();
      expect((await attach(card, { ip })).status).toBe(200);
    }
    expect(await counts(gateOf('acme'))).toEqual(before);
    expect(await rowsIn(gateOf('acme'), 'reservations')).toBe(0);
    expect((await confirm(made, { ip })).status).toBe(402);
  });

  // An eviction waits for the gate's own timers.
  it('is known still when the gate has lost its memory', { timeout: 20_000 }, async () => {
    await shop(rule('guest_user_card', 1));
    const card = freshCard();
    const [first, second] = [await attached(card), await attached(card)];
    await evictDurableObject(gateOf('acme'));
    expect(await confirmed(first)).toBe(402);
    await evictDurableObject(gateOf('acme'));
    expect(await confirmed(second)).toBe(403);
  });

  it.each([
    ['block', 503],
    ['allow', 200],
  ])('is not taken where it cannot be remembered, unless the policy says so: %s', async (policy, status) => {
    await shop(rule('guest_user_card', 1), { on_gate_unavailable: policy });
    takeGateAway();
    made = freshId();
    const answered = await attach(freshCard(), { ip: freshAddress() });
    expect(answered.status).toBe(status);
    if (status === 503) expect(await codeOf(answered)).toBe('outcome_unrecorded');
  });
});

describe('a stored card’s token', () => {
  const fingerprint = () => ({ card: { fingerprint: `fpr_${++next}` } });
  const charge = async (token: string, more: object, http = 402) => {
    origin.answer(() => Response.json({ id: freshId(), status: 'failed', ...more }, { status: http }));
    return (await step('/payments', { confirm: true, token }, { ip: freshAddress() })).status;
  };

  it('is the card whose fingerprint the shop’s answer tells, from then on', async () => {
    await shop(rule('guest_user_card', 2));
    const one = fingerprint();
    expect(await charge('pm_a', one)).toBe(402);
    expect(await charge('pm_b', one)).toBe(402);
    expect(await charge('pm_a', {})).toBe(403);
    expect(await charge('pm_b', {})).toBe(403);
    expect(await charge('pm_c', fingerprint())).toBe(402);
  });

  it('is the card of the number that it was made of', async () => {
    await shop(rule('guest_user_card', 1));
    const [card, token] = [freshCard(), `pm_${++next}`];
    origin.answer(() => Response.json({ id: freshId(), status: 'failed', card: { token } }, { status: 402 }));
    await step('/payments', { confirm: true, card: { number: card } }, { ip: freshAddress() });
    expect(await charge(token, {})).toBe(403);
  });

  it('is limited by card once it is joined, and by address before', async () => {
    await shop({ ...rule('guest_user_card', 4), ...rule('guest_ip', 3) });
    const ip = freshAddress();
    origin.answer(() => told.failed(freshId()));
    const statuses = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await step('/payments', { confirm: true, token: `pm_n${n}` }, { ip })).status);
    }
    expect(statuses).toEqual([402, 402, 402, 403]);
    const one = fingerprint();
    const joined = [];
    for (let n = 0; n < 4; n++) joined.push(await charge(`pm_j${n}`, one));
    expect(joined).toEqual([402, 402, 402, 402]);
    expect(await charge('pm_j0', {})).toBe(403);
  });
});
