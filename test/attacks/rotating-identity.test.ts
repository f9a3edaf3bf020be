/**
 * Be somebody new for every try: another customer id, another address of the same subscriber, another spelling.
 */
import { SignJWT } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay, tokenOf } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => vi.unstubAllGlobals());

it('counts a customer id that nobody vouches for as a guest', async () => {
  await putAcme({ card_testing_guard_config: rule('guest_ip', 2) });
  const typed = (id: string, card: string) =>
    pay({ ip: '192.0.2.1', body: JSON.stringify({ card: { number: card }, customer: { id } }) });
  const [a = '', b = '', c = ''] = cards(3);
  expect([(await typed('x', a)).status, (await typed('y', b)).status, (await typed('z', c)).status]).toEqual([
    402, 402, 403,
  ]);
});

it('counts IPv6 by /64: another address of the same subscriber is the same payer', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 2) });
  const from = async (ip: string) => (await pay({ ip })).status;
  expect([
    await from('2001:db8:1:1::1'),
    await from('2001:DB8:1:1:ffff::2'),
    await from('2001:db8:1:1:a:b:c:d'),
  ]).toEqual([402, 402, 403]);
  expect(await from('2001:db8:1:2::1')).toBe(402);
});

it('counts a mapped IPv4 address as that IPv4 address', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  expect((await pay({ ip: '198.18.7.7' })).status).toBe(402);
  expect((await pay({ ip: '::ffff:198.18.7.7' })).status).toBe(403);
  expect((await pay({ ip: '::FFFF:c612:0707' })).status).toBe(403);
});

it.each([
  ['no token', async () => ({})],
  ['nonsense', async () => ({ authorization: 'Bearer x.y.z' })],
  ['another secret', async () => ({ authorization: await signed('not the secret of the shop at all') })],
  ['alg none', async () => ({ authorization: `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"sub":"cus_1"}')}.` })],
  ['an expired token', async () => ({ authorization: await signed(undefined, '-1h') })],
  ['no claim', async () => ({ authorization: await signed(undefined, '1h', {}) })],
  ['a claim that is no id', async () => ({ authorization: await signed(undefined, '1h', { sub: '' }) })],
] as const)('makes a guest of whoever brings %s', async (_, headers) => {
  await putAcme({ card_testing_guard_config: { ...rule('customer_id', 1), ...rule('guest_ip', 1) } });
  const ip = `198.18.${_.length}.${_.charCodeAt(3)}`;
  expect((await pay({ ip, headers: await headers() })).status).toBe(402);
  expect((await pay({ ip, headers: await headers() })).status).toBe(403);
});

it('cannot lock a customer out by typing the id', async () => {
  await putAcme({ card_testing_guard_config: rule('customer_id', 1) });
  const body = JSON.stringify({ card: { number: CARD }, customer: { id: 'victim' } });
  for (let n = 0; n < 3; n++) await pay({ body, ip: '198.18.99.1' });
  origin.answer(answers.succeed);
  expect((await pay({ customer: 'victim' })).status).toBe(200);
});

async function signed(
  secret = 'a shared secret that only the tests know',
  expires = '1h',
  claims: Record<string, string> = { sub: 'cus_1' },
) {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires);
  return `Bearer ${await token.sign(new TextEncoder().encode(secret))}`;
}

it('knows the customer by a good token', async () => {
  await putAcme({ card_testing_guard_config: rule('customer_id', 1) });
  const headers = { authorization: `Bearer ${await tokenOf('cus_good')}` };
  expect([(await pay({ headers })).status, (await pay({ headers })).status]).toEqual([402, 403]);
});
