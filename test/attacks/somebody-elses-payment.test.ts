/**
 * Name somebody else's payment: to settle it, to fail in its name, or to spend its place.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counts, gateOf } from '../gate/asking.ts';
import { manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { confirm, step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards, type Try } from '../support/shopper.ts';

const VICTIM = 'pay_of_the_victim';
const PACK = cards(90);
let next = 0;
const freshCard = () => PACK[++next] ?? '';

let origin: StandInOrigin;
let victim: { readonly ip: string; readonly card: string; readonly evaluation: string | null };
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  await putAcme({
    routes: stepRoutes({ continues: true }),
    card_testing_guard_config: { ...rule('guest_ip', 3), ...rule('card_ip', 2) },
  });
  const [ip, card] = [freshAddress(), freshCard()];
  origin.answer(() => told.waits(VICTIM));
  const answer = await step('/payments', { confirm: true, card: { number: card } }, { ip });
  victim = { ip, card, evaluation: answer.headers.get('cordon-evaluation') };
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const outcomeOfVictim = async () =>
  ((await (await manage('GET', `/evaluations/${victim.evaluation}`)).json()) as { outcome: { status: string } }).outcome
    .status;
const countOf = async (ip: string) =>
  Object.entries(await counts(gateOf('acme'))).find(([key]) => key === JSON.stringify(['guest_ip', ip]))?.[1] ?? 0;

it.each(['failed', 'succeeded', 'invalid'] as const)('from elsewhere it settles nothing: %s', async (status) => {
  const ip = freshAddress();
  origin.answer(() => told[status](VICTIM));
  const bare = await confirm(VICTIM, { ip });
  const withCard = await step(`/payments/${VICTIM}/confirm`, { card: { number: freshCard() } }, { ip });
  for (const answer of [bare, withCard]) expect(answer.headers.get('cordon-evaluation')).not.toBe(victim.evaluation);
  expect(await outcomeOfVictim()).toBe('pending');
  expect(await countOf(victim.ip)).toBe(0);
});

it('a card of one’s own at the victim’s address is an attempt of its own', async () => {
  origin.answer(() => told.failed(VICTIM));
  const answer = await step(`/payments/${VICTIM}/confirm`, { card: { number: freshCard() } }, { ip: victim.ip });
  expect(answer.headers.get('cordon-evaluation')).not.toBe(victim.evaluation);
  expect(await outcomeOfVictim()).toBe('pending');
});

it('a payment of one’s own is no cover for many cards: each failed answer counts', async () => {
  const ip = freshAddress();
  const statuses = [];
  for (let n = 0; n < 4; n++) {
    origin.answer(() => (n === 0 ? told.waits('pay_of_mine') : told.failed('pay_of_mine')));
    statuses.push((await step('/payments/pay_of_mine/confirm', { card: { number: freshCard() } }, { ip })).status);
  }
  // The first still waits and holds its place: two failures are what is left of three.
  expect(statuses).toEqual([200, 402, 402, 429]);
  expect(await countOf(ip)).toBe(2);
});

it('a payment parked and confirmed from address to address burns its card at each', async () => {
  const card = freshCard();
  await putAcme({ routes: stepRoutes({ continues: true }), card_testing_guard_config: rule('guest_user_card', 3) });
  const statuses = [];
  for (let n = 0; n < 3; n++) {
    for (const answer of [told.waits, told.failed]) {
      origin.answer(() => answer(`pay_round_${n}`));
      const path = answer === told.waits ? '/payments' : `/payments/pay_round_${n}/confirm`;
      statuses.push((await step(path, { confirm: true, card: { number: card } }, { ip: freshAddress() })).status);
    }
  }
  expect(statuses).toEqual([200, 402, 200, 402, 200, 402]);
  expect((await step('/payments', { confirm: true, card: { number: card } }, { ip: freshAddress() })).status).toBe(403);
});

it('a payment parked for good weighs, however often it is asked about', async () => {
  const ip = freshAddress();
  origin.answer(() => told.waits('pay_parked'));
  await step('/payments', { confirm: true, card: { number: freshCard() } }, { ip });
  origin.answer(() => told.invalid('pay_parked'));
  for (let n = 0; n < 3; n++) await confirm('pay_parked', { ip });
  vi.setSystemTime(Date.now() + 901_000);
  await confirm('pay_parked', { ip });
  expect(await countOf(ip)).toBe(0.5);
});

describe('where cards alone are counted', () => {
  const parked = async (attempt: Try = {}, more: object = {}) => {
    const [ip, payment] = [freshAddress(), `pay_by_card_${++next}`];
    await putAcme({
      routes: stepRoutes({ continues: true }).map((route) => ({ ...route, customer: payRoute.customer })),
      card_testing_guard_config: { ...rule('guest_user_card', 3), ...rule('customer_id', 3), ...more },
    });
    origin.answer(() => told.waits(payment));
    const body = { confirm: true, card: { number: freshCard() } };
    const answer = await step('/payments', body, { ip, ...attempt });
    return { ip, payment, evaluation: answer.headers.get('cordon-evaluation') };
  };
  const evaluationOf = async (payment: string, attempt: Try) => {
    origin.answer(() => told.failed(payment));
    return (await confirm(payment, attempt)).headers.get('cordon-evaluation');
  };

  it('a stranger who names a payment goes on with nothing, though its card is attached there', async () => {
    const { payment, evaluation } = await parked();
    expect(await evaluationOf(payment, { ip: freshAddress() })).not.toBe(evaluation);
    expect(await evaluationOf(payment, { ip: freshAddress(), customer: 'a-stranger' })).not.toBe(evaluation);
  });

  it('its payer goes on with it from where he paid', async () => {
    const { ip, payment, evaluation } = await parked();
    expect(await evaluationOf(payment, { ip })).toBe(evaluation);
  });

  it('a customer goes on with his own from anywhere, and nobody else does', async () => {
    const { payment, evaluation } = await parked({ customer: 'jane' });
    expect(await evaluationOf(payment, { ip: freshAddress(), customer: 'john' })).not.toBe(evaluation);
    expect(await evaluationOf(payment, { ip: freshAddress(), customer: 'jane' })).toBe(evaluation);
  });

  it('a customer whose id reads like an address is no neighbour of it', async () => {
    const { ip, payment, evaluation } = await parked({}, rule('guest_ip', 3));
    expect(await evaluationOf(payment, { ip: freshAddress(), customer: ip })).not.toBe(evaluation);
  });
});
