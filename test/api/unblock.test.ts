/**
 * Unblocking a payer: every hold is lifted and named, and nobody else's.
 */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import {
  api,
  CARD,
  configure,
  decided,
  evaluated,
  failed,
  newMerchant,
  problemOf,
  tell,
  unblocked,
} from './backend.ts';

const EVERY = {
  ...rule('card_ip', 1),
  ...rule('guest_user_card', 1),
  ...rule('customer_id', 1),
  ...rule('guest_ip', 1),
};
const OTHER_CARD = '5555555555554444';
const guest = { ip: '192.0.2.1', card: { number: CARD } };
const customer = { ip: '2001:db8:1:2:3::4', card: { number: OTHER_CARD }, customer_id: 'cus_1' };

const shop = () => newMerchant({ card_testing_guard_config: EVERY });

/** Two payers shut out under every rule that there is. */
async function shutOut(): Promise<string> {
  const merchant = await shop();
  await failed(merchant, guest);
  await failed(merchant, customer);
  return merchant;
}

const rules = (held: readonly { rule: string; state: string }[]) =>
  held.map(({ rule: name, state }) => `${name} ${state}`).toSorted();

describe('by', () => {
  it.each([
    ['card', { card: { number: CARD } }, ['card_ip shut', 'guest_card shut'], ['velocity:guest_ip'], 2],
    [
      'card with spaces',
      { card: { number: '4242 4242 4242 4242' } },
      ['card_ip shut', 'guest_card shut'],
      ['velocity:guest_ip'],
      2,
    ],
    ['ip', { ip: '192.0.2.1' }, ['card_ip shut', 'guest_ip shut'], ['velocity:guest_card'], 2],
    ['mapped ip', { ip: '::ffff:192.0.2.1' }, ['card_ip shut', 'guest_ip shut'], ['velocity:guest_card'], 2],
    [
      'card and ip',
      { card: { number: CARD }, ip: '192.0.2.1' },
      ['card_ip shut', 'guest_card shut', 'guest_ip shut'],
      [],
      2,
    ],
    ['another’s ip of one /64', { ip: '2001:db8:1:2:ffff::9' }, ['card_ip shut'], undefined, 1],
    ['customer', { customer_id: 'cus_1' }, ['customer shut'], undefined, 1],
    [
      'all of a customer',
      { customer_id: 'cus_1', ip: customer.ip, card: customer.card },
      ['card_ip shut', 'customer shut', 'guest_card shut'],
      undefined,
      0,
    ],
    ['e-mail', { email: 'a@example.com' }, [], undefined, 2],
    ['a card that nobody used', { card: { number: '378282246310005' } }, [], undefined, 2],
    ['a customer named like a card', { customer_id: CARD }, [], undefined, 2],
  ])('%s', async (_, payer, lifted, guestAfter, customerHolds) => {
    const merchant = await shutOut();
    const held = await unblocked(merchant, payer);
    expect(rules(held)).toEqual(lifted);
    expect(await unblocked(merchant, payer)).toEqual([]);
    expect((await decided(merchant, guest)).slice(1)).toEqual(
      guestAfter ?? ['velocity:card_ip', 'velocity:guest_card', 'velocity:guest_ip'],
    );
    const { reasons } = await evaluated(merchant, customer);
    expect(reasons).toHaveLength(customerHolds);
  });

  it.each([
    ['its own fingerprint of a number', { number: CARD }],
    ['its own fingerprint of a processor’s', { fingerprint: 'f1' }],
    ['its own fingerprint of a token', { token: 't1' }],
  ])('%s', async (_, card) => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('guest_user_card', 1) });
    await failed(merchant, { ...guest, card });
    const [block] = (
      (await (await api('GET', `/merchants/${merchant}/blocks`)).json()) as { blocks: { card: string }[] }
    ).blocks;
    expect(rules(await unblocked(merchant, { card: { fingerprint: block?.card } }))).toEqual(['guest_card shut']);
    expect(await decided(merchant, { ...guest, card })).toEqual(['allow']);
  });
});

describe('places', () => {
  it.each([
    ['in flight', []],
    ['parked in 3-D Secure', ['pending']],
  ])('%s are lifted and named, and what becomes of them still counts', async (_, words) => {
    const merchant = await shop();
    const { id } = await evaluated(merchant, guest);
    for (const status of words) await tell(id, { status });
    expect((await decided(merchant, guest))[1]).toBe('in_flight:card_ip');
    const held = await unblocked(merchant, { card: guest.card, ip: guest.ip });
    expect(rules(held)).toEqual(['card_ip in_flight', 'guest_card in_flight', 'guest_ip in_flight']);
    const again = await evaluated(merchant, guest);
    expect(again.decision).toBe('allow');
    await tell(again.id, { status: 'succeeded' });
    expect((await tell(id, { status: 'failed' })).status).toBe(200);
    expect((await decided(merchant, guest))[0]).toBe('block');
  });

  it('of the same attempt under what was not named are still held, or named too', async () => {
    const merchant = await shop();
    await evaluated(merchant, guest);
    const held = await unblocked(merchant, { card: guest.card });
    const isIpNamed = rules(held).includes('guest_ip in_flight');
    const next = await decided(merchant, { ...guest, card: { number: OTHER_CARD } });
    expect(next).toEqual(isIpNamed ? ['allow'] : ['block', 'in_flight:guest_ip']);
  });

  it('and failures below the limit are lifted together', async () => {
    const merchant = await newMerchant({ card_testing_guard_config: rule('guest_user_card', 3) });
    await failed(merchant, guest);
    await evaluated(merchant, guest);
    expect(rules(await unblocked(merchant, { card: guest.card }))).toEqual([
      'guest_card counting',
      'guest_card in_flight',
    ]);
  });
});

it('clears the counter of a rule that is switched off for now', async () => {
  const merchant = await newMerchant({ card_testing_guard_config: rule('guest_user_card', 1) });
  await failed(merchant, guest);
  await configure(merchant);
  await unblocked(merchant, { card: guest.card });
  await configure(merchant, { card_testing_guard_config: rule('guest_user_card', 1) });
  expect(await decided(merchant, guest)).toEqual(['allow']);
});

it('finds a payer behind sixty thousand others', { timeout: 20_000 }, async () => {
  const merchant = await shutOut();
  await runInDurableObject(gateOf(merchant), (_, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
       INSERT INTO counters (key, count, expires_at, shut_at) SELECT '["card_ip","fp_' || i || '","192.0.2.7"]', 0.5, ?, NULL FROM n`,
      Date.now() + 3_600_000,
    );
  });
  await unblocked(merchant, { customer_id: 'cus_1', ip: customer.ip, card: customer.card });
  expect(await decided(merchant, customer)).toEqual(['allow']);
});

it.each([
  [{}, ''],
  [{ phone: '1' }, '/phone'],
  [{ ip: 'x' }, '/ip'],
  [{ card: { number: 'x' } }, '/card/number'],
  [{ customer_id: '' }, '/customer_id'],
])('refuses %j and names what is wrong', async (payer, path) => {
  const answer = await api('POST', `/merchants/${await newMerchant()}/unblock`, { body: payer });
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.map((one) => one.path)]).toEqual([422, expect.arrayContaining([path])]);
});

it('answers 404 for a merchant that nobody knows', async () => {
  expect(await problemOf(await api('POST', '/merchants/nobody/unblock', { body: { ip: '192.0.2.1' } }))).toEqual([
    404,
    'not_found',
  ]);
});
