/**
 * Lists turned around: testing from an allow-listed address, writing what is listed in another way, pretending to be
 * somebody who is, and falling off a list in between.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, evaluated, newMerchant } from '../api/backend.ts';
import { clearLists, listed, unlist } from '../support/lists.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme({ routes: [{ ...payRoute, fields: { ...payRoute.fields, email: '/email' } }] });
  await clearLists('acme');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const IP = '203.0.113.9';
const paying = (email: string, change: Try = {}): Promise<Response> =>
  pay({ body: JSON.stringify({ card: { number: CARD }, email, amount: 1999 }), ...change });

it('who tests cards from an allow-listed address is counted and shut out as from any other', async () => {
  await putAcme({ card_testing_guard_config: { ...rule('guest_user_card', 2), ...rule('guest_ip', 4) } });
  await listed('acme', 'allow', { type: 'ip', value: IP });
  await listed('acme', 'allow', { type: 'cidr', value: '203.0.113.0/24' });
  origin.answer(answers.decline);
  const [first = '', ...others] = cards(6);
  const tries = [first, first, first, ...others];
  const statuses: number[] = [];
  for (const card of tries) statuses.push((await pay({ ip: IP, card })).status);
  expect(statuses).toEqual([402, 402, 403, 402, 402, 403, 403, 403]);
});

it('nor is he counted less while an attack is on, and everybody else is asked', async () => {
  await putAcme({
    card_testing_guard_config: rule('guest_ip', 2),
    attack_mode: { mode: 'auto' },
    step_up: { methods: ['proof_of_work'] },
  });
  const turn = (attack_mode: string) => api('POST', '/merchants/acme/switches', { body: { attack_mode, reason: 'x' } });
  expect((await turn('on')).status).toBe(200);
  await listed('acme', 'allow', { type: 'ip', value: '203.0.113.44' });
  origin.answer(answers.decline);
  const statuses: number[] = [];
  for (const card of cards(4)) statuses.push((await pay({ ip: '203.0.113.44', card })).status);
  expect(statuses).toEqual([402, 402, 403, 403]);
  expect((await pay({ ip: '203.0.113.45' })).status).toBe(403);
  await turn('auto');
});

it.each(['x-forwarded-for', 'true-client-ip', 'x-real-ip', 'forwarded', 'cordon-client-ip', 'cf-connecting-ipv6'])(
  '%s names an allow-listed address in vain, and hides no denied one',
  async (name) => {
    await putAcme({ network: { deny_countries: ['KP'] } });
    await listed('acme', 'allow', { type: 'ip', value: '198.51.100.1' });
    await listed('acme', 'deny', { type: 'ip', value: IP });
    const cf = { country: 'KP', asn: 1, tlsVersion: 'TLSv1.3' };
    const headers = { [name]: name === 'forwarded' ? 'for=198.51.100.1' : '198.51.100.1' };
    expect((await pay({ ip: '198.51.100.77', cf, headers })).status).toBe(403);
    expect((await pay({ ip: IP, headers })).status).toBe(403);
    expect(origin.arrived).toEqual([]);
  },
);

describe('a denied e-mail address', () => {
  it.each([
    ['tester@gmail.com', 'tester@gmail.com'],
    ['tester@gmail.com', 'TESTER@GMAIL.COM'],
    ['tester@gmail.com', 't.e.s.t.e.r@gmail.com'],
    ['tester@gmail.com', 'tester+1@googlemail.com'],
    ['te.ster+old@googlemail.com', 'tester@gmail.com'],
    ['tester@example.com', 'tester+anything@example.com'],
    ['tester@example.com', ' tester@example.com '],
    ['tester@example.com', 'tester@example.com.'],
    ['tester@example.com', 'ｔｅｓｔｅｒ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['tester@example.com', 'tes\u200bter@exam\u00adple.com'],
    ['tester@bücher.example', 'tester@xn--bcher-kva.example'],
    ['tester@xn--bcher-kva.example', 'Tester@BÜCHER.example'],
    ['josé@example.com', 'jose\u0301@example.com'],
  ])('%s is denied as %j', async (item, written) => {
    await listed('acme', 'deny', { type: 'email', value: item });
    await pay({ ip: '198.51.100.250' });
    expect((await paying(written)).status).toBe(403);
    expect((await paying('somebody@else.example')).status).toBe(200);
  });

  it.each(['mail.example', 'a.b.mail.example', 'MAIL.example.', 'x.mail.example'])(
    'a denied domain denies mailboxes at %s',
    async (domain) => {
      await listed('acme', 'deny', { type: 'email_domain', value: 'mail.example' });
      expect((await paying(`anybody@${domain}`)).status).toBe(403);
      expect((await paying('anybody@notmail.example')).status).toBe(200);
    },
  );
});

it.each(['::ffff:203.0.113.9', '::ffff:cb00:7109'])('a denied IPv4 address is denied as %s', async (mapped) => {
  await listed('acme', 'deny', { type: 'ip', value: IP });
  expect((await pay({ ip: mapped })).status).toBe(403);
  await clearLists('acme');
  await listed('acme', 'deny', { type: 'ip', value: mapped });
  expect((await pay({ ip: IP })).status).toBe(403);
});

it('a customer id in the body is nobody: neither does it help, nor does it lock its owner out', async () => {
  await putAcme({ network: { deny_countries: ['KP'] } });
  await listed('acme', 'deny', { type: 'customer_id', value: 'cus_victim' });
  const body = JSON.stringify({ card: { number: CARD }, customer: { id: 'cus_victim' } });
  expect((await pay({ body })).status).toBe(200);
  expect((await pay({ customer: 'cus_victim' })).status).toBe(403);
});

it('of many attempts while an item comes and goes, none after the answer goes the old way', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 100) });
  // Each from an address of its own: more from one are shed before anybody looks.
  let address = 0;
  const ten = () => Promise.all(cards(10).map((card) => pay({ ip: `198.18.0.${++address}`, card })));
  for (let round = 0; round < 5; round++) {
    const before = ten();
    const { id } = await listed('acme', 'deny', { type: 'cidr', value: '198.18.0.0/16' });
    const after = ten();
    expect((await after).map(({ status }) => status)).toEqual(cards(10).map(() => 403));
    await unlist('acme', 'deny', id);
    expect((await ten()).map(({ status }) => status)).toEqual(cards(10).map(() => 200));
    await before;
  }
});

it('a shopper is told nothing of lists', async () => {
  await listed('acme', 'deny', { type: 'ip', value: IP, reason: 'chargebacks in May' });
  const text = await (await pay({ ip: IP })).text();
  expect(text).not.toMatch(/list|deny|chargebacks|"reason/i);
  const merchant = await newMerchant();
  await listed(merchant, 'deny', { type: 'ip', value: IP, reason: 'chargebacks in May' });
  const { reasons } = await evaluated(merchant, { ip: IP });
  expect(reasons[0]?.message).toContain('chargebacks in May');
});
