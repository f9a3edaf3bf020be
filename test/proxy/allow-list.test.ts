/**
 * The allow list in front of a checkout: what an item of each kind sets aside, for whom, and in one call of the gate.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import type { ItemType } from '../../src/lists/item.ts';
import { clearLists, listed, unlist } from '../support/lists.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { CARD, cards, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
  await clearLists('acme');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const route = { ...payRoute, fields: { ...payRoute.fields, email: '/email' } };
const body = JSON.stringify({ card: { number: CARD }, email: 'jan@example.com', amount: 1999 });
const attempt: Try = { ip: '203.0.113.9', body };
const FROM = {
  country: { country: 'KP', asn: 1136, tlsVersion: 'TLSv1.3' },
  tor: { country: 'T1', asn: 1136, tlsVersion: 'TLSv1.3' },
  asn: { country: 'NL', asn: 64_500, tlsVersion: 'TLSv1.3' },
} as const;
const network = { deny_countries: ['KP'], tor: 'block', asn: { deny: [64_500] } };
const ITEM: Readonly<Record<Exclude<ItemType, 'country' | 'asn'>, object>> = {
  ip: { value: '203.0.113.9' },
  cidr: { value: '203.0.113.0/24' },
  card_fingerprint: { card: { number: CARD } },
  card_bin: { value: '424242' },
  email: { value: 'jan@example.com' },
  email_domain: { value: 'example.com' },
  customer_id: { value: 'cus_1' },
};

/** Whether it reaches the shop, and in how many calls of the gate before that. */
async function tried(change: Try): Promise<{ through: boolean; asked: number }> {
  const admit = vi.spyOn(Gate.prototype, 'admit');
  const before = origin.arrived.length;
  await pay({ ...attempt, ...change });
  const asked = admit.mock.calls.length;
  admit.mockRestore();
  return { through: origin.arrived.length > before, asked };
}

describe.each(['country', 'tor', 'asn'] as const)('a block by %s', (what) => {
  const payer: Try = { cf: FROM[what], customer: 'cus_1' };

  it.each(['ip', 'cidr'] as const)(
    'is set aside by an item of type %s, in one call, while it is there',
    async (type) => {
      await putAcme({ routes: [route], network, card_testing_guard_config: rule('card_ip', 50) });
      await pay({ ...attempt, cf: { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' } });
      expect((await tried(payer)).through).toBe(false);
      const { id } = await listed('acme', 'allow', { type, ...ITEM[type] });
      await pay({ ...attempt, cf: { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' } });
      expect(await tried(payer)).toEqual({ through: true, asked: 1 });
      expect((await tried({ ...payer, ip: '198.51.100.1' })).through).toBe(false);
      await unlist('acme', 'allow', id);
      expect((await tried(payer)).through).toBe(false);
    },
  );

  it.each(['card_fingerprint', 'card_bin', 'email', 'email_domain', 'customer_id'] as const)(
    'stands whatever an item of type %s says: it is a word about an address',
    async (type) => {
      await putAcme({ routes: [route], network });
      await listed('acme', 'allow', { type, ...ITEM[type] });
      expect((await tried(payer)).through).toBe(false);
    },
  );

  it('is set aside by an item of its own kind, and by no other kind', async () => {
    await putAcme({ routes: [route], network });
    const own = what === 'asn' ? { type: 'asn', value: '64500' } : { type: 'country', value: FROM[what].country };
    const { id } = await listed('acme', 'allow', own);
    await pay({ ...attempt, cf: { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' } });
    expect((await tried(payer)).through).toBe(true);
    expect((await tried({ ...payer, cf: { country: 'KP', asn: 64_500, tlsVersion: 'TLSv1.3' } })).through).toBe(false);
    await unlist('acme', 'allow', id);
  });
});

describe('a challenge, for want of a session', () => {
  const session = { mode: 'enforce' };

  it.each(['card_fingerprint', 'card_bin', 'email', 'email_domain'] as const)(
    'is not set aside for a guest by an item of type %s, which he may have typed',
    async (type) => {
      await putAcme({ routes: [route], session });
      await listed('acme', 'allow', { type, ...ITEM[type] });
      expect((await tried({})).through).toBe(false);
    },
  );

  it.each(['card_fingerprint', 'card_bin', 'email', 'email_domain', 'customer_id'] as const)(
    'is set aside for a verified customer by an item of type %s',
    async (type) => {
      await putAcme({ routes: [route], session });
      const { id } = await listed('acme', 'allow', { type, ...ITEM[type] });
      expect((await tried({ customer: 'cus_1' })).through).toBe(true);
      await unlist('acme', 'allow', id);
      expect((await tried({ customer: 'cus_1' })).through).toBe(false);
    },
  );
});

it('two items together set aside what neither does alone', async () => {
  await putAcme({ routes: [route], network });
  const both: Try = { cf: { country: 'KP', asn: 64_500, tlsVersion: 'TLSv1.3' } };
  const country = await listed('acme', 'allow', { type: 'country', value: 'KP' });
  expect((await tried(both)).through).toBe(false);
  const asn = await listed('acme', 'allow', { type: 'asn', value: 64_500 });
  expect(await tried(both)).toEqual({ through: true, asked: 1 });
  await unlist('acme', 'allow', country.id);
  await unlist('acme', 'allow', asn.id);
});

it('counters count all the same, and shut', async () => {
  await putAcme({ routes: [route], network, card_testing_guard_config: rule('guest_ip', 3) });
  for (const [type, value] of [
    ['ip', '203.0.113.40'],
    ['country', 'NL'],
    ['card_bin', '424242'],
  ]) {
    await listed('acme', 'allow', { type, value });
  }
  origin.answer(answers.decline);
  const answered: number[] = [];
  for (const card of cards(5)) answered.push((await pay({ ip: '203.0.113.40', card })).status);
  expect(answered).toEqual([402, 402, 402, 403, 403]);
});
