/**
 * Deny and allow lists in front of a checkout: in force, and gone, at the next attempt, in one call of the gate.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ITEM_TYPES, type ItemType } from '../../src/lists/item.ts';
import { listed, unlist } from '../support/lists.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { CARD, codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const route = { ...payRoute, fields: { ...payRoute.fields, email: '/email' } };
const NL = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' };
const body = (card = CARD, email = 'jan@example.com') =>
  JSON.stringify({ card: { number: card }, email, amount: 1999 });
const payer: Try = { ip: '203.0.113.9', customer: 'cus_1', cf: NL, body: body() };
const stranger: Try = {
  ip: '198.51.100.1',
  customer: 'cus_2',
  cf: { ...NL, country: 'DE', asn: 3320 },
  body: body('5555555555554444', 'eve@other.example'),
};
const ITEM: Readonly<Record<ItemType, object>> = {
  ip: { value: '203.0.113.9' },
  cidr: { value: '203.0.113.0/24' },
  asn: { value: 1136 },
  country: { value: 'NL' },
  card_fingerprint: { card: { number: CARD } },
  card_bin: { value: '424242' },
  email: { value: 'Jan+spam@example.com' },
  email_domain: { value: 'example.com' },
  customer_id: { value: 'cus_1' },
};
async function passed(attempt: Try): Promise<boolean> {
  const before = origin.arrived.length;
  const answer = await pay(attempt);
  const isThrough = origin.arrived.length > before;
  expect(answer.status).toBe(isThrough ? 200 : 403);
  if (!isThrough) expect(await codeOf(answer)).toBe('payment_refused');
  return isThrough;
}

describe.each(ITEM_TYPES)('an item of type %s', (type) => {
  it('on the deny list keeps its payer from the shop at the next attempt, nobody else, and nobody once it is gone', async () => {
    await putAcme({ routes: [route], card_testing_guard_config: rule('card_ip', 5) });
    expect(await passed(payer)).toBe(true);
    const { id } = await listed('acme', 'deny', { type, ...ITEM[type] });
    expect([await passed(payer), await passed(stranger)]).toEqual([false, true]);
    await unlist('acme', 'deny', id);
    expect(await passed(payer)).toBe(true);
  });
});
